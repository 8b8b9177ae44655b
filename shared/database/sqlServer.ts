import {
  Bit,
  ConnectionError,
  ConnectionPool,
  Float,
  Int,
  MAX,
  MSSQLError,
  NVarChar,
  Request,
  Transaction,
  VarChar,
  type config as Configuration,
  type ISqlType,
} from 'mssql';
import { connectUnlessAborted, withinCloseTimeout } from './closing.js';
import { connectionError } from './connectionError.js';
import { sqlServerConfiguration } from './connectionString.js';
import {
  rowsOfEach,
  type AsciiText,
  type Database,
  type Parameters,
  type Queryable,
  type Row,
} from './database.js';
import { isRead, SafeRepetition, type DriverErrors } from './safeRepetition.js';
import { StatementError, statementError } from './statementError.js';
import { usualPatience, type ConnectOptions } from './transient.js';

/** A connection of the driver. */
type Connection =
  NonNullable<Configuration['beforeConnect']> extends (connection: infer C) => void ? C : never;

/** How long a statement may take: the widest range of a large authority needs far less. */
const requestTimeoutMs = 120_000;
const connectTimeoutMs = 30_000;

/**
 * Comes before every SELECT outside a transaction; the driver sends both inside `sp_executesql`, so the settings end with
 * it. READ COMMITTED: Azure SQL then reads the last committed version of each row and waits for no lock; a SQL Server
 * without READ_COMMITTED_SNAPSHOT holds a lock while it reads a row. READ UNCOMMITTED would see half of a refresh, and
 * children would seem to be gone. SNAPSHOT would show all SELECTs the same moment, but not every council's database
 * allows it. In a deadlock with the refresh of the case management system the app gives way and tries again; after waiting
 * a minute for a lock it stops and tries again: without XACT_ABORT the next SELECT of the same batch would start to wait.
 */
const readingPolitely =
  'SET XACT_ABORT ON; SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT 60000;';

/** Comes before every other statement, and also ends with it. */
const waitingAMinute = 'SET LOCK_TIMEOUT 60000;';

/** SQL Server and Azure SQL through `mssql`. What fails for a moment is tried again as `SafeRepetition` says. */
export class SqlServerDatabase implements Database {
  readonly engine = 'sqlserver';
  readonly #pool: ConnectionPool;
  readonly #repetition: SafeRepetition;
  readonly #connections: ReadonlySet<Connection>;

  private constructor(
    pool: ConnectionPool,
    repetition: SafeRepetition,
    connections: ReadonlySet<Connection>,
  ) {
    this.#pool = pool;
    this.#repetition = repetition;
    this.#connections = connections;
  }

  /**
   * @param connectionString as the Azure portal gives it, see `sqlServerConfiguration`
   * @throws Error that says what is wrong and quotes no part of the string except the server's name
   */
  static async connect(
    connectionString: string,
    { patience = usualPatience, signal }: ConnectOptions = {},
  ): Promise<SqlServerDatabase> {
    const configuration = sqlServerConfiguration(connectionString);
    const connections = new Set<Connection>();
    const pool = new ConnectionPool({
      ...configuration,
      // The driver's own retries know too few numbers, and do not wait long enough for a database to wake.
      options: { ...configuration.options, maxRetriesOnTransientErrors: 0 },
      requestTimeout: requestTimeoutMs,
      connectionTimeout: connectTimeoutMs,
      pool: {
        min: 0,
        max: 4,
        idleTimeoutMillis: 30_000,
        // The pool must not give up before the connection does, nor while other statements are running.
        createTimeoutMillis: connectTimeoutMs + 5000,
        acquireTimeoutMillis: requestTimeoutMs + connectTimeoutMs,
      },
      beforeConnect: (connection) => {
        keepWhileOpen(connections, connection);
        keepLoginNumber(connection);
      },
    });
    // Only the pool reports an idle connection that breaks, and an `error` event without a listener ends the process.
    // The next statement opens a new connection, or reports why it cannot.
    pool.on('error', () => undefined);
    const { server, port, options } = configuration;
    const place =
      options?.instanceName === undefined ? `:${String(port ?? 1433)}` : `\\${options.instanceName}`;
    const repetition = new SafeRepetition(errorsOf(`${server}${place}`), patience);
    const database = new SqlServerDatabase(pool, repetition, connections);
    await connectUnlessAborted(signal, {
      connect: () => repetition.connect(() => pool.connect()),
      close: () => database.close(),
    });
    return database;
  }

