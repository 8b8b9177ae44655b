import type { Episode } from './payload.js';
import type { SsdRow, SsdTable } from './sourceRows.js';

/**
 * Every list of a payload whose items have an id of their own, in the order of the payload: the attribute of the id, the
 * table whose rows become the items, and the name under which changes of ids are counted (`idChurn.ts`).
 */
export const lists = {
  social_care_episodes: {
    id: 'social_care_episode_id',
    table: 'ssd_cin_episodes',
    kind: 'episodes',
  },
  child_and_family_assessments: {
    id: 'child_and_family_assessment_id',
    table: 'ssd_cin_assessments',
    kind: 'assessments',
  },
  child_in_need_plans: {
    id: 'child_in_need_plan_id',
    table: 'ssd_cin_plans',
    kind: 'childInNeedPlans',
  },
  section_47_assessments: {
    id: 'section_47_assessment_id',
    table: 'ssd_s47_enquiry',
    kind: 'section47',
  },
  child_protection_plans: {
    id: 'child_protection_plan_id',
    table: 'ssd_cp_plans',
    kind: 'childProtectionPlans',
  },
  child_looked_after_placements: {
    id: 'child_looked_after_placement_id',
    table: 'ssd_cla_placement',
    kind: 'placements',
  },
} as const satisfies Readonly<
  Record<string, { readonly id: string; readonly table: SsdTable; readonly kind: string }>
>;

export type ItemList = keyof typeof lists;
export const itemLists: readonly ItemList[] = Object.keys(lists).filter(isItemList);

export function isItemList(key: string): key is ItemList {
  return Object.hasOwn(lists, key);
}

/** The lists under an episode. */
export type NestedList = Exclude<ItemList, 'social_care_episodes'>;
export const nestedLists: readonly NestedList[] = itemLists.filter((list) => list !== 'social_care_episodes');

export type ItemOf<List extends NestedList> =
  NonNullable<Episode[List]> extends readonly (infer Item)[] ? Item : never;

/** A row that becomes an item of a list. */
export type RowOf<List extends ItemList> = SsdRow<(typeof lists)[List]['table']>;

/** The id of an item of a list; `undefined` where it has no text for one. */
export function idIn(list: ItemList, item: object): string | undefined {
  const id: unknown = Reflect.get(item, lists[list].id);
  return typeof id === 'string' ? id : undefined;
}
