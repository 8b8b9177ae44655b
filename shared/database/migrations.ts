import type { Database, Engine } from './database.js';
import { migrationFiles, runScript } from './scripts.js';

/** A person stands in several rows of the staging table; which of them holds, only a person can say. */
export class DuplicatePersonsError extends Error {
  override readonly name = 'DuplicatePersonsError';
}

/** What a staging table lacks, in words for a DBA. No id of a child is among them. */
export interface StagingTableCheck {
  /** What `migrate` would make. */
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

/** Only reads; its login needs no right to change anything. */
export async function checkStagingTable(database: Database, table: string): Promise<StagingTableCheck> {
  const { columns, uniqueIndexes } = catalog[database.engine];
  const rows = await database.query(columns, { table });
  const present = new Set(rows.map((row) => String(row['column_name']).toLowerCase()));
  if (present.size === 0) return { missing: [`table ${table}`], duplicatePersons: 0 };
  const foreign = ['id', 'person_id', 'json_payload'].filter((column) => !present.has(column));
  if (foreign.length > 0) {
    throw new Error(
      `${table} is no staging table: it has no column ${foreign.join(', ')}. Nothing was changed; check STAGING_TABLE.`,
    );
  }
  const isUnique = (await database.query(uniqueIndexes, { table })).length > 0;
  return {
    missing: [
      ...stagingColumns.filter((column) => !present.has(column)).map((column) => `column ${table}.${column}`),
      ...(isUnique ? [] : [`unique index on ${table} (person_id)`]),
    ],
    duplicatePersons: isUnique ? 0 : await countDuplicates(database, table),
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

/** Every column the app reads or writes, or that Data to Insight's scripts name. */
const stagingColumns = [
  'id',
  'person_id',
  'legacy_id',
  'previous_json_payload',
  'json_payload',
  'partial_json_payload',
  'current_hash',
  'previous_hash',
  'submission_status',
  'submission_timestamp',
  'api_response',
  'row_state',
  'last_updated',
  'refused_hash',
  'acknowledged_hash',
  'unanswered_json_payload',
  'sent_run_id',
  'sent_claim_id',
];

/** The table found as the engine itself would find it in a statement, with or without a schema. */
const catalog: Readonly<Record<Engine, { readonly columns: string; readonly uniqueIndexes: string }>> = {
  sqlserver: {
    columns: 'SELECT name AS column_name FROM sys.columns WHERE object_id = OBJECT_ID(@table)',
    uniqueIndexes: `SELECT i.index_id
FROM sys.indexes i
JOIN sys.index_columns c ON c.object_id = i.object_id AND c.index_id = i.index_id
WHERE i.object_id = OBJECT_ID(@table) AND i.is_unique = 1 AND i.is_disabled = 0 AND i.has_filter = 0
  AND c.is_included_column = 0
GROUP BY i.index_id
HAVING COUNT(*) = 1 AND MAX(COL_NAME(c.object_id, c.column_id)) = 'person_id'`,
  },
  postgres: {
    columns: `SELECT attname AS column_name FROM pg_attribute
WHERE attrelid = to_regclass(CAST(@table AS text)) AND attnum > 0 AND NOT attisdropped`,
    uniqueIndexes: `SELECT i.indexrelid
FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = to_regclass(CAST(@table AS text)) AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1
  AND i.indpred IS NULL AND a.attname = 'person_id'`,
  },
};
