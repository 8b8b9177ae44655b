import { readFileSync } from 'node:fs';
import { Client, Pool, TypeOverrides, type ClientConfig, type PoolClient } from 'pg';
import type { Row } from './database.js';
import { asText, dateTypes } from './dateTypes.js';
import type { PostgresConnection } from './postgres.js';
import { statementError, StatementError } from './statementError.js';

/** As with SQL Server: a statement may take this long, a connection that. */
const statementTimeoutMs = 120_000;
const connectTimeoutMs = 60_000;

/** Where a connection string leads, and how the way is guarded. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** `false` for no TLS; else the certificate is checked, against `ca` where the string names a file. */
  readonly ssl: false | { readonly rejectUnauthorized: true; readonly ca?: string };
}

const example = 'postgresql://<user>:<password>@<server>:5432/<database>';
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Reads `postgresql://user:password@server:port/database`, with `sslmode` and `sslrootcert` (a file) where wanted. TLS
 * with a checked certificate, unless the server is this machine.
 * @throws Error that quotes no part of the string: a password with a sign that is not encoded may stand anywhere in it
 */
export function postgresServerOf(connectionString: string): PostgresServer {
  const url = urlOf(connectionString);
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1').toLowerCase();
  if (host === '') throw wrong('names no server');
  if (!/^\/[^/@]+$/.test(url.pathname) || url.hash !== '') throw wrong('names no database');
  if (url.username === '') throw wrong('names no user');
  if ([...url.searchParams.keys()].some((key) => key !== 'sslmode' && key !== 'sslrootcert')) {
    throw wrong('has parameters other than sslmode and sslrootcert');
  }
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    database: decoded(url.pathname.slice(1)),
    user: decoded(url.username),
    password: decoded(url.password),
    ssl: sslOf(host, url.searchParams.get('sslmode'), url.searchParams.get('sslrootcert')),
  };
}

function sslOf(host: string, mode: string | null, rootCertificate: string | null): PostgresServer['ssl'] {
  const isHere = loopback.test(host);
  if (mode === 'disable' || (mode === null && rootCertificate === null && isHere)) {
    if (!isHere) throw wrong('has sslmode=disable, which is for a server on this machine only');
    return false;
  }
  if (mode !== null && !['require', 'verify-ca', 'verify-full'].includes(mode)) {
    throw wrong('has an sslmode other than verify-full, verify-ca, require and disable');
  }
  if (rootCertificate === null) return { rejectUnauthorized: true };
  try {
    return { rejectUnauthorized: true, ca: readFileSync(rootCertificate, 'utf8') };
  } catch {
    throw wrong('names a file in sslrootcert that cannot be read');
  }
}

function urlOf(connectionString: string): URL {
  try {
    return new URL(connectionString);
  } catch {
    // The error of `URL` carries the whole string.
    throw wrong('cannot be read');
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw wrong('has a % that is not followed by two hexadecimal digits');
  }
}

function wrong(what: string): Error {
  return new Error(
    `The connection string ${what}. It should look like "${example}", signs such as @ : / ? # % in the password written as %40 %3A %2F %3F %23 %25.`,
  );
}

/**
 * A PostgreSQL server through `pg`: four connections at most.
 * @throws StatementError when the server does not answer or refuses the login; it names the server alone
 */
export async function openPostgresServer(connectionString: string): Promise<PostgresConnection> {
  const server = postgresServerOf(connectionString);
  const types = new TypeOverrides();
  for (const type of dateTypes) types.setTypeParser(type, asText);
  const pool = new Pool({
    ...server,
    types,
    Client: ImpatientClient,
    max: 4,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'csc-api-sender',
    statement_timeout: statementTimeoutMs,
    // For a server that is gone without a word; one that lives ends the statement itself.
    query_timeout: statementTimeoutMs + 10_000,
    // Whatever the server is set to: dates as ISO text, and the day of a moment with a zone is the day in England.
    options: '-c DateStyle=ISO -c TimeZone=Europe/London',
  });
  // An idle connection that breaks is told to the pool, one in a transaction to the client alone, and an `error` event
  // without a listener ends the process. The next statement opens a new connection, or reports why it cannot.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const connect = (): Promise<PoolClient> =>
    pool.connect().catch((error: unknown) => {
      throw notConnected(server, error);
    });
  try {
    (await connect()).release();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    query: async (sql, values) => {
      const client = await connect();
      try {
        const result = await rowsOf(client, sql, values);
        client.release();
        return result;
      } catch (error) {
        // A connection whose statement failed may be broken: closed rather than used again.
        client.release(true);
        throw error;
      }
    },
    transaction: async (work) => inTransaction(await connect(), work),
    close: () => pool.end(),
  };
}

/** The pool's own time limit would count the wait for a free connection as well. */
class ImpatientClient extends Client {
  constructor(config?: ClientConfig) {
    // The pool hides the password from a copy.
    super({ ...config, password: config?.password, connectionTimeoutMillis: connectTimeoutMs });
  }
}

async function rowsOf(client: PoolClient, sql: string, values: unknown[]): Promise<{ rows: Row[] }> {
  const { rows } = await client.query<Record<string, unknown>>(sql, values);
  return { rows };
}

async function inTransaction<T>(
  client: PoolClient,
  work: (connection: Pick<PostgresConnection, 'query'>) => Promise<T>,
): Promise<T> {
  try {
    await told(client, 'BEGIN');
    const result = await work({ query: (sql, values) => rowsOf(client, sql, values) });
    // The server answers ROLLBACK when a statement failed and the work went on all the same.
    if ((await told(client, 'COMMIT')) !== 'COMMIT') {
      throw new StatementError('the transaction was rolled back: a statement in it had failed', '25P02');
    }
    client.release();
    return result;
  } catch (error) {
    // Closing the connection undoes the transaction as well; the first error is the one to report.
    const isRolledBack = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    client.release(!isRolledBack);
    throw error;
  }
}

/** @returns the server's word for what it did */
async function told(client: PoolClient, statement: 'BEGIN' | 'COMMIT'): Promise<string> {
  try {
    return (await client.query(statement)).command;
  } catch (error) {
    throw statementError(error);
  }
}

function notConnected({ host, port }: PostgresServer, error: unknown): StatementError {
  const { message, code } = statementError(error);
  // Several addresses that all refuse are an error without a message.
  const why = message === '' ? code : message;
  return new StatementError(`No connection to the PostgreSQL server ${host}:${port}: ${why}`, code);
}
