import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ItemList } from '../draft.js';
import { idLength, isSendableId, type Child, type Episode } from '../payload.js';

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

/** An episode as it is sent: whole, with a purge entry for each thing DfE may hold under it that is gone. */
export interface EpisodeSubmission
  extends Omit<Episode, keyof NestedLists | 'adoption' | 'care_leavers'>, NestedLists {
  adoption?: Episode['adoption'] | { purge: true };
  care_leavers?: Episode['care_leavers'] | { purge: true };
}

/** A child as it is sent: whole, with a purge entry for each thing DfE may hold that is gone. */
export interface ChildSubmission extends Omit<Child, 'health_and_wellbeing' | 'social_care_episodes'> {
  health_and_wellbeing?: Child['health_and_wellbeing'] | { purge: true };
  social_care_episodes?: OrPurge<EpisodeSubmission, 'social_care_episode_id'>[] | undefined;
}

/**
 * As much of a payload or submission as purge entries need: its ids and blocks. What Data to Insight's scripts have
 * sent is read as well, so anything else in it is passed over.
 */
const outlineSchema = z.object({
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

/** The ids and blocks that a payload or submission names; every `Child` is one of its own. */
export type Outline = z.output<typeof outlineSchema>;
type EpisodeOutline = NonNullable<Outline['social_care_episodes']>[number];

/** The outline of a JSON text, `undefined` when it cannot be read. */
export function outlineIn(text: string): Outline | undefined {
  try {
    // A null, which others may have sent, names nothing.
    const json: unknown = JSON.parse(text, (_, value: unknown) => value ?? undefined);
    return outlineSchema.safeParse(json).data;
  } catch {
    return undefined;
  }
}

const idsOfEpisode: Readonly<Record<ItemList, (episode: EpisodeOutline) => readonly string[] | undefined>> = {
  social_care_episodes: (episode) => [episode.social_care_episode_id],
  child_and_family_assessments: (episode) =>
    episode.child_and_family_assessments?.map((item) => item.child_and_family_assessment_id),
  child_in_need_plans: (episode) => episode.child_in_need_plans?.map((item) => item.child_in_need_plan_id),
  section_47_assessments: (episode) =>
    episode.section_47_assessments?.map((item) => item.section_47_assessment_id),
  child_protection_plans: (episode) =>
    episode.child_protection_plans?.map((item) => item.child_protection_plan_id),
  child_looked_after_placements: (episode) =>
    episode.child_looked_after_placements?.map((item) => item.child_looked_after_placement_id),
};

/** By list, the ids of the items that a payload or a submission names, under whichever episode. */
export function idsIn(payload: Outline): Readonly<Record<ItemList, ReadonlySet<string>>> {
  const episodes = payload.social_care_episodes ?? [];
  const of = (list: ItemList) => new Set(episodes.flatMap((episode) => idsOfEpisode[list](episode) ?? []));
  return {
    social_care_episodes: of('social_care_episodes'),
    child_and_family_assessments: of('child_and_family_assessments'),
    child_in_need_plans: of('child_in_need_plans'),
    section_47_assessments: of('section_47_assessments'),
    child_protection_plans: of('child_protection_plans'),
    child_looked_after_placements: of('child_looked_after_placements'),
  };
}

/**
 * What to send so that DfE ends up with exactly `child`, whether it merges or replaces arrays and whichever of
 * `mayHold` it has taken, in any order: the whole child, and a purge entry for each id and block that one of them names
 * and that is gone. A purge entry names as well: that it was sent does not say that it was carried out.
 * @param mayHold the JSON texts of all that DfE may hold about the child: the payload it acknowledged last, and each
 *   submission since that was sent and never answered. One that cannot be read tells nothing and is passed over.
 */
export function submissionOf(child: Child, mayHold: readonly string[]): ChildSubmission {
  const outlines = mayHold.map(outlineIn).filter((outline) => outline !== undefined);
  if (outlines.length === 0) return child;
  const named = outlines.flatMap((outline) => outline.social_care_episodes ?? []);
  return {
    ...child,
    child_details: {
      ...child.child_details,
      disabilities:
        child.child_details.disabilities ??
        emptyIf(outlines.some(({ child_details }) => child_details?.disabilities !== undefined)),
    },
    health_and_wellbeing:
      child.health_and_wellbeing ??
      purgeIf(outlines.some(({ health_and_wellbeing }) => health_and_wellbeing !== undefined)),
    social_care_episodes: withPurges(
      named,
      child.social_care_episodes?.map((episode) =>
        episodeSubmissionOf(
          episode,
          named.filter((one) => one.social_care_episode_id === episode.social_care_episode_id),
        ),
      ),
      (episode) => episode.social_care_episode_id,
      (id) => ({ social_care_episode_id: id, purge: true }),
    ),
  };
}

/** What a partial submission may leave out; see `partial.ts`. */
const blocks = ['health_and_wellbeing', 'social_care_episodes'] as const;

/**
 * Whether a submission, removals aside, says what `held` says and nothing else; a block that it leaves out counts as
 * said.
 * @param held the JSON text of what DfE is to hold afterwards
 */
export function saysOnly(submission: Readonly<Record<string, unknown>>, held: string): boolean {
  const whole = jsonIn(held);
  if (!isRecord(whole)) return false;
  const leftOut = blocks.filter((block) => !Object.hasOwn(submission, block));
  const asked = Object.entries(whole).filter(([key]) => !leftOut.some((block) => block === key));
  return isDeepStrictEqual(withoutRemovals(submission), withoutRemovals(Object.fromEntries(asked)));
}

/** Without purge entries, and without the lists that are empty or hold nothing else. */
function withoutRemovals(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isRemoval(item)).map(withoutRemovals);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value)
    .filter(([, held]) => !isRemoval(held))
    .map(([key, held]) => [key, withoutRemovals(held)] as const)
    .filter(([, held]) => !Array.isArray(held) || held.length > 0);
  return Object.fromEntries(kept);
}

