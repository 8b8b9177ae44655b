import { idsIn, outlineIn } from './outline.js';
import { IdsByList } from '../draft.js';
import { itemLists, lists, type ItemList } from '../lists.js';
import type { Finding } from '../findings.js';

/** The tables whose rows become items. */
export const itemTables = itemLists.map((list) => lists[list].table);
const listOf: ReadonlyMap<string, ItemList> = new Map(itemLists.map((list) => [lists[list].table, list]));

/**
 * The items whose rows have lost their child: one of their keys is empty or matches no person. What DfE holds under
 * such an id is not gone.
 * @param unnamed by table, the ids of further such rows, which are too many for findings to name
 */
export function lostItemsOf(
  findings: readonly Finding[],
  unnamed: ReadonlyMap<string, readonly string[]>,
): IdsByList {
  const lost = new IdsByList();
  const named = findings.flatMap(({ rule, table, rowId }) =>
    rule === 'no-person' && rowId !== null ? [[table, [rowId]] as const] : [],
  );
  for (const [table, ids] of [...named, ...unnamed]) {
    const list = listOf.get(table);
    if (list !== undefined) for (const id of ids) lost.add(list, id);
  }
  return lost;
}

/** Whether what DfE holds about a child names an item whose row has lost its child. */
export function holdsLost(held: readonly string[], lost: IdsByList): boolean {
  if (lost.isEmpty) return false;
  return held
    .map(outlineIn)
    .filter((outline) => outline !== undefined)
    .map(idsIn)
    .some((ids) => itemLists.some((list) => [...ids[list]].some((id) => lost.has(list, id))));
}
