import { Socket } from 'node:net';
import type { TokenCredential } from '@azure/identity';
import { Client, Pool, TypeOverrides, type ClientBase, type ClientConfig, type PoolClient } from 'pg';
import { connectUnlessAborted, withinCloseTimeout } from './closing.js';
import { connectionError } from './connectionError.js';
import type { Row } from './database.js';
import { asText, dateTypes, type PostgresConnection } from './postgres.js';
import { postgresServerOf, type PostgresServer } from './postgresConnectionString.js';
import { SafeRepetition, type DriverErrors } from './safeRepetition.js';
import { statementError, StatementError } from './statementError.js';
import { usualPatience, type ConnectOptions } from './transient.js';

/** How long the server allows things to take, in milliseconds. */
interface Limits {
  readonly statementMs: number;
  /** A wait for a lock; shorter than for a statement, so that it is reported as a lock timeout. */
  readonly lockMs: number;
  /** A transaction in which no statement is sent. */
  readonly idleMs: number;
}

/** As on SQL Server. */
const usualLimits: Limits = { statementMs: 120_000, lockMs: 60_000, idleMs: 60_000 };
const connectTimeoutMs = 60_000;

export interface PostgresOptions extends ConnectOptions {
  readonly limits?: Limits;
  /** Used instead of the identity that the connection string names. */
  readonly credential?: TokenCredential;
}

/**
 * A PostgreSQL server through `pg`. What fails for a moment is tried again as `SafeRepetition` says.
 * @throws StatementError when the server does not answer or refuses the login; it names the server and nothing else
 */
export async function openPostgresServer(
  connectionString: string,
  { patience = usualPatience, signal, limits = usualLimits, credential }: PostgresOptions = {},
): Promise<PostgresConnection> {
  const server = postgresServerOf(connectionString);
  const repetition = new SafeRepetition(errorsOf(server), patience);
  const connection = new PooledConnection(server, await passwordOf(server, credential), limits, repetition);
  try {
    await connectUnlessAborted(signal, connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}

/** Four connections at most, opened when needed. */
class PooledConnection implements PostgresConnection {
  readonly #pool: Pool;
  readonly #repetition: SafeRepetition;
  readonly #sockets = new Set<Socket>();

  constructor(
    { host, port, database, user, ssl }: PostgresServer,
    password: string | (() => Promise<string>),
    limits: Limits,
    repetition: SafeRepetition,
  ) {
    this.#repetition = repetition;
    const types = new TypeOverrides();
    for (const type of dateTypes) types.setTypeParser(type, asText);
    this.#pool = new Pool({
      ...{ host, port, database, user, password, ssl, types },
      Client: ImpatientClient,
      max: 4,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: 'csc-api-sender',
      // For a server that is no longer there; one that is there ends the statement itself.
      query_timeout: limits.statementMs + 10_000,
      stream: () => keptWhileOpen(this.#sockets, new Socket()),
      verify: (client, done) => {
        prepare(client, limits).then(() => {
          done();
        }, done);
      },
    });
    // The pool reports an idle connection that breaks; only the client reports one in a transaction. An `error` event
    // without a listener ends the process. The next statement opens a new connection, or reports why it cannot.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  connect(): Promise<void> {
    return this.#repetition.connect(async () => {
      (await this.#client()).release();
    });
  }

  query(sql: string, values: unknown[]): Promise<{ rows: Row[] }> {
    return this.#repetition.ask(sql, async () => {
      const client = await this.#client();
      try {
        const result = await ask(client, sql, values);
        client.release();
        return result;
      } catch (error) {
        // A connection whose statement failed may be broken: it is closed rather than used again.
        client.release(true);
        throw error;
      }
    });
  }

  transaction<T>(work: (connection: Pick<PostgresConnection, 'query'>) => Promise<T>): Promise<T> {
    return this.#repetition.transaction(async (beforeCommit) =>
      inTransaction(await this.#client(), work, beforeCommit),
    );
  }

  /** Interrupts running statements, which the server rolls back when it notices, and waits five seconds at most. */
  async close(): Promise<void> {
    this.#repetition.close();
    const ended = this.#pool.ending ? Promise.resolve() : this.#pool.end();
    for (const socket of this.#sockets) socket.destroy();
    await withinCloseTimeout(ended);
  }

  async #client(): Promise<PoolClient> {
    try {
      return await unlessClosed(this.#pool.connect(), this.#repetition.closing);
    } catch (error) {
      throw new NotConnectedError(error);
    }
  }
}

/** The pool's own time limit would also count the wait for a free connection. */
class ImpatientClient extends Client {
  constructor(config?: ClientConfig) {
    // The pool hides the password, so that a copy has none.
    super({ ...config, password: config?.password, connectionTimeoutMillis: connectTimeoutMs });
  }
}

