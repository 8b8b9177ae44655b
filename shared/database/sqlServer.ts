import {
  Bit,
  ConnectionPool,
  Float,
  Int,
  MAX,
  NVarChar,
  Request,
  Transaction,
  type config as Configuration,
  type ISqlType,
} from 'mssql';
import type { Database, Parameters, Queryable, Row } from './database.js';
import { statementError } from './statementError.js';

/** A statement may take this long: the widest range of a large authority stays far below it. */
const requestTimeoutMs = 120_000;
const connectTimeoutMs = 60_000;

/** SQL Server and Azure SQL through `mssql`. */
export class SqlServerDatabase implements Database {
  readonly engine = 'sqlserver';
  readonly #pool: ConnectionPool;

  private constructor(pool: ConnectionPool) {
    this.#pool = pool;
  }

  /**
   * @param connectionString as the Azure portal gives it; encryption is on and the server's certificate is checked
   * unless the string says otherwise
   * @throws Error that says what is wrong and quotes no part of the string but the server's name
   */
  static async connect(connectionString: string): Promise<SqlServerDatabase> {
    const given: Partial<Configuration> = ConnectionPool.parseConnectionString(connectionString);
    // After `Server=;` the driver takes the rest of the string for the name, and would tell it with the password.
    if (given.server === undefined || !/^[^;=\s]+$/.test(given.server)) {
      throw new Error(
        'The connection string names no server. It should look like "Server=tcp:<name>.database.windows.net,1433;Database=<name>;…".',
      );
    }
    const pool = new ConnectionPool({
      ...given,
      server: given.server,
      requestTimeout: requestTimeoutMs,
      connectionTimeout: connectTimeoutMs,
      pool: { min: 0, max: 4, idleTimeoutMillis: 30_000 },
    });
    // An idle connection that breaks is told to the pool alone, and an `error` event without a listener ends the
    // process. The next statement opens a new connection, or reports why it cannot.
    pool.on('error', () => undefined);
    return new SqlServerDatabase(await pool.connect());
  }

  async query(sql: string, parameters: Parameters = {}): Promise<Row[]> {
    return (await run(new Request(this.#pool), sql, parameters))[0] ?? [];
  }

  /** One batch of SELECT statements: one record set each, in order. */
  async queryTogether<Name extends string>(
    selects: Readonly<Record<Name, string>>,
    parameters: Parameters = {},
  ): Promise<Record<Name, Row[]>> {
    const batch = Object.values<string>(selects).join(';\n\n');
    const sets = await run(new Request(this.#pool), batch, parameters);
    const rows = Object.fromEntries(Object.keys(selects).map((name, index) => [name, sets[index]]));
    if (!hasRowsOf(selects, rows)) throw new Error('the database returned fewer record sets than SELECTs');
    return rows;
  }

  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const transaction = new Transaction(this.#pool);
    await transaction.begin();
    try {
      const result = await work({
        query: async (sql, parameters = {}) =>
          (await run(new Request(transaction), sql, parameters))[0] ?? [],
      });
      await transaction.commit();
      return result;
    } catch (error) {
      // A connection that broke has rolled back already; the first error is the one to report.
      await transaction.rollback().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}

function hasRowsOf<Name extends string>(
  selects: Readonly<Record<Name, string>>,
  rows: Readonly<Record<string, unknown>>,
): rows is Record<Name, Row[]> {
  return Object.keys(selects).every((name) => Array.isArray(rows[name]));
}

/** @returns the record sets of the batch, in order */
async function run(request: Request, sql: string, parameters: Parameters): Promise<Row[][]> {
  for (const [name, value] of Object.entries(parameters)) request.input(name, typeOf(value), value);
  try {
    return recordsetsOf(await request.query(sql));
  } catch (error) {
    throw statementError(error);
  }
}

function typeOf(value: Parameters[string] | undefined): ISqlType | (() => ISqlType) {
  // The driver cuts the fraction off an Int without a word.
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? Int : Float;
  if (typeof value === 'boolean') return Bit;
  // Ids keep a short type, so that an index on them can serve; only documents are long.
  return typeof value === 'string' && value.length > 4000 ? NVarChar(MAX) : NVarChar(4000);
}

function recordsetsOf(result: { recordsets: unknown }): Row[][] {
  const sets: unknown = result.recordsets;
  if (!Array.isArray(sets)) throw new Error('the database returned no record sets');
  return sets.filter((set: unknown): set is Row[] => Array.isArray(set));
}
