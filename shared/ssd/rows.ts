import { absentColumn, isUnreadable, type Cell, type Unreadable } from '../child/cells.js';
import type { Row } from '../database/database.js';
import { dateCell, idOf, textCell } from './cellsOf.js';
import type { TableRecord } from './tables.js';
import { Relater, type Draft, type Relating } from './relate.js';
import { ssdTables, detailTables, type PersonRows, type SsdRow, type SsdTable } from '../child/sourceRows.js';
import { recordOf } from '../child/recordOf.js';

/** The rows of one range, by table, each with the `person_id` it belongs to. */
export type RangeRows = Readonly<Record<SsdTable, readonly Row[]>>;

/** How the rows of an SSD become those of the domain. */
export interface Reading extends Relating {
  /** Whether the SSD has the column. */
  readonly has: (table: SsdTable, column: string) => boolean;
}

/** Everything the SSD says about one person. */
export interface PersonRead {
  readonly rows: PersonRows;
  /** The columns of ssd_person in which two rows with the id of this person say different things. */
  readonly duplicateColumns: readonly string[];
  /** How many rows of ssd_person have the id. */
  readonly personRows: number;
  /** Rows of ssd_person spell the id differently, in capitals say: the database may take two persons for one. */
  readonly isSpelledTwice: boolean;
}

/**
 * The persons of a range with all their rows. Rows without a person are left out; `unassignedRowFindings` names them.
 * Rows of ssd_person with one id are one person.
 */
export function personsOf(rows: RangeRows, reading: Reading): PersonRead[] {
  const { form } = reading;
  const relater = new Relater(reading);
  const people = new Map<string, { readonly id: string; readonly rows: Row[] }>();
  for (const row of rows.ssd_person) {
    const id = idOf(row['pers_person_id']);
    if (id === null) continue;
    const known = people.get(form(id));
    people.set(form(id), {
      id: known === undefined || id < known.id ? id : known.id,
      rows: [...(known?.rows ?? []), row],
    });
  }
  const details = recordOf(detailTables, (table) => {
    const byPerson = new Map<string, Row[]>();
    for (const row of rows[table]) {
      const id = idOf(row['person_id']);
      const key = id === null ? undefined : form(id);
      if (key === undefined || !people.has(key)) continue;
      const its = byPerson.get(key);
      if (its === undefined) byPerson.set(key, [row]);
      else its.push(row);
    }
    return byPerson;
  });
  return [...people].map(([key, { id, rows: own }]) => {
    const drafts = relater.related(
      recordOf(detailTables, (table) => details[table].get(key) ?? []),
      id,
    );
    const { person, duplicateColumns } = personOf(id, own, reading);
    const its = recordOf(detailTables, (table) =>
      drafts[table].map((draft) => valuesOf(table, draft, reading)),
    );
    const everything = { person, ...its };
    if (!isPersonRows(everything)) throw new TypeError('a row of the SSD lacks a column');
    return {
      rows: everything,
      duplicateColumns,
      personRows: own.length,
      isSpelledTwice: new Set(own.map((row) => idOf(row['pers_person_id']))).size > 1,
    };
  });
}

/** One person from all rows with the id. Columns in which they differ are unreadable. */
function personOf(
  id: string,
  rows: readonly Row[],
  reading: Reading,
): { readonly person: SsdRow<'ssd_person'>; readonly duplicateColumns: string[] } {
  const [first = {}, ...others] = rows.map((row) =>
    valuesOf('ssd_person', { row, ids: { pers_person_id: id } }, reading),
  );
  const duplicateColumns = Object.keys(first).filter((column) =>
    others.some((other) => !isSame(first[column], other[column])),
  );
  const contradicted = Object.fromEntries(
    duplicateColumns.map((column) => [
      column,
      contradiction([first, ...others].map((values) => values[column] ?? null)),
    ]),
  );
  const person = { ...first, ...contradicted };
  if (!isSsdRow('ssd_person', person)) throw new TypeError('a row of ssd_person lacks a column');
  return { person, duplicateColumns };
}

function contradiction(cells: readonly Cell<string>[]): Unreadable {
  const found = 'two rows that say different things';
  // In one order, which does not depend on the database.
  const either = cells
    .flatMap((cell) => (isUnreadable(cell) ? [] : [cell]))
    .sort((one, other) => compared(one ?? '', other ?? ''));
  return { unreadable: 'contradictory', found, ...(either.length === cells.length ? { either } : {}) };
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

type Value = Cell<string> | undefined;

function isSame(one: Value, other: Value): boolean {
  if (one === null || other === null || one === undefined || other === undefined) return one === other;
  if (isUnreadable(one) || isUnreadable(other)) {
    return (
      isUnreadable(one) &&
      isUnreadable(other) &&
      one.found === other.found &&
      one.unreadable === other.unreadable
    );
  }
  return one === other;
}

/** One row in the form that `child/` reads, from any driver. */
function valuesOf(table: SsdTable, { row, ids }: Draft, reading: Reading): Record<string, Cell<string>> {
  const values: Record<string, Cell<string>> = {};
  for (const [column, kind] of Object.entries(ssdTables[table])) {
    values[column] = valueOf(table, column, kind);
  }
  return values;

  function valueOf(its: SsdTable, column: string, kind: 'id' | 'text' | 'date'): Cell<string> {
    if (column === 'prof_social_worker_registration_no') {
      return (reading.professionals.of(ids) ?? { registration: reading.professionals.ofUnknown })
        .registration;
    }
    if (kind === 'id') return ids[column] ?? null;
    if (!reading.has(its, column)) return absentColumn;
    return kind === 'date' ? dateCell(row[column], reading.placeholders) : textCell(row[column]);
  }
}

/** `valuesOf` reads every column by its kind; this check shows that to the compiler. */
function isSsdRow<Table extends SsdTable>(
  table: Table,
  values: Readonly<Record<string, Cell<string>>>,
): values is SsdRow<Table> {
  return Object.entries(ssdTables[table]).every(([column, kind]) => {
    const value = values[column];
    return value !== undefined && (kind !== 'id' || !isUnreadable(value));
  });
}

function isPersonRows(
  rows: { readonly person: SsdRow<'ssd_person'> } & TableRecord<
    readonly Readonly<Record<string, Cell<string>>>[]
  >,
): rows is PersonRows {
  return detailTables.every((table) => rows[table].every((row) => isSsdRow(table, row)));
}