/** Keeps the driver's error until `DriverErrors` looks at it. */
class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';

  constructor(said: unknown) {
    super('no connection', { cause: withCode(said) });
  }
}

function errorsOf({ host, port }: PostgresServer): DriverErrors {
  return {
    isOfConnecting: (error) => error instanceof NotConnectedError,
    isOfDatabase: (error) => error instanceof NotConnectedError || error instanceof StatementError,
    toStatementError: (error) =>
      error instanceof NotConnectedError
        ? connectionError(error.cause, `${host}:${port}`, 'postgres')
        : statementError(error),
  };
}

/** Messages that the driver gives without a code, and the code that SQL Server's driver or Node has for them. */
const codesOfDriver: ReadonlyMap<string, string> = new Map([
  ['timeout expired', 'ETIMEOUT'],
  ['Query read timeout', 'ETIMEOUT'],
  ['Connection terminated', 'ECONNCLOSED'],
  ['Connection terminated unexpectedly', 'ECONNCLOSED'],
  ['Client was closed and is not queryable', 'ECONNCLOSED'],
  ['Client has encountered a connection error and is not queryable', 'ECONNCLOSED'],
  ['The server does not support SSL connections', 'ERR_TLS_NOT_OFFERED'],
]);

function withCode(error: unknown): unknown {
  const code = error instanceof Error ? codesOfDriver.get(error.message) : undefined;
  return code === undefined ? error : statementError({ code });
}

/** The scope of every Azure Database for PostgreSQL. */
const tokenScope = 'https://ossrdbms-aad.database.windows.net/.default';

/** The password, or a function that gets a token instead: `pg` calls it for each new connection. */
async function passwordOf(
  { password, identity }: PostgresServer,
  given: TokenCredential | undefined,
): Promise<string | (() => Promise<string>)> {
  if (identity === undefined) return password;
  const credential = given ?? (await credentialOf(identity));
  return async () => {
    try {
      return (await credential.getToken(tokenScope))?.token ?? '';
    } catch {
      throw statementError({ code: 'EFEDAUTH' });
    }
  };
}

async function credentialOf({
  kind,
  clientId,
}: NonNullable<PostgresServer['identity']>): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  if (kind === 'managed-identity')
    return new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}

function keptWhileOpen(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  return socket;
}

/** A pool that was ended never answers those who wait for a free connection. */
function unlessClosed<T>(waiting: Promise<T>, closing: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new Error('closed'));
    };
    closing.addEventListener('abort', giveUp, { once: true });
    waiting.then(resolve, reject).finally(() => {
      closing.removeEventListener('abort', giveUp);
    });
  });
}

/**
 * Makes a new connection read without disturbing others, with any settings of the server, database or role. READ
 * COMMITTED takes no lock that stops a refresh from writing; a wait for a lock ends after a minute and starts again.
 * Dates come as ISO text, and the day of a moment with a time zone is the day in England.
 *
 * This is set by statements, because PgBouncer refuses the parameters of a connection.
 */
async function prepare(client: ClientBase, { statementMs, lockMs, idleMs }: Limits): Promise<void> {
  await client.query(
    `SELECT set_config('DateStyle', 'ISO', false), set_config('TimeZone', 'Europe/London', false),
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
  set_config('idle_in_transaction_session_timeout', $3, false)`,
    [statementMs, lockMs, idleMs].map(String),
  );
  // Ends a statement soon after the app has gone. Servers before 14 and those on Windows cannot do that; it is optional.
  await client.query("SET client_connection_check_interval = '2s'").catch(() => undefined);
}

/** @throws StatementError */
async function ask(
  client: PoolClient,
  sql: string,
  values: unknown[] = [],
): Promise<{ rows: Row[]; command: string }> {
  try {
    return await client.query<Record<string, unknown>>(sql, values);
  } catch (error) {
    throw statementError(withCode(error));
  }
}

async function inTransaction<T>(
  client: PoolClient,
  work: (connection: Pick<PostgresConnection, 'query'>) => Promise<T>,
  beforeCommit: () => void,
): Promise<T> {
  try {
    await ask(client, 'BEGIN');
    const result = await work({ query: (sql, values) => ask(client, sql, values) });
    beforeCommit();
    // The server answers ROLLBACK when a statement failed and the work went on in spite of it.
    if ((await ask(client, 'COMMIT')).command !== 'COMMIT') {
      throw statementError({ code: '25P02' });
    }
    client.release();
    return result;
  } catch (error) {
    // Closing the connection also undoes the transaction; the first error is the one to report.
    const isRolledBack = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    client.release(!isRolledBack);
    throw error;
  }
}