function isRemoval(value: unknown): boolean {
  return isRecord(value) && value['purge'] === true;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param named what each text says about this episode */
function episodeSubmissionOf(now: Episode, named: readonly EpisodeOutline[]): EpisodeSubmission {
  const assessments = named.flatMap((episode) => episode.child_and_family_assessments ?? []);
  const haveFactors = new Set(
    assessments
      .filter(({ factors }) => factors !== undefined)
      .map((assessment) => assessment.child_and_family_assessment_id),
  );
  return {
    ...now,
    care_worker_details:
      now.care_worker_details ??
      emptyIf(named.some(({ care_worker_details }) => care_worker_details !== undefined)),
    child_and_family_assessments: withPurges(
      assessments,
      now.child_and_family_assessments?.map((assessment) => ({
        ...assessment,
        factors: assessment.factors ?? emptyIf(haveFactors.has(assessment.child_and_family_assessment_id)),
      })),
      (item) => item.child_and_family_assessment_id,
      (id) => ({ child_and_family_assessment_id: id, purge: true }),
    ),
    child_in_need_plans: withPurges(
      named.flatMap((episode) => episode.child_in_need_plans ?? []),
      now.child_in_need_plans,
      (item) => item.child_in_need_plan_id,
      (id) => ({ child_in_need_plan_id: id, purge: true }),
    ),
    section_47_assessments: withPurges(
      named.flatMap((episode) => episode.section_47_assessments ?? []),
      now.section_47_assessments,
      (item) => item.section_47_assessment_id,
      (id) => ({ section_47_assessment_id: id, purge: true }),
    ),
    child_protection_plans: withPurges(
      named.flatMap((episode) => episode.child_protection_plans ?? []),
      now.child_protection_plans,
      (item) => item.child_protection_plan_id,
      (id) => ({ child_protection_plan_id: id, purge: true }),
    ),
    child_looked_after_placements: withPurges(
      named.flatMap((episode) => episode.child_looked_after_placements ?? []),
      now.child_looked_after_placements,
      (item) => item.child_looked_after_placement_id,
      (id) => ({ child_looked_after_placement_id: id, purge: true }),
    ),
    adoption: now.adoption ?? purgeIf(named.some(({ adoption }) => adoption !== undefined)),
    care_leavers: now.care_leavers ?? purgeIf(named.some(({ care_leavers }) => care_leavers !== undefined)),
  };
}

/**
 * What has no purge flag of its own goes by an empty list. One that is named empty counts too: it may be the answer to
 * a list that DfE still holds, and may not have arrived.
 */
function emptyIf(gone: boolean): [] | undefined {
  return gone ? [] : undefined;
}

function purgeIf(gone: boolean): { purge: true } | undefined {
  return gone ? { purge: true } : undefined;
}

/** The items of `now`, and after them one purge entry for each id that is named and not among them. */
function withPurges<Named, Item extends Named, Purge>(
  named: readonly Named[],
  now: readonly Item[] | undefined,
  idOf: (item: Named) => string,
  purge: (id: string) => Purge,
): (Item | Purge)[] | undefined {
  const present = new Set(now?.map(idOf));
  // DfE would refuse the whole child for an id that it cannot have taken.
  const gone = new Set(named.map(idOf).filter((id) => !present.has(id) && isSendableId(id, idLength.other)));
  const items = [...(now ?? []), ...[...gone].map(purge)];
  return items.length > 0 ? items : undefined;
}
