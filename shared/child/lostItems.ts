import { outlineIn } from './difference.js';
import { itemIds, nestedIds, type ItemList, type NestedList } from './draft.js';
import type { Finding } from './findings.js';
import type { SsdTable } from '../ssd/tables.js';

/** By list, the ids of rows that lead to nobody. */
export type LostItems = ReadonlyMap<ItemList, ReadonlySet<string>>;

const listOf: Readonly<Partial<Record<SsdTable, ItemList>>> = {
  ssd_cin_episodes: 'social_care_episodes',
  ssd_cin_assessments: 'child_and_family_assessments',
  ssd_cin_plans: 'child_in_need_plans',
  ssd_s47_enquiry: 'section_47_assessments',
  ssd_cp_plans: 'child_protection_plans',
  ssd_cla_placement: 'child_looked_after_placements',
};

/**
 * The items whose rows have lost their child: a key of theirs is empty or meets nobody. What DfE holds under such an id
 * is not gone.
 */
export function lostItemsOf(findings: readonly Finding[]): LostItems {
  const lost = new Map<ItemList, Set<string>>();
  for (const { rule, table, rowId } of findings) {
    const list = listOf[table];
    if (rule !== 'no-person' || list === undefined || rowId === null) continue;
    const ids = lost.get(list);
    if (ids === undefined) lost.set(list, new Set([rowId]));
    else ids.add(rowId);
  }
  return lost;
}

/** Whether what DfE holds about a child names an item whose row has lost its child. */
export function holdsLost(held: readonly string[], lost: LostItems): boolean {
  if (lost.size === 0) return false;
  const isLost = (list: ItemList, id: string) => lost.get(list)?.has(id) === true;
  return held
    .flatMap((text) => outlineIn(text)?.social_care_episodes ?? [])
    .some(
      (episode) =>
        isLost('social_care_episodes', episode[itemIds.social_care_episodes]) ||
        nestedLists.some((list) => idsIn(episode, list).some((id) => isLost(list, id))),
    );
}

const nestedLists: readonly NestedList[] = Object.keys(nestedIds).filter((list): list is NestedList =>
  Object.hasOwn(nestedIds, list),
);

function idsIn(episode: object, list: NestedList): string[] {
  const items: unknown = Reflect.get(episode, list);
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown) => {
    const id: unknown =
      typeof item === 'object' && item !== null ? Reflect.get(item, nestedIds[list]) : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}
