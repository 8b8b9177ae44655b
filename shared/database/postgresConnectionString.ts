import { readFileSync } from 'node:fs';

/** The identity of the app, or the one that is signed in (environment, identity, `az login`). */
type Identity = 'managed-identity' | 'default';

/** Where a connection string leads, and how the connection is secured. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Empty where an identity signs in. */
  readonly password: string;
  /** Signs in with a token of Microsoft Entra ID, as the role `user` of the server. */
  readonly identity?: { readonly kind: Identity; readonly clientId?: string };
  /** `false` for no TLS; else the certificate is checked, against `ca` where the string names a file. */
  readonly ssl: false | { readonly rejectUnauthorized: true; readonly ca?: string };
}

const example = 'postgresql://<user>:<password>@<server>:5432/<database>';
const parameters = ['sslmode', 'sslrootcert', 'authentication', 'clientId'];
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Reads `postgresql://user:password@server:port/database`. TLS with a checked certificate, unless the server is this
 * machine. Optional parameters: `sslmode`; `sslrootcert`, the file with the certificate of the server's authority; and
 * for Azure Database for PostgreSQL, instead of the password, as for SQL Server:
 *
 * | in the string | signs in as |
 * |---|---|
 * | `authentication=managed-identity`, `clientId=<client id>` for a user-assigned one | the identity of the app |
 * | `authentication=default`, `clientId` as above | the identity that is signed in: environment, identity, `az login` |
 *
 * The user is the name of the role that the server has for it.
 * @throws Error that quotes no part of the string: a password with a sign that is not encoded may be anywhere in it
 */
export function postgresServerOf(connectionString: string): PostgresServer {
  const url = urlOf(connectionString);
  const host = url.hostname.replace(/^\[(.+)\]$/, '$1').toLowerCase();
  if (host === '') throw wrong('names no server');
  if (!/^\/[^/@]+$/.test(url.pathname) || url.hash !== '') throw wrong('names no database');
  if (url.username === '') throw wrong('names no user');
  if ([...url.searchParams.keys()].some((key) => !parameters.includes(key))) {
    throw wrong(`has parameters other than ${parameters.join(', ')}`);
  }
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    database: decoded(url.pathname.slice(1)),
    user: decoded(url.username),
    password: decoded(url.password),
    ...identityOf(url),
    ssl: sslOf(host, url.searchParams.get('sslmode'), url.searchParams.get('sslrootcert')),
  };
}

function identityOf({ password, searchParams }: URL): Pick<PostgresServer, 'identity'> {
  const kind = searchParams.get('authentication');
  const clientId = searchParams.get('clientId');
  if (kind === null) {
    if (clientId !== null) throw wrong('has a clientId, which needs authentication=managed-identity');
    return {};
  }
  if (kind !== 'managed-identity' && kind !== 'default') {
    throw wrong('has an authentication other than managed-identity and default');
  }
  if (password !== '') throw wrong('has a password as well as authentication, which needs none');
  return { identity: { kind, ...(clientId === null ? {} : { clientId }) } };
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
    `The connection string ${what}. It should look like "${example}", with signs such as @ : / ? # % in the password written as %40 %3A %2F %3F %23 %25.`,
  );
}
