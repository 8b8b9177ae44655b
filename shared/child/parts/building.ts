import type { BuildRules } from '../buildRules.js';
import type { DateCell } from '../cells.js';
import type { UnknownItems } from '../draft.js';
import type { NestedList } from '../lists.js';
import { periodOf, type InTime, type PeriodColumns } from '../inTime.js';
import { windowOfPlacements, windowOfPlans, type Window } from '../window.js';
import type { Source, ValueReader } from '../values/valueReader.js';

/** An item, and the row it is made of. */
export interface Built<Row, Item> {
  readonly row: Row;
  readonly item: Item;
}

/** An item in the window; one outside it; or one where we cannot tell that, or what it says. */
export type ItemReading<Item> =
  { readonly is: 'in'; readonly item: Item } | { readonly is: 'out' } | { readonly is: 'unknown' };

/** What the items of one child are built with, apart from their rows. */
export interface Building {
  readonly rules: BuildRules;
  readonly values: ValueReader;
  /** Collects the items where we cannot tell whether they are there, or what they say. */
  readonly unknownItems: UnknownItems;
}

/** @param id null when the row may be any item of the list */
export function notTold(
  list: NestedList,
  id: string | null,
  unknownItems: UnknownItems,
): { readonly is: 'unknown' } {
  if (id === null || id === '') unknownItems.addAny(list);
  else unknownItems.add(list, id);
  return { is: 'unknown' };
}

/** The id and the dates of an item with a start and an end. */
interface Stretch {
  readonly source: Source;
  readonly id: string | null;
  readonly from: DateCell;
  readonly to: DateCell;
}

/**
 * The position in time of an item with a start and an end, and the id it is sent under. A finding names what prevents
 * sending it, and DfE keeps what it has of it.
 */
export function stretchOf(
  list: NestedList,
  { source, id, from, to }: Stretch,
  columns: PeriodColumns & { readonly id: string },
  { rules, values, unknownItems }: Building,
): (InTime & { readonly id: string }) | { readonly is: 'out' } | { readonly is: 'unknown' } {
  const period = periodOf(windowFor(list, rules.window), from, to, source, columns, values);
  if (period.is === 'out') return period;
  if (period.is === 'unknown') return notTold(list, id, unknownItems);
  const sendable = values.itemId(id, source, columns.id);
  return sendable === null ? notTold(list, null, unknownItems) : { ...period, id: sendable };
}

function windowFor(list: NestedList, window: Window): Window {
  switch (list) {
    case 'child_in_need_plans':
    case 'child_protection_plans':
      return windowOfPlans(window);
    case 'child_looked_after_placements':
      return windowOfPlacements(window);
    default:
      return window;
  }
}
