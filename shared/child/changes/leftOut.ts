import { factsOfCategory, isUnder, pathsOf, type Category } from '../categories.js';
import { IdsByList } from '../draft.js';
import { isJsonObject, jsonIn } from '../json.js';
import { idIn, isItemList, type ItemList } from '../lists.js';
import type { Child, Episode } from '../payload.js';

/*
 * What is no longer shared is removed at DfE. What has a purge flag of its own goes by it (`difference.ts`). The rest
 * can go only with the block around it: that is removed in one POST, and is sent again without it in a later one.
 * What DfE makes of this is not published.
 */

/** The blocks of one child that have to be removed at DfE before they can be sent again. */
interface Blocks {
  isOfDetails: boolean;
  readonly items: IdsByList;
}

/**
 * The child as DfE is to hold it after the next POST: without the blocks around what is left out, as long as DfE holds
 * or may hold any of it. The child itself when there is none.
 * @param held the texts of what DfE holds or may hold about the child
 */
export function withoutBlocksToPurge(
  child: Child,
  held: readonly string[],
  leftOut: readonly Category[],
): Child {
  const paths = pathsOf(leftOut).filter((path) => !hasOwnPurge(path));
  if (paths.length === 0 || held.length === 0) return child;
  const blocks: Blocks = { isOfDetails: false, items: new IdsByList() };
  for (const text of held) {
    if (paths.some((path) => text.includes(`"${lastOf(path)}"`))) collect(jsonIn(text), '', paths, blocks);
  }
  if (!blocks.isOfDetails && blocks.items.isEmpty) return child;
  const without = <Item extends object>(list: ItemList, items: readonly Item[] | undefined) => {
    const left = items?.filter((item) => !blocks.items.has(list, idIn(list, item) ?? '')) ?? [];
    return left.length > 0 ? left : undefined;
  };
  return {
    ...child,
    child_details: blocks.isOfDetails ? { purge: false } : child.child_details,
    social_care_episodes: without('social_care_episodes', child.social_care_episodes)?.map(
      (episode): Episode => ({
        ...episode,
        child_and_family_assessments: without(
          'child_and_family_assessments',
          episode.child_and_family_assessments,
        ),
        child_looked_after_placements: without(
          'child_looked_after_placements',
          episode.child_looked_after_placements,
        ),
      }),
    ),
  };
}

/** The categories among these that DfE can only be rid of with the block around them. */
export function withoutOwnPurge(categories: readonly Category[]): Category[] {
  return categories.filter((category) => !factsOfCategory(category).paths.every(hasOwnPurge));
}

/** Lists of items with an id, and the blocks that have a flag. Source: payload_fields.csv. */
function hasOwnPurge(path: string): boolean {
  const last = lastOf(path);
  return isItemList(last) || ['health_and_wellbeing', 'adoption', 'care_leavers'].includes(last);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Adds the blocks around each of `paths` that the value has. @param around takes note of the block that a value is in */
function collect(
  value: unknown,
  path: string,
  paths: readonly string[],
  blocks: Blocks,
  around: () => void = () => undefined,
): void {
  if (value === undefined || value === null) return;
  if (paths.includes(path)) {
    around();
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, held] of Object.entries(value)) {
    const inner = path === '' ? key : `${path}.${key}`;
    if (!paths.some((one) => isUnder([inner], one))) continue;
    if (isItemList(key) && Array.isArray(held)) {
      for (const item of held.filter(isJsonObject)) {
        collect(item, inner, paths, blocks, () => {
          const id = idIn(key, item);
          if (id !== undefined) blocks.items.add(key, id);
        });
      }
      continue;
    }
    const isDetails = inner === 'child_details';
    collect(held, inner, paths, blocks, isDetails ? () => (blocks.isOfDetails = true) : around);
  }
}
