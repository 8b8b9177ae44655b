import { isPlainDate, type PlainDate } from '../child/dates.js';
import type { Row } from '../database/database.js';
import { ssdTables, type PersonRows, type SsdRow, type SsdTable } from './tables.js';

/** The rows of one range, by table, each with the `person_id` it belongs to. */
export type RangeRows = Readonly<Record<SsdTable, readonly Row[]>>;

/**
 * The persons of a range with everything that hangs on them. Rows of persons who are not among those read (they do
 * not pass the age gate) are passed over. A person row that stands twice counts once.
 * @param keyOf what two ids have in common that the database takes for one: so it has found the rows
 */
export function personsOf(rows: RangeRows, keyOf: (id: string) => string): PersonRows[] {
  const persons = [...byPerson('ssd_person', rows, (id) => id)];
  const ownerOf = ownerAmong(
    persons.map(([id]) => id),
    keyOf,
  );
  const details = {
    ssd_address: byPerson('ssd_address', rows, ownerOf),
    ssd_disability: byPerson('ssd_disability', rows, ownerOf),
    ssd_immigration_status: byPerson('ssd_immigration_status', rows, ownerOf),
    ssd_linked_identifiers: byPerson('ssd_linked_identifiers', rows, ownerOf),
    ssd_sdq_scores: byPerson('ssd_sdq_scores', rows, ownerOf),
    ssd_cin_episodes: byPerson('ssd_cin_episodes', rows, ownerOf),
    ssd_cin_assessments: byPerson('ssd_cin_assessments', rows, ownerOf),
    ssd_assessment_factors: byPerson('ssd_assessment_factors', rows, ownerOf),
    ssd_cin_plans: byPerson('ssd_cin_plans', rows, ownerOf),
    ssd_s47_enquiry: byPerson('ssd_s47_enquiry', rows, ownerOf),
    ssd_initial_cp_conference: byPerson('ssd_initial_cp_conference', rows, ownerOf),
    ssd_cp_plans: byPerson('ssd_cp_plans', rows, ownerOf),
    ssd_cla_episodes: byPerson('ssd_cla_episodes', rows, ownerOf),
    ssd_cla_placement: byPerson('ssd_cla_placement', rows, ownerOf),
    ssd_permanence: byPerson('ssd_permanence', rows, ownerOf),
    ssd_care_leavers: byPerson('ssd_care_leavers', rows, ownerOf),
    ssd_involvements: byPerson('ssd_involvements', rows, ownerOf),
  };
  return persons.flatMap(([id, found]) => {
    const person = [...found].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)).at(-1);
    if (person === undefined) return [];
    return [
      {
        person,
        ssd_address: details.ssd_address.get(id) ?? [],
        ssd_disability: details.ssd_disability.get(id) ?? [],
        ssd_immigration_status: details.ssd_immigration_status.get(id) ?? [],
        ssd_linked_identifiers: details.ssd_linked_identifiers.get(id) ?? [],
        ssd_sdq_scores: details.ssd_sdq_scores.get(id) ?? [],
        ssd_cin_episodes: details.ssd_cin_episodes.get(id) ?? [],
        ssd_cin_assessments: details.ssd_cin_assessments.get(id) ?? [],
        ssd_assessment_factors: details.ssd_assessment_factors.get(id) ?? [],
        ssd_cin_plans: details.ssd_cin_plans.get(id) ?? [],
        ssd_s47_enquiry: details.ssd_s47_enquiry.get(id) ?? [],
        ssd_initial_cp_conference: details.ssd_initial_cp_conference.get(id) ?? [],
        ssd_cp_plans: details.ssd_cp_plans.get(id) ?? [],
        ssd_cla_episodes: details.ssd_cla_episodes.get(id) ?? [],
        ssd_cla_placement: details.ssd_cla_placement.get(id) ?? [],
        ssd_permanence: details.ssd_permanence.get(id) ?? [],
        ssd_care_leavers: details.ssd_care_leavers.get(id) ?? [],
        ssd_involvements: details.ssd_involvements.get(id) ?? [],
      },
    ];
  });
}

/**
 * Whose a row is that names `id`: the person of just that id; else the only one whose id the database takes for the same.
 * Where there are several, it is nobody's: two children's rows must never become one's.
 */
function ownerAmong(ids: readonly string[], keyOf: (id: string) => string): (id: string) => string {
  const exact = new Set(ids);
  const owners = new Map<string, string | undefined>();
  for (const id of exact) owners.set(keyOf(id), owners.has(keyOf(id)) ? undefined : id);
  return (id) => (exact.has(id) ? id : (owners.get(keyOf(id)) ?? id));
}

function byPerson<Table extends SsdTable>(
  table: Table,
  rows: RangeRows,
  ownerOf: (id: string) => string,
): Map<string, SsdRow<Table>[]> {
  const found = new Map<string, SsdRow<Table>[]>();
  for (const row of rows[table]) {
    const named = textOf(row['person_id']);
    if (named === null) continue;
    const person = ownerOf(named);
    const ofPerson = found.get(person);
    if (ofPerson === undefined) found.set(person, [ssdRowOf(table, row)]);
    else ofPerson.push(ssdRowOf(table, row));
  }
  return found;
}

/** One row as the domain knows it: every column as text or as a plain date, whatever the driver gave. */
export function ssdRowOf<Table extends SsdTable>(table: Table, row: Row): SsdRow<Table> {
  const values: Record<string, string | null> = {};
  for (const [column, kind] of Object.entries(ssdTables[table])) {
    values[column] = kind === 'date' ? dateOf(row[column]) : textOf(row[column]);
  }
  if (!isSsdRow(table, values)) throw new TypeError(`a row of ${table} lacks a column`);
  return values;
}

function isSsdRow<Table extends SsdTable>(
  table: Table,
  values: Readonly<Record<string, string | null>>,
): values is SsdRow<Table> {
  return Object.entries(ssdTables[table]).every(([column, kind]) => {
    const value = values[column];
    return (
      value === null || (kind === 'date' ? value !== undefined && isPlainDate(value) : value !== undefined)
    );
  });
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return JSON.stringify(value);
}

/** The date part of a driver's value: a `Date` at midnight UTC, or ISO text with or without a time. */
export function dateOf(value: unknown): PlainDate | null {
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : textOf(value)?.slice(0, 10);
  return text !== undefined && isPlainDate(text) ? text : null;
}
