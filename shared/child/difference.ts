import { z } from 'zod';
import { idLength, isSendableId, type Child, type Episode } from './payload.js';

/** An item as it is sent: whole, or by its id alone to be removed. */
type OrPurge<Item, Key extends keyof Item> = Item | (Pick<Item, Key> & { purge: true });
type ItemOf<List extends keyof Episode> =
  NonNullable<Episode[List]> extends readonly (infer Item)[] ? Item : never;

interface NestedLists {
  child_and_family_assessments?:
    OrPurge<ItemOf<'child_and_family_assessments'>, 'child_and_family_assessment_id'>[] | undefined;
  child_in_need_plans?: OrPurge<ItemOf<'child_in_need_plans'>, 'child_in_need_plan_id'>[] | undefined;
  section_47_assessments?:
    OrPurge<ItemOf<'section_47_assessments'>, 'section_47_assessment_id'>[] | undefined;
  child_protection_plans?:
    OrPurge<ItemOf<'child_protection_plans'>, 'child_protection_plan_id'>[] | undefined;
  child_looked_after_placements?:
    OrPurge<ItemOf<'child_looked_after_placements'>, 'child_looked_after_placement_id'>[] | undefined;
}

/** An episode as it is sent: whole, with a purge entry for each thing DfE holds under it that is gone. */
export interface EpisodeSubmission
  extends Omit<Episode, keyof NestedLists | 'adoption' | 'care_leavers'>, NestedLists {
  adoption?: Episode['adoption'] | { purge: true };
  care_leavers?: Episode['care_leavers'] | { purge: true };
}

/** A child as it is sent: whole, with a purge entry for each thing DfE has acknowledged that is gone. */
export interface ChildSubmission extends Omit<Child, 'health_and_wellbeing' | 'social_care_episodes'> {
  health_and_wellbeing?: Child['health_and_wellbeing'] | { purge: true };
  social_care_episodes?: OrPurge<EpisodeSubmission, 'social_care_episode_id'>[] | undefined;
}

/**
 * As much of an acknowledged payload as purge entries need: its ids and blocks. Payloads that Data to Insight's
 * scripts have sent are read as well, so anything else in it is passed over.
 */
const acknowledgedSchema = z.object({
  child_details: z.object({ disabilities: z.array(z.unknown()).optional() }).optional(),
  health_and_wellbeing: z.unknown().optional(),
  social_care_episodes: z
    .array(
      z.object({
        social_care_episode_id: z.string(),
        care_worker_details: z.array(z.unknown()).optional(),
        child_and_family_assessments: z
          .array(
            z.object({
              child_and_family_assessment_id: z.string(),
              factors: z.array(z.unknown()).optional(),
            }),
          )
          .optional(),
        child_in_need_plans: z.array(z.object({ child_in_need_plan_id: z.string() })).optional(),
        section_47_assessments: z.array(z.object({ section_47_assessment_id: z.string() })).optional(),
        child_protection_plans: z.array(z.object({ child_protection_plan_id: z.string() })).optional(),
        child_looked_after_placements: z
          .array(z.object({ child_looked_after_placement_id: z.string() }))
          .optional(),
        adoption: z.unknown().optional(),
        care_leavers: z.unknown().optional(),
      }),
    )
    .optional(),
});

type Acknowledged = z.output<typeof acknowledgedSchema>;
type AcknowledgedEpisode = NonNullable<Acknowledged['social_care_episodes']>[number];

/**
 * What to send so that DfE, whether it merges or replaces arrays, ends up with exactly `child`: the whole child, and a
 * purge entry for each id and block that it has acknowledged and that is gone.
 * @param acknowledged the JSON text of the payload DfE acknowledged last, `undefined` when there is none
 */
