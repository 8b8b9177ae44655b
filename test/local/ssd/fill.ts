import type { Database } from '../../../shared/database/database.js';
import type { PlainDate } from '../../../shared/child/dates.js';
import { changesForNight } from './evolve.js';
import { generateSsd } from './generate.js';
import type { SsdFolder } from './jsonLines.js';
import { applyChanges, loadSsd } from './load.js';
import { createTables, dropTables } from './schema.js';

/** Where the SSD comes from: a folder of files, or the generator. */
export type SsdSource =
  | { readonly kind: 'folder'; readonly folder: SsdFolder }
  | { readonly kind: 'synthetic'; readonly children: number; readonly seed: string };

/** A table that only this command makes: without it, an SSD is somebody's own and is never written to. */
const marker = 'csc_local_stack';

/** What `fillSsd` did. */
export type Filled = 'filled' | 'read as it is';

/**
 * Makes the SSD tables in `schema` and fills them. Tables that this command made earlier are replaced; an SSD that
 * was there before is left as it is.
 * @throws Error when files were given for a database that has an SSD of its own
 */
export async function fillSsd(
  database: Database,
  schema: string,
  source: SsdSource,
  today: PlainDate,
): Promise<Filled> {
  const made = await hasTable(database, schema, marker);
  if (!made && (await hasTable(database, schema, 'ssd_person'))) {
    if (source.kind === 'synthetic') return 'read as it is';
    throw new Error(
      `Schema ${schema} has an SSD that this command did not make, so it is not replaced by files. Leave --ssd out to read it as it is, or name another schema in SSD_SCHEMA.`,
    );
  }
  const elsewhere = made ? undefined : await schemaOfTheirs(database);
  if (elsewhere !== undefined) {
    throw new Error(
      `The SSD of this database is in schema ${elsewhere}, and another is not made beside it. Set SSD_SCHEMA=${elsewhere} to read it as it is.`,
    );
  }
  if (made) for (const statement of dropTables(database.engine, schema)) await database.query(statement);
  const system = source.kind === 'folder' ? source.folder.system : 'systemc';
  for (const statement of createTables(database.engine, schema, system, { primaryKeys: 'none' })) {
    await database.query(statement);
  }
  if (!made) await database.query(`CREATE TABLE ${schema}.${marker} (made_by varchar(50))`);
  for (const statement of indexes(schema)) await database.query(statement);
  const entries =
    source.kind === 'folder' ? source.folder.entries() : generateSsd({ ...source, today }).entries();
  await loadSsd(database, schema, entries, { system });
  return 'filled';
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
    // In capitals, as a SQL Server database that tells them from small letters wants them.
    'SELECT COUNT(*) AS found FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = @schema AND TABLE_NAME = @table',
    { schema, table },
  );
  return Number(rows[0]?.['found']) > 0;
}

/** A schema with an SSD that this command did not make, if there is one. */
async function schemaOfTheirs(database: Database): Promise<string | undefined> {
  const rows = await database.query(
    `SELECT MAX(TABLE_SCHEMA) AS found FROM INFORMATION_SCHEMA.TABLES
     WHERE TABLE_NAME = 'ssd_person'
       AND TABLE_SCHEMA NOT IN (SELECT TABLE_SCHEMA FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = @marker)`,
    { marker },
  );
  const found = rows[0]?.['found'];
  return typeof found === 'string' ? found : undefined;
}

/** The columns the extract reads by; a published SSD has indexes on most of them. */
const indexed = {
  ssd_person: ['pers_person_id'],
  ssd_address: ['addr_person_id'],
  ssd_disability: ['disa_person_id'],
  ssd_immigration_status: ['immi_person_id'],
  ssd_linked_identifiers: ['link_person_id'],
  ssd_sdq_scores: ['csdq_person_id'],
  ssd_cin_episodes: ['cine_person_id', 'cine_referral_id'],
  ssd_cin_assessments: ['cina_person_id', 'cina_assessment_id'],
  ssd_assessment_factors: ['cinf_assessment_id'],
  ssd_cin_plans: ['cinp_person_id'],
  ssd_s47_enquiry: ['s47e_person_id'],
  ssd_initial_cp_conference: ['icpc_person_id'],
  ssd_cp_plans: ['cppl_person_id'],
  ssd_cla_episodes: ['clae_person_id', 'clae_cla_id'],
  ssd_cla_placement: ['clap_cla_id'],
  ssd_permanence: ['perm_person_id'],
  ssd_care_leavers: ['clea_person_id'],
  ssd_involvements: ['invo_referral_id'],
  ssd_professionals: ['prof_professional_id'],
};

function indexes(schema: string): string[] {
  return Object.entries(indexed).flatMap(([table, columns]) =>
    columns.map((column) => `CREATE INDEX ix_${column} ON ${schema}.${table} (${column})`),
  );
}
