import { idIn, lists, nestedLists, type ItemList, type ItemOf, type NestedList } from '../lists.js';
import { idLength, isSendableId, type Child, type Episode } from '../payload.js';
import { outlineIn, type Outline } from './outline.js';

/** Removes an item by its id alone. */
type PurgeOf<List extends ItemList> = Readonly<Record<(typeof lists)[List]['id'], string>> & { purge: true };

/** An episode as it is sent: whole, with a purge entry for each thing DfE may hold under it that is gone. */
type EpisodeSubmission = Omit<Episode, NestedList | 'adoption' | 'care_leavers'> & {
  [List in NestedList]?: (ItemOf<List> | PurgeOf<List>)[] | undefined;
} & {
  adoption?: Episode['adoption'] | { purge: true };
  care_leavers?: Episode['care_leavers'] | { purge: true };
};

/** A child as it is sent: whole, with a purge entry for each thing DfE may hold that is gone. */
export interface ChildSubmission extends Omit<
  Child,
  'child_details' | 'health_and_wellbeing' | 'social_care_episodes'
> {
  child_details: Child['child_details'] | { purge: true };
  health_and_wellbeing?: Child['health_and_wellbeing'] | { purge: true };
  social_care_episodes?: (EpisodeSubmission | PurgeOf<'social_care_episodes'>)[] | undefined;
}

/**
 * What to send so that DfE ends up with exactly `child`, whether it merges or replaces arrays, and with any of
 * `mayHold` taken, in any order: the whole child, and a purge entry for each id and block that one of them names and
 * that is gone. A purge entry also names its id: that it was sent does not mean that it was carried out.
 * @param mayHold the JSON texts of all that DfE may hold about the child: the payload it acknowledged last, and each
 *   submission since that was sent and never answered. One that cannot be read is ignored.
 */
export function submissionOf(child: Child, mayHold: readonly string[]): ChildSubmission {
  const outlines = mayHold.map(outlineIn).filter((outline) => outline !== undefined);
  if (outlines.length === 0) return child;
  const named = outlines.flatMap((outline) => outline.social_care_episodes ?? []);
  return {
    ...child,
    child_details:
      saysNothing(child.child_details) && outlines.some(({ child_details }) => !saysNothing(child_details))
        ? { purge: true }
        : {
            ...child.child_details,
            disabilities:
              child.child_details.disabilities ??
              emptyIf(outlines.some(({ child_details }) => child_details?.disabilities !== undefined)),
          },
    health_and_wellbeing:
      child.health_and_wellbeing ??
      purgeIf(outlines.some(({ health_and_wellbeing }) => health_and_wellbeing !== undefined)),
    social_care_episodes: withPurges(
      'social_care_episodes',
      named,
      child.social_care_episodes?.map((episode) =>
        episodeSubmissionOf(
          episode,
          named.filter((one) => one.social_care_episode_id === episode.social_care_episode_id),
        ),
      ),
      (id) => ({ social_care_episode_id: id, purge: true }),
    ),
  };
}

/** @param named what each text says about this episode */
function episodeSubmissionOf(
  now: Episode,
  named: readonly NonNullable<Outline['social_care_episodes']>[number][],
): EpisodeSubmission {
  const haveFactors = new Set(
    named
      .flatMap((episode) => episode.child_and_family_assessments ?? [])
      .filter((assessment) => Reflect.get(assessment, 'factors') !== undefined)
      .map((assessment) => idIn('child_and_family_assessments', assessment)),
  );
  const items: Pick<Episode, NestedList> = {
    ...now,
    child_and_family_assessments: now.child_and_family_assessments?.map((assessment) => ({
      ...assessment,
      factors: assessment.factors ?? emptyIf(haveFactors.has(assessment.child_and_family_assessment_id)),
    })),
  };
  return {
    ...now,
    care_worker_details:
      now.care_worker_details ??
      emptyIf(named.some(({ care_worker_details }) => care_worker_details !== undefined)),
    ...Object.fromEntries(
      nestedLists.map((list) => [
        list,
        withPurges<object, object>(
          list,
          named.flatMap((episode) => episode[list] ?? []),
          items[list],
          (id) => ({ [lists[list].id]: id, purge: true }),
        ),
      ]),
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

/** Whether a block has no attribute. */
function saysNothing(block: object = {}): boolean {
  return Object.entries(block).every(([key, value]) => key === 'purge' || value === undefined);
}

function purgeIf(gone: boolean): { purge: true } | undefined {
  return gone ? { purge: true } : undefined;
}

/** The items of `now`, and after them one purge entry for each id that is named and not among them. */
function withPurges<Item extends object, Purge>(
  list: ItemList,
  named: readonly object[],
  now: readonly Item[] | undefined,
  purge: (id: string) => Purge,
): (Item | Purge)[] | undefined {
  const idsOf = (items: readonly object[]) => items.flatMap((item) => idIn(list, item) ?? []);
  const present = new Set(idsOf(now ?? []));
  // DfE cannot have taken such an id, and would refuse the whole child for it.
  const gone = new Set(idsOf(named).filter((id) => !present.has(id) && isSendableId(id, idLength.other)));
  const items = [...(now ?? []), ...[...gone].map(purge)];
  return items.length > 0 ? items : undefined;
}
