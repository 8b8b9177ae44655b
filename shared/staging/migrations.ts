import type { Database } from '../database/database.js';
import { migrationFiles, runScript } from '../database/scripts.js';
import { readStagingLayout } from './stagingReadiness.js';

/** A person is in several rows of the staging table. Someone must decide which row is right. */
export class DuplicatePersonsError extends Error {
  override readonly name = 'DuplicatePersonsError';
}

/** What a staging table lacks, in words for a DBA. They contain no child's id. */
interface StagingTableCheck {
  /** What `migrate` would add or change. */
  readonly missing: readonly string[];
  /** How many people are in several rows: `migrate` fails until someone has corrected this. */
  readonly duplicatePersons: number;
}

/**
 * Makes the staging table, or adds what an existing one lacks, by the numbered scripts of `infra/sql/`. Each script looks
 * at the table itself, so there is no record of what has run: a table made by Data to Insight's scripts, one restored
 * from a backup and our own all become the same, and running it again completes a migration that was interrupted.
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
 * @throws Error when the table is not a staging table, or has a column that cannot hold what the app writes and that
 * `migrate` does not change
 */
export async function checkStagingTable(database: Database, table: string): Promise<StagingTableCheck> {
  const layout = await readStagingLayout(database, table);
  if (layout === undefined) return { missing: [`table ${table}`], duplicatePersons: 0 };
  const { missingColumns, unfitColumns, isUniqueByPerson } = layout;
  const foreign = ['id', 'person_id', 'json_payload'].filter((column) => missingColumns.includes(column));
  if (foreign.length > 0) {
    throw new Error(
      `${table} is not a staging table: it has no column ${foreign.join(', ')}. Nothing was changed. Check STAGING_TABLE.`,
    );
  }
  const unfixable = unfitColumns.filter(({ isFixable }) => !isFixable);
  if (unfixable.length > 0) {
    throw new Error(
      `${table} cannot hold what the app writes. Nothing was changed. Change these columns, or set another STAGING_TABLE so that migrate makes a new table:\n${unfixable.map(({ column, problem }) => `  ${column} ${problem}`).join('\n')}`,
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

/** What to do about people who are in several rows. */
export function duplicatesMessage(table: string, persons: number): string {
  return `People in more than one row of ${table}: ${String(persons)}. Nothing was changed. To see the rows:
  SELECT id, person_id, submission_status, submission_timestamp, last_updated FROM ${table}
  WHERE person_id IN (SELECT person_id FROM ${table} GROUP BY person_id HAVING COUNT(*) > 1)
     OR person_id IS NULL
  ORDER BY person_id, submission_timestamp;
For each person, keep the row that was sent last, because it says what DfE holds. A statement that does this is at the
top of infra/sql/…/004-one-row-a-person.sql. Then migrate again.`;
}

async function countDuplicates(database: Database, table: string): Promise<number> {
  // A unique index of SQL Server treats two rows without a person as the same; one of PostgreSQL does not.
  const where = database.engine === 'sqlserver' ? '' : 'WHERE person_id IS NOT NULL';
  const [row] = await database.query(`SELECT COUNT(*) AS persons
FROM (SELECT person_id FROM ${table} ${where} GROUP BY person_id HAVING COUNT(*) > 1) twice`);
  return Number(row?.['persons']);
}
