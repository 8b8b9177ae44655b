import { personIdOf } from './child.js';
import { tableNames, type SsdEntry, type SsdRow, type TableName } from './columns.js';
import { dateOf } from './day.js';
import { entriesOfIndex, originOf, type SsdRequest } from './generate.js';
import { tableLayout } from './layout.js';
import type { TableChange } from './load.js';
import { childOnNight, indexesOnNight, isTouched, childrenByNight, type Happening } from './nights.js';

/** The difference that one night makes. */
interface NightChanges {
  /** The day after this night, `yyyy-MM-dd`: the `today` of a run on the changed SSD. */
  readonly today: string;
  /** One entry for each table that changes: apply them with `applyChanges`. */
  readonly changes: readonly TableChange[];
  /** What happened to which child, for tests. */
  readonly happenings: readonly { readonly personId: string; readonly happening: Happening }[];
}

/**
 * What changes in the SSD between night `night - 1` and night `night` (the first is 1), for some 1.5 % of the
 * children: referrals, closures, moves, ended plans, deletions, corrections, removals, returns, new children.
 *
 * A child's rows are a function of seed, number and night (`childOnNight`), so a night's change is the difference
 * between two such versions of the children it touches; nights applied in order give the SSD that `generateSsd`
 * makes for the last of them.
 */
export function changesForNight(request: SsdRequest & { readonly night: number }): NightChanges {
  const origin = originOf(request);
  const { night } = request;
  if (night < 1) throw new RangeError('the first night that changes anything is night 1');
  const known = childrenByNight(origin, night - 1);
  const difference = new Difference();
  const happenings: { personId: string; happening: Happening }[] = [];
  for (const index of indexesOnNight(origin, night)) {
    if (index < known && !isTouched(origin, index, night)) continue;
    childOnNight(origin, index, night, (happening, on) => {
      if (on === night) happenings.push({ personId: personIdOf(origin.seed, index), happening });
    });
    const before = index < known ? entriesOfIndex(origin, index, night - 1) : [];
    difference.add(before, entriesOfIndex(origin, index, night));
  }
  return { today: dateOf(origin.today + night), changes: difference.changes(), happenings };
}

/** What has to be done to an SSD so that it says one thing in place of another. */
export class Difference {
  readonly #upserts = new Map<TableName, SsdRow[]>();
  readonly #deletes = new Map<TableName, string[]>();

  add(entriesBefore: Iterable<SsdEntry>, entriesAfter: Iterable<SsdEntry>): void {
    const before = byId(entriesBefore);
    const after = byId(entriesAfter);
    for (const [key, { table, row }] of after) {
      const old = before.get(key);
      if (old !== undefined && JSON.stringify(old.row) === JSON.stringify(row)) continue;
      append(this.#upserts, table, row);
    }
    for (const [key, { table, id }] of before) if (!after.has(key)) append(this.#deletes, table, id);
  }

  /** One entry for each table that changes: apply them with `applyChanges`. */
  changes(): TableChange[] {
    return tableNames
      .map((table) => ({
        table,
        upsert: this.#upserts.get(table) ?? [],
        delete: this.#deletes.get(table) ?? [],
      }))
      .filter((change) => change.upsert.length + change.delete.length > 0);
  }
}

interface Keyed extends SsdEntry {
  readonly id: string;
}

function byId(entries: Iterable<SsdEntry>): Map<string, Keyed> {
  const keyed = new Map<string, Keyed>();
  for (const { table, row } of entries) {
    const id = String(row[tableLayout(table, 'systemc').rowId.name]);
    keyed.set(`${table} ${id}`, { table, row, id });
  }
  return keyed;
}

function append<Item>(lists: Map<TableName, Item[]>, table: TableName, item: Item): void {
  const list = lists.get(table);
  if (list === undefined) lists.set(table, [item]);
  else list.push(item);
}
