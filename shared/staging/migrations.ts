import type { Database } from '../database/database.js';
import { migrationFiles, runScript } from '../database/scripts.js';
import { readStagingLayout } from './stagingReadiness.js';

/** A person stands in several rows of the staging table; which of them holds, only a person can say. */
export class DuplicatePersonsError extends Error {
  override readonly name = 'DuplicatePersonsError';
}

/** What a staging table lacks, in words for a DBA. No id of a child is among them. */
export interface StagingTableCheck {
  /** What `migrate` would make or change. */
  readonly missing: readonly string[];
  /** How many persons stand in several rows: `migrate` fails until someone has mended them. */
  readonly duplicatePersons: number;
}

/**
 * Makes the staging table, or adds to one that is there what it lacks, by the numbered scripts of `infra/sql/`. Each
 * looks at the table itself, so there is no record of what has run: a table that Data to Insight's scripts have made,
 * one restored from a backup and our own are all brought to the same end, and what broke off is completed by running it
 * again.
 * @param table its name, with its schema where it is not the login's own
 * @throws DuplicatePersonsError before anything is changed
 */
export async function migrate(database: Database, table: string): Promise<void> {
  const { duplicatePersons } = await checkStagingTable(database, table);
  if (duplicatePersons > 0) throw new DuplicatePersonsError(duplicatesMessage(table, duplicatePersons));
  const variables = { StagingTable: table, StagingTableName: table.split('.').at(-1) ?? table };
  for (const file of await migrationFiles(database.engine)) await runScript(database, file, variables);
}

/**
 * Only reads; its login needs no right to change anything.
 * @throws Error when it is no staging table, or has a column that cannot take what the app writes and that `migrate` does
 * not change
 */
export async function checkStagingTable(database: Database, table: string): Promise<StagingTableCheck> {
  const layout = await readStagingLayout(database, table);
  if (layout === undefined) return { missing: [`table ${table}`], duplicatePersons: 0 };
  const { missingColumns, unfitColumns, isUniqueByPerson } = layout;
  const foreign = ['id', 'person_id', 'json_payload'].filter((column) => missingColumns.includes(column));
  if (foreign.length > 0) {
    throw new Error(
      `${table} is no staging table: it has no column ${foreign.join(', ')}. Nothing was changed; check STAGING_TABLE.`,
    );
  }
  const stubborn = unfitColumns.filter(({ isMendable }) => !isMendable);
  if (stubborn.length > 0) {
    throw new Error(
      `${table} cannot take what the app writes, and nothing was changed. Change these columns, or let migrate make a new table under another STAGING_TABLE:\n${stubborn.map(({ column, problem }) => `  ${column} ${problem}`).join('\n')}`,
    );
  }
  return {
    missing: [
      ...missingColumns.map((column) => `column ${table}.${column}`),
      ...unfitColumns.map(({ column, problem }) => `change of ${table}.${column}: it ${problem}`),
      ...(isUniqueByPerson ? [] : [`unique index on ${table} (person_id)`]),
    ],
    duplicatePersons: isUniqueByPerson ? 0 : await countDuplicates(database, table),
  };
}

/** What someone does about persons who stand in several rows. */
export function duplicatesMessage(table: string, persons: number): string {
  return `${String(persons)} person(s) stand in more than one row of ${table}, and nothing was changed. To see the rows:
  SELECT id, person_id, submission_status, submission_timestamp, last_updated FROM ${table}
  WHERE person_id IN (SELECT person_id FROM ${table} GROUP BY person_id HAVING COUNT(*) > 1)
     OR person_id IS NULL
  ORDER BY person_id, submission_timestamp;
Keep of each person the row that was sent last, since it says what DfE holds. The head of
infra/sql/…/004-one-row-a-person.sql has a statement that does so. Then migrate again.`;
}

async function countDuplicates(database: Database, table: string): Promise<number> {
  // A unique index of SQL Server takes two rows without a person for the same; one of PostgreSQL does not.
  const where = database.engine === 'sqlserver' ? '' : 'WHERE person_id IS NOT NULL';
  const [row] = await database.query(`SELECT COUNT(*) AS persons
FROM (SELECT person_id FROM ${table} ${where} GROUP BY person_id HAVING COUNT(*) > 1) twice`);
  return Number(row?.['persons']);
}
