import type { Database, Engine } from '../../shared/database/database.js';
import { londonDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { markTable } from '../../shared/ssd/inventedPeople.js';
import { tableNames, type TableName } from './columns.js';
import { changesForNight } from './evolve.js';
import { generateSsd } from './generate.js';
import { readSsdFolder, type SsdFolder } from './jsonLines.js';
import { tableLayout, type System } from './layout.js';
import { applyChanges, loadSsd } from './load.js';
import { markAs, prepareMark } from './mark.js';
import { createSchema, createTables, dropTables } from './schema.js';

/** Where the SSD comes from: a folder of files, or the generator. */
export type SsdSource =
  | { readonly kind: 'folder'; readonly folder: SsdFolder }
  | { readonly kind: 'synthetic'; readonly children: number; readonly seed: string };

/**
 * The source that options name, and the day of the first night: the folder's own unless one is given, else this day.
 * @throws SsdFolderError
 */
export async function sourceOf(options: {
  readonly ssd?: string | undefined;
  readonly children: number;
  readonly seed: string;
  readonly today?: PlainDate | undefined;
}): Promise<{ readonly source: SsdSource; readonly today: PlainDate }> {
  const { ssd, children, seed, today } = options;
  if (ssd === undefined) {
    return { source: { kind: 'synthetic', children, seed }, today: today ?? londonDate(new Date()) };
  }
  const folder = await readSsdFolder(ssd);
  const written = folder.today === undefined ? londonDate(new Date()) : plainDate(folder.today);
  return { source: { kind: 'folder', folder }, today: today ?? written };
}

/** The schema of an SSD that is made here, unless another one is named. */
export const madeSchema = 'ssd_development';

/**
 * Makes the SSD tables in `schema` and fills them. Tables that were made so earlier are replaced. For a database that
 * was started for it, or where someone asked for exactly this.
 * @throws Error when the schema has tables that were not made so, whatever their names, or the database has an SSD in
 * another schema
 */
export async function fillSsd(
  database: Database,
  schema: string,
  source: SsdSource,
  today: PlainDate,
): Promise<void> {
  // Without the mark, tables are someone else's and are never written to.
  const made = await hasTable(database, schema, markTable);
  if (!made) await refuseTheirs(database, schema);
  await database.query(createSchema(database.engine, schema));
  await prepareMark(database, schema);
  if (made) for (const statement of dropTables(database.engine, schema)) await database.query(statement);
  const system = source.kind === 'folder' ? source.folder.system : 'systemc';
  for (const statement of createTables(database.engine, schema, system, { primaryKeys: 'none' })) {
    await database.query(statement);
  }
  for (const statement of indexes(database.engine, schema, system)) await database.query(statement);
  const entries =
    source.kind === 'folder' ? source.folder.entries() : generateSsd({ ...source, today }).entries();
  await loadSsd(database, schema, entries, { system });
  // Last of all: only an SSD that is whole says what it was made from.
  await markAs(database, schema, source);
}

/** Whether the tables in `schema` were made here. */
export function isMadeHere(database: Database, schema: string): Promise<boolean> {
  return hasTable(database, schema, markTable);
}

/** What happens to a synthetic SSD between two nights. */
export async function changeSsd(
  database: Database,
  schema: string,
  source: SsdSource & { kind: 'synthetic' },
  today: PlainDate,
  night: number,
): Promise<void> {
  const { children, seed } = source;
  const { changes } = changesForNight({ children, seed, today, night });
  await applyChanges(database, schema, changes);
}

async function hasTable(database: Database, schema: string, table: string): Promise<boolean> {
  const rows = await database.query(
    // In capitals, as a case-sensitive SQL Server database needs them.
    'SELECT COUNT(*) AS found FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = @schema AND TABLE_NAME = @table',
    { schema, table },
  );
  return Number(rows[0]?.['found']) > 0;
}

async function refuseTheirs(database: Database, schema: string): Promise<void> {
  const [theirs] = (
    await database.query(
      'SELECT TABLE_NAME AS found FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = @schema ORDER BY TABLE_NAME',
      { schema },
    )
  )
    .map(({ found }) => String(found))
    // The staging table of an authority, or of the local stack.
    .filter((table) => !/^ssd_api_data_staging/i.test(table));
  if (theirs !== undefined) {
    throw new Error(
      `Schema ${schema} has tables that this command did not make (${theirs}). Nothing was made. Name an empty schema in SSD_SCHEMA.`,
    );
  }
  const elsewhere = await schemaWith(database, 'ssd_person');
  if (elsewhere !== undefined) {
    throw new Error(
      `This database has an SSD in schema ${elsewhere} that this command did not make. Nothing was made. Use another database.`,
    );
  }
}

/** A schema with a table of this name that was not made here, if there is one. */
export async function schemaWith(database: Database, table: string): Promise<string | undefined> {
  const rows = await database.query(
    `SELECT MAX(TABLE_SCHEMA) AS found FROM INFORMATION_SCHEMA.TABLES
     WHERE LOWER(TABLE_NAME) = LOWER(@table)
       AND TABLE_SCHEMA NOT IN (SELECT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = @mark)`,
    { table, mark: markTable },
  );
  const found = rows[0]?.['found'];
  return typeof found === 'string' ? found : undefined;
}

/** The columns the extract reads by; a published SSD has indexes on most of them. */
const indexed: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  ssd_person: ['pers_person_id'],
  ssd_address: ['addr_person_id'],
  ssd_disability: ['disa_person_id'],
  ssd_immigration_status: ['immi_person_id'],
  ssd_linked_identifiers: ['link_person_id'],
  ssd_sdq_scores: ['csdq_person_id'],
  ssd_cin_episodes: ['cine_person_id'],
  ssd_cin_assessments: ['cina_person_id'],
  ssd_assessment_factors: ['cinf_assessment_id'],
  ssd_cin_plans: ['cinp_person_id'],
  ssd_s47_enquiry: ['s47e_person_id'],
  ssd_initial_cp_conference: ['icpc_person_id'],
  ssd_cp_plans: ['cppl_person_id'],
  ssd_cla_episodes: ['clae_person_id'],
  ssd_cla_placement: ['clap_person_id', 'clap_cla_id'],
  ssd_permanence: ['perm_person_id', 'perm_cla_id'],
  ssd_care_leavers: ['clea_person_id'],
  ssd_involvements: ['invo_person_id', 'invo_referral_id'],
};

function indexes(engine: Engine, schema: string, system: System): string[] {
  return tableNames.flatMap((table) => {
    const wanted: readonly string[] = indexed[table] ?? [];
    return tableLayout(table, system)
      .columns.filter(({ name, type }) => wanted.includes(name) && type.kind === 'text')
      .map(({ name }) => {
        // On PostgreSQL ids are compared without the blanks behind them.
        const compared = engine === 'postgres' ? `RTRIM(${name})` : name;
        return `CREATE INDEX ix_${name} ON ${schema}.${table} (${compared})`;
      });
  });
}
