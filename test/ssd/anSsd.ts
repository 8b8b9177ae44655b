import { after } from 'node:test';
import type { Finding } from '../../shared/child/findings.js';
import type { Database } from '../../shared/database/database.js';
import type { Profile } from '../../shared/ssd/profile.js';
import { SsdReader, type CohortLimits, type ReadingOptions } from '../../shared/ssd/ssdReader.js';
import type { PersonRows } from '../../shared/child/sourceRows.js';
import { emptySsd, openTestSchema, type TestEngine, type TestSchema } from '../database/engines.js';
import { isTableName, type SsdRow, type TableName } from '../../infra/syntheticSsd/columns.js';
import type { System } from '../../infra/syntheticSsd/layout.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';

export type Rows = Readonly<Partial<Record<TableName, readonly SsdRow[]>>>;

export interface AnSsd {
  readonly database: Database;
  readonly schema: string;
  load(rows: Rows): Promise<void>;
  /** Makes a column anew, empty, of another type. */
  retype(table: TableName, column: string, type: string): Promise<void>;
  /** A reader that has seen nothing yet. */
  reader(profile: Pick<Profile, 'names'>, limits?: CohortLimits, options?: ReadingOptions): SsdReader;
}

/** One database for each engine and test file: opening one takes longer than most tests. */
const opened = new Map<string, Promise<TestSchema>>();
after(async () => {
  for (const made of opened.values()) await (await made).remove();
});

/** An SSD in the columns of a system without primary keys, with these rows; the one before it is gone. */
export async function anSsd(engine: TestEngine, rows: Rows = {}, system: System = 'systemc'): Promise<AnSsd> {
  const made = opened.get(engine.name) ?? openTestSchema(engine);
  opened.set(engine.name, made);
  const { database, schema } = await made;
  await emptySsd(database, schema, system, { primaryKeys: 'none' });
  const load = async (more: Rows) => {
    for (const [table, its] of Object.entries(more)) {
      if (isTableName(table)) await loadRows(database, schema, table, its, { system });
    }
  };
  await load(rows);
  return {
    database,
    schema,
    load,
    retype: async (table, column, type) => {
      await database.query(`ALTER TABLE ${schema}.${table} DROP COLUMN ${column}`);
      await database.query(`ALTER TABLE ${schema}.${table} ADD ${column} ${type}`);
    },
    reader: ({ names }, limits, options) => new SsdReader(database, schema, names, limits, options),
  };
}

/** Everyone's rows, by person id; read in ranges of one, as memory would have it in the largest of authorities. */
export async function everyone(reader: SsdReader): Promise<ReadonlyMap<string, PersonRows>> {
  await reader.survey();
  const found = new Map<string, PersonRows>();
  for (const range of await reader.ranges(1)) {
    for (const { rows } of (await reader.read(range, 'SELECT 1 AS one')).persons) {
      found.set(rows.person.pers_person_id ?? '', rows);
    }
  }
  return found;
}

/** The rows of nobody: `rule table rowId`. */
export async function ofNobody(reader: SsdReader): Promise<string[]> {
  const findings = await reader.findingsOfUnassignedRows(await reader.survey());
  return findings
    .map((finding: Finding) => `${finding.rule} ${finding.table} ${String(finding.rowId)}`)
    .sort();
}