export function submissionOf(child: Child, acknowledged: string | undefined): ChildSubmission {
  const before = acknowledgedIn(acknowledged);
  if (before === undefined) return child;
  const episodesNow = child.social_care_episodes ?? [];
  const episodesBefore = new Map(
    before.social_care_episodes?.map((episode) => [episode.social_care_episode_id, episode]),
  );
  const episodes = [
    ...episodesNow.map((episode) =>
      episodeSubmissionOf(episode, episodesBefore.get(episode.social_care_episode_id)),
    ),
    ...purgesOf(
      before.social_care_episodes,
      episodesNow,
      (episode) => episode.social_care_episode_id,
      (id) => ({ social_care_episode_id: id, purge: true as const }),
    ),
  ];
  return {
    ...child,
    child_details: {
      ...child.child_details,
      disabilities: child.child_details.disabilities ?? emptied(before.child_details?.disabilities),
    },
    health_and_wellbeing: child.health_and_wellbeing ?? purgeIf(before.health_and_wellbeing !== undefined),
    social_care_episodes: episodes.length > 0 ? episodes : undefined,
  };
}

/** A text that cannot be read tells nothing of what DfE holds: the child is sent whole, which is all that can be done. */
function acknowledgedIn(text: string | undefined): Acknowledged | undefined {
  if (text === undefined) return undefined;
  try {
    return acknowledgedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function episodeSubmissionOf(now: Episode, before: AcknowledgedEpisode | undefined): EpisodeSubmission {
  if (before === undefined) return now;
  return {
    ...now,
    care_worker_details: now.care_worker_details ?? emptied(before.care_worker_details),
    child_and_family_assessments: withPurges(
      before.child_and_family_assessments,
      now.child_and_family_assessments?.map((assessment) => ({
        ...assessment,
        factors:
          assessment.factors ??
          emptied(
            before.child_and_family_assessments?.find(
              (held) => held.child_and_family_assessment_id === assessment.child_and_family_assessment_id,
            )?.factors,
          ),
      })),
      (item) => item.child_and_family_assessment_id,
      (id) => ({ child_and_family_assessment_id: id, purge: true }),
    ),
    child_in_need_plans: withPurges(
      before.child_in_need_plans,
      now.child_in_need_plans,
      (item) => item.child_in_need_plan_id,
      (id) => ({ child_in_need_plan_id: id, purge: true }),
    ),
    section_47_assessments: withPurges(
      before.section_47_assessments,
      now.section_47_assessments,
      (item) => item.section_47_assessment_id,
      (id) => ({ section_47_assessment_id: id, purge: true }),
    ),
    child_protection_plans: withPurges(
      before.child_protection_plans,
      now.child_protection_plans,
      (item) => item.child_protection_plan_id,
      (id) => ({ child_protection_plan_id: id, purge: true }),
    ),
    child_looked_after_placements: withPurges(
      before.child_looked_after_placements,
      now.child_looked_after_placements,
      (item) => item.child_looked_after_placement_id,
      (id) => ({ child_looked_after_placement_id: id, purge: true }),
    ),
    adoption: now.adoption ?? purgeIf(before.adoption !== undefined),
    care_leavers: now.care_leavers ?? purgeIf(before.care_leavers !== undefined),
  };
}

/** What has no purge flag of its own goes by an empty list. */
function emptied(before: readonly unknown[] | undefined): [] | undefined {
  return before !== undefined && before.length > 0 ? [] : undefined;
}

function purgeIf(gone: boolean): { purge: true } | undefined {
  return gone ? { purge: true } : undefined;
}

function withPurges<Before, Item extends Before, Purge>(
  before: readonly Before[] | undefined,
  now: readonly Item[] | undefined,
  idOf: (item: Before) => string,
  purge: (id: string) => Purge,
): (Item | Purge)[] | undefined {
  const items = [...(now ?? []), ...purgesOf(before, now, idOf, purge)];
  return items.length > 0 ? items : undefined;
}

/** A purge entry for each id of `before` that is not in `now`. */
function purgesOf<Before, Purge>(
  before: readonly Before[] | undefined,
  now: readonly Before[] | undefined,
  idOf: (item: Before) => string,
  purge: (id: string) => Purge,
): Purge[] {
  const present = new Set(now?.map(idOf));
  // DfE would refuse the whole child for an id that it cannot have taken.
  const gone = new Set(
    before?.map(idOf).filter((id) => !present.has(id) && isSendableId(id, idLength.other)),
  );
  return [...gone].map(purge);
}
