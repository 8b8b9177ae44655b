import { layoutOfTable, type Column } from '../database/catalogue.js';
import type { Database, Engine } from '../database/database.js';
import { stagedIdOrder } from './stagedId.js';
import { stagingSql } from './stagingSql.js';

/** What a column must be able to hold: of `long` texts, any length; of hashes, the 32 bytes of SHA-256. */
type Content = 'id' | 'text' | 'long' | 'hash' | 'moment' | 'number';

/** Every column that the app reads or writes, or that Data to Insight's scripts name. */
const neededColumns = {
  id: 'id',
  person_id: 'text',
  legacy_id: 'text',
  previous_json_payload: 'long',
  json_payload: 'long',
  partial_json_payload: 'long',
  current_hash: 'hash',
  previous_hash: 'hash',
  submission_status: 'text',
  submission_timestamp: 'moment',
  api_response: 'long',
  row_state: 'text',
  last_updated: 'moment',
  refused_hash: 'hash',
  acknowledged_hash: 'hash',
  unanswered_json_payload: 'long',
  sent_run_id: 'text',
  sent_claim_id: 'text',
  sent_run_number: 'number',
  open_posts: 'long',
} as const satisfies Record<string, Content>;

/** Those in which the app always writes something. */
const neverEmpty: ReadonlySet<string> = new Set([
  'id',
  'person_id',
  'json_payload',
  'current_hash',
  'submission_status',
  'row_state',
  'last_updated',
]);

/**
 * The types that can. Text of a fixed length comes back with blanks that no id has. `varchar` on SQL Server loses letters
 * that its code page lacks; states have none of these.
 */
const fitting: Readonly<Record<Engine, Readonly<Record<Exclude<Content, 'id'>, readonly string[]>>>> = {
  sqlserver: {
    text: ['nvarchar', 'varchar'],
    long: ['nvarchar'],
    hash: ['binary', 'varbinary'],
    moment: ['datetime', 'datetime2', 'smalldatetime', 'datetimeoffset'],
    number: ['bigint', 'int'],
  },
  postgres: {
    text: ['text', 'character varying'],
    long: ['text', 'character varying'],
    hash: ['bytea'],
    // In one with a time zone, UTC would be read as the time of the session.
    moment: ['timestamp without time zone'],
    number: ['bigint', 'integer'],
  },
};

const wanted: Readonly<Record<Engine, Readonly<Record<Exclude<Content, 'id'>, string>>>> = {
  sqlserver: {
    text: 'nvarchar',
    long: 'nvarchar(max)',
    hash: 'binary(32)',
    moment: 'datetime',
    number: 'bigint',
  },
  postgres: { text: 'varchar', long: 'text', hash: 'bytea', moment: 'timestamp', number: 'bigint' },
};

/** Types of Data to Insight's PostgreSQL script, which `migrate` changes without losing anything. */
const fixable: Readonly<Partial<Record<Content, readonly string[]>>> = {
  long: ['json', 'jsonb'],
  moment: ['timestamp with time zone'],
};

/** A column that cannot take what the app writes. */
interface UnfitStagingColumn {
  readonly column: string;
  /** What is wrong with it and what it should be. */
  readonly problem: string;
  /** Whether `migrate` changes it; if not, a DBA must. */
  readonly isFixable: boolean;
}

interface StagingLayout {
  readonly missingColumns: readonly string[];
  readonly unfitColumns: readonly UnfitStagingColumn[];
  /** Without a unique index on `person_id` alone, two runs at the same time could write two rows for one child. */
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
      missingColumns: Object.keys(neededColumns).filter((column) => !layout.columns.has(column)),
      unfitColumns: Object.entries(neededColumns).flatMap(([name, content]) => {
        const column = layout.columns.get(name);
        return column === undefined ? [] : unfitnessOf(name, content, column, database.engine);
      }),
      isUniqueByPerson: layout.indexes.some(
        ({ isUnique, keyColumns, firstColumn }) =>
          isUnique && keyColumns === 1 && firstColumn === 'person_id',
      ),
    }
  );
}

function unfitnessOf(
  column: string,
  content: Content,
  { type, length, isNullable }: Column,
  engine: Engine,
): UnfitStagingColumn[] {
  if (content !== 'id' && !holds(content, type, length, engine)) {
    const problem = `is ${type}${length === undefined ? '' : ` of length ${String(length)}`} and must be ${wanted[engine][content]}`;
    const isFixable = engine === 'postgres' && fixable[content]?.includes(type) === true;
    return [{ column, problem, isFixable }];
  }
  if (isNullable || neverEmpty.has(column)) return [];
  return [{ column, problem: 'must allow NULL', isFixable: column === 'partial_json_payload' }];
}

function holds(
  content: Exclude<Content, 'id'>,
  type: string,
  length: number | undefined,
  engine: Engine,
): boolean {
  if (!fitting[engine][content].includes(type)) return false;
  if (content === 'long') return length === undefined;
  return content !== 'hash' || length === undefined || length >= 32;
}

/**
 * Runs every statement with which a run writes, for no children: the database checks types and rights before it looks for
 * rows.
 * @throws StatementError when a right is missing, or a type does not fit
 */
export async function tryStagingWrites(database: Database, table: string): Promise<void> {
  const sql = stagingSql(database.engine, table, await stagedIdOrder(database, table));
  const noChildren = { rows: '[]', runId: '', runNumber: 0, claimId: '' };
  for (const statement of [
    sql.insertStaged,
    sql.updateStaged,
    sql.lock,
    sql.claim,
    sql.settleAccepted,
    sql.settleRefused,
    sql.writeDoubt,
  ]) {
    await database.query(statement, noChildren);
  }
  await database.query(`DELETE FROM ${table} WHERE 1 = 0`);
}

/**
 * The sequence from which new rows get their `id`, where the login may not use it. PostgreSQL asks for that right only
 * when there is a row, and not at all where the column is an identity.
 */
export async function forbiddenSequence(database: Database, table: string): Promise<string | undefined> {
  if (database.engine !== 'postgres') return undefined;
  const [row] = await database.query(
    `SELECT s.name FROM (
  SELECT pg_get_serial_sequence(@table, a.attname) AS name FROM pg_attribute a
  WHERE a.attrelid = to_regclass(@table) AND a.attname = 'id' AND a.attidentity = ''
) s
WHERE s.name IS NOT NULL AND NOT has_sequence_privilege(s.name, 'USAGE, UPDATE')`,
    { table },
  );
  return row === undefined ? undefined : String(row['name']);
}