  async query(sql: string, parameters: Parameters = {}): Promise<Row[]> {
    return (await this.#ask(sql, parameters))[0] ?? [];
  }

  /** One batch of SELECT statements: one record set each, in order. */
  async queryTogether<Name extends string>(
    selects: Readonly<Record<Name, string>>,
    parameters: Parameters = {},
  ): Promise<Record<Name, Row[]>> {
    const sets = await this.#ask(Object.values<string>(selects).join(';\n\n'), parameters);
    return rowsOfEach(
      selects,
      Object.fromEntries(Object.keys(selects).map((name, index) => [name, sets[index]])),
    );
  }

  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#repetition.transaction(async (beforeCommit) => {
      const transaction = new Transaction(this.#pool);
      await transaction.begin();
      try {
        const result = await work({
          query: async (sql, parameters = {}) => {
            try {
              return (await run(new Request(transaction), `${waitingAMinute}\n${sql}`, parameters))[0] ?? [];
            } catch (error) {
              throw statementError(error);
            }
          },
        });
        beforeCommit();
        await transaction.commit();
        return result;
      } catch (error) {
        // A connection that broke has rolled back already; the first error is the one to report.
        await transaction.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  /** Interrupts running statements, which the server rolls back, and waits five seconds at most. */
  async close(): Promise<void> {
    this.#repetition.close();
    for (const connection of this.#connections) connection.close();
    // A pool that is still connecting refuses to close; its connection is closed already.
    await withinCloseTimeout(this.#pool.close().catch(() => undefined));
  }

  /** @returns the record sets of the batch, in order */
  #ask(sql: string, parameters: Parameters): Promise<Row[][]> {
    const prefix = isRead(sql) ? readingPolitely : waitingAMinute;
    return this.#repetition.ask(sql, () => run(new Request(this.#pool), `${prefix}\n${sql}`, parameters));
  }
}

function errorsOf(server: string): DriverErrors {
  return {
    isOfConnecting: (error) => error instanceof ConnectionError,
    isOfDatabase: (error) =>
      error instanceof StatementError ||
      error instanceof MSSQLError ||
      (error instanceof Error && error.name === 'TimeoutError'),
    toStatementError: (error) =>
      error instanceof ConnectionError ? connectionError(error, server, 'sqlserver') : statementError(error),
  };
}

function keepWhileOpen(connections: Set<Connection>, connection: Connection): void {
  connections.add(connection);
  connection.once('end', () => connections.delete(connection));
}

/** The driver drops the numbers of a refused login, the only difference between a sleeping database and a wrong password. */
function keepLoginNumber(connection: Connection): void {
  let numbers: Readonly<Record<'number' | 'class' | 'state', number>> | undefined;
  const keep = (said: { number: number; class: number; state: number }): void => {
    numbers = { number: said.number, class: said.class, state: said.state };
  };
  connection.on('errorMessage', keep);
  connection.once('connect', (error: unknown) => {
    connection.off('errorMessage', keep);
    if (error instanceof Error) Object.assign(error, numbers);
  });
}

/** @returns the record sets of the batch, in order */
async function run(request: Request, sql: string, parameters: Parameters): Promise<Row[][]> {
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'object' && value !== null) request.input(name, VarChar(8000), value.ascii);
    else request.input(name, typeOf(value), value);
  }
  return recordsetsOf(await request.query(sql));
}

function typeOf(value: Exclude<Parameters[string], AsciiText>): ISqlType | (() => ISqlType) {
  // The driver silently cuts off the fraction of an Int.
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? Int : Float;
  if (typeof value === 'boolean') return Bit;
  // Ids keep a short type, so that an index on them can be used; only documents are long.
  return typeof value === 'string' && value.length > 4000 ? NVarChar(MAX) : NVarChar(4000);
}

function recordsetsOf(result: { recordsets: unknown }): Row[][] {
  const sets: unknown = result.recordsets;
  if (!Array.isArray(sets)) throw new Error('the database returned no record sets');
  return sets.filter((set: unknown): set is Row[] => Array.isArray(set));
}
