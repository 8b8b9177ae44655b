import type { Database } from '../database/database.js';
import { withoutPadding } from '../database/idForm.js';
import { isInventedId } from './inventedIds.js';

/**
 * The mark: the table in the schema of an SSD by which the generator of invented children says what it was made from. Its
 * name is that of the first release, by which later ones find what they may replace.
 */
export const markTable = 'csc_local_stack';

/** Who is invented, by the mark in the database. */
export class InventedPeople {
  /** Of the SSDs that were made here, the last one and those before it: DfE may hold their children. */
  readonly seeds: readonly string[];
  /** The ids that were loaded from files. */
  readonly listed: ReadonlySet<string>;

  constructor(seeds: readonly string[], listed: readonly string[]) {
    this.seeds = [...new Set(seeds)].sort();
    this.listed = new Set([...listed].map(withoutPadding).sort());
  }

  includes(personId: string): boolean {
    const id = withoutPadding(personId);
    return this.listed.has(id) || this.seeds.some((seed) => isInventedId(seed, id));
  }
}

/**
 * Reads the mark. A list of ids proves nothing by itself, because it can be made of any SSD: it counts only while the receiver
 * is on this machine, so that nothing leaves it.
 * @returns `undefined` when there is no mark that counts: none that the login may read, or that of an earlier release
 */
export async function readInventedPeople(
  database: Database,
  schema: string,
  { isReceiverHere }: { readonly isReceiverHere: boolean },
): Promise<InventedPeople | undefined> {
  const columns = await markColumns(database, schema);
  if (!columns.has('seed') || !columns.has('person_id')) return undefined;
  const rows = await database.query(`SELECT seed, person_id FROM ${schema}.${markTable}`);
  const texts = (column: 'seed' | 'person_id') =>
    rows.map((row) => row[column]).filter((text) => typeof text === 'string');
  const people = new InventedPeople(texts('seed'), isReceiverHere ? texts('person_id') : []);
  return people.seeds.length + people.listed.size === 0 ? undefined : people;
}

/** The columns of the mark that the login may read, in lower case. */
export async function markColumns(database: Database, schema: string): Promise<ReadonlySet<string>> {
  const rows = await database.query(
    `SELECT TABLE_NAME AS table_name, COLUMN_NAME AS column_name
FROM INFORMATION_SCHEMA.COLUMNS
WHERE LOWER(TABLE_SCHEMA) = LOWER(@schema) AND LOWER(TABLE_NAME) = '${markTable}'`,
    { schema },
  );
  return new Set(rows.map((row) => String(row['column_name']).toLowerCase()));
}
