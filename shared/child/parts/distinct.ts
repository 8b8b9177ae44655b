import { unknown } from '../draft.js';
import { compareText } from '../ordering.js';
import type { Built } from './building.js';

/**
 * Sorted by id. Of several with one id the one that says most stays, and of these the last in the order of their JSON
 * text, so that the choice does not depend on row order; rows that say the same are one item and no duplicate.
 */
export function distinct<Row, Item>(
  built: readonly Built<Row, Item>[],
  idOf: (item: Item) => string,
  dropped: {
    readonly asDuplicate: (row: Row) => void;
    readonly asTheSame: (row: Row) => void;
  },
): Built<Row, Item>[] {
  const sorted = built
    .map((one) => ({
      one,
      id: idOf(one.item),
      known: knownIn(one.item),
      json: textOf(one.item),
      row: JSON.stringify(one.row),
    }))
    .sort(
      (a, b) =>
        compareText(a.id, b.id) ||
        a.known - b.known ||
        compareText(a.json, b.json) ||
        compareText(a.row, b.row),
    );
  return sorted
    .filter(({ one, id, json }, index) => {
      const next = sorted[index + 1];
      if (next?.id !== id) return true;
      if (next.json === json) dropped.asTheSame(one.row);
      else dropped.asDuplicate(one.row);
      return false;
    })
    .map(({ one }) => one);
}

function textOf(item: unknown): string {
  return JSON.stringify(item, (_, value: unknown) => (value === unknown ? '?' : value));
}

/** How many of its attributes have a value that is known. */
function knownIn(item: unknown): number {
  return typeof item === 'object' && item !== null
    ? Object.values(item).filter((value: unknown) => value !== undefined && value !== unknown).length
    : 0;
}
