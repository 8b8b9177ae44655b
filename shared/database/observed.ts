import type { Database, Row } from './database.js';
import { isRead } from './safeRepetition.js';
import { StatementError } from './statementError.js';

/** One call of the database and its outcome. It has nothing from the statement, its parameters or its rows. */
export interface SqlCall {
  /** `read`: one SELECT; `readTogether`: several in one round trip; `write`: any other statement outside a transaction. */
  readonly operation: 'read' | 'readTogether' | 'write' | 'transaction';
  readonly outcome: 'done' | 'failed';
  /** `StatementError.code`; absent when what failed was not the database. */
  readonly code?: string;
  /** As long as the caller waited, which includes a free connection, a database that wakes, and repeated tries. */
  readonly durationMs: number;
  /** Returned by a read; absent for other calls. */
  readonly rows?: number;
}

/** Called after each call. Never throws. */
type OnSqlCall = (call: SqlCall) => void;

/** The same database, reporting each call. A transaction is one call, from BEGIN to COMMIT. */
export function observed(database: Database, onCall: OnSqlCall): Database {
  async function timed<T>(
    operation: SqlCall['operation'],
    ask: () => Promise<T>,
    rowsIn?: (result: T) => number,
  ): Promise<T> {
    const begun = performance.now();
    const since = () => performance.now() - begun;
    try {
      const result = await ask();
      const rows = rowsIn === undefined ? {} : { rows: rowsIn(result) };
      onCall({ operation, outcome: 'done', durationMs: since(), ...rows });
      return result;
    } catch (error) {
      const code = error instanceof StatementError ? { code: error.code } : {};
      onCall({ operation, outcome: 'failed', durationMs: since(), ...code });
      throw error;
    }
  }

  return {
    engine: database.engine,
    query: (sql, parameters) => {
      const ask = () => database.query(sql, parameters);
      return isRead(sql) ? timed('read', ask, (rows) => rows.length) : timed('write', ask);
    },
    queryTogether: (selects, parameters) =>
      timed(
        'readTogether',
        () => database.queryTogether(selects, parameters),
        (sets) => Object.values<Row[]>(sets).reduce((sum, rows) => sum + rows.length, 0),
      ),
    transaction: (work) => timed('transaction', () => database.transaction(work)),
    close: () => database.close(),
  };
}
