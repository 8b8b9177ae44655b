import { layoutOfTable } from '../database/catalogue.js';
import type { Database } from '../database/database.js';

/** Every column that the app reads or writes, or that Data to Insight's scripts name. */
const neededColumns = [
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
] as const;

export interface StagingLayout {
  readonly missingColumns: readonly string[];
  /** Without a unique index on `person_id` alone, two runs at a time could write two rows of one child. */
  readonly isUniqueByPerson: boolean;
}

/** @returns `undefined` when the app's login sees no such table */
export async function readStagingLayout(
  database: Database,
  table: string,
): Promise<StagingLayout | undefined> {
  const layout = await layoutOfTable(database, table);
  return (
    layout && {
      missingColumns: neededColumns.filter((column) => !layout.columns.has(column)),
      isUniqueByPerson: layout.indexes.some(
        ({ isUnique, keyColumns, firstColumn }) =>
          isUnique && keyColumns === 1 && firstColumn === 'person_id',
      ),
    }
  );
}

/**
 * Tries every kind of write on no row at all: the database checks the rights before it looks for rows.
 * @throws StatementError when a right is missing
 */
export async function tryStagingWrites(database: Database, table: string): Promise<void> {
  // The database gives the id itself.
  const written = neededColumns.filter((column) => column !== 'id');
  const columns = written.join(', ');
  const assignments = written.map((column) => `${column} = ${column}`).join(', ');
  await database.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${table} WHERE 1 = 0`);
  await database.query(`UPDATE ${table} SET ${assignments} WHERE 1 = 0`);
  await database.query(`DELETE FROM ${table} WHERE 1 = 0`);
}
