import { isUnreadable, readable, type DateCell, type TextCell, presentText } from '../cells.js';
import { byTexts } from '../ordering.js';

/*
 * What cannot be read is neither a value nor none: nothing is asked about it here, as it has a finding of its own.
 */

/** Whether both can be read and one is before the other. */
export function isBefore(one: TextCell, other: TextCell): boolean {
  const [first, second] = [readable(one), readable(other)];
  return first !== null && second !== null && first < second;
}

/** Whether both can be read and are the same. */
export function isSameDay(one: DateCell, other: DateCell): boolean {
  return readable(one) !== null && readable(one) === readable(other);
}

/** Whether the source says that there is none. */
export function isEmpty(cell: TextCell): boolean {
  return cell === null || (!isUnreadable(cell) && presentText(cell) === undefined);
}

/** Whether there is a value that can be read. */
export function isThere(cell: TextCell): boolean {
  return !isUnreadable(cell) && !isEmpty(cell);
}

/** A stretch of time; both cells can be read, and null is an end that has not come. */
export interface Stretch {
  readonly from: TextCell;
  readonly to: TextCell;
}

/** Whether a day is on or after the start of a stretch, and before its end, or on it where the end counts. */
export function fallsInto(day: TextCell, { from, to }: Stretch, isEndIn: boolean): boolean {
  const [at, start] = [readable(day), readable(from)];
  if (at === null || start === null || isUnreadable(to) || at < start) return false;
  return to === null || (isEndIn ? at <= to : at < to);
}

/** The items that begin within another one; of two that begin on one day both do. */
export function beginningWithin<Item>(
  items: readonly Item[],
  stretchOf: (item: Item) => Stretch,
  isEndIn: boolean,
): readonly Item[] {
  if (items.length < 2) return [];
  const stretches = items.map((item) => ({ item, ...stretchOf(item) }));
  return stretches
    .filter((one) => stretches.some((other) => other !== one && fallsInto(one.from, other, isEndIn)))
    .map(({ item }) => item);
}

/** All but the last, by their day and then by their ids; without those whose day cannot be read. */
export function allButLast<Item>(
  items: readonly Item[],
  dayOf: (item: Item) => DateCell,
  ...idsOf: readonly ((item: Item) => string | null)[]
): readonly Item[] {
  if (items.length < 2) return [];
  return items
    .filter((item) => !isUnreadable(dayOf(item)))
    .sort(byTexts((item) => readable(dayOf(item)), ...idsOf))
    .slice(0, -1);
}
