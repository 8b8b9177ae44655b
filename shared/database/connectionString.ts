import type { config as Configuration } from 'mssql';

type Authentication = NonNullable<Configuration['authentication']>;

/**
 * Reads a connection string of the Azure portal. The driver's own reading treats `Active Directory Managed Identity`, `Active
 * Directory Default` and `Active Directory Service Principal` as a SQL login, and knows neither `Trust Server Certificate`
 * nor `Encrypt=Strict`.
 *
 * | in the string | signs in as |
 * |---|---|
 * | `Authentication=Active Directory Managed Identity` (or `MSI`), `User Id=<client id>` for a user-assigned one | the identity of the app |
 * | neither `Authentication` nor user nor password | the same, system-assigned |
 * | `Authentication=Active Directory Default`, `User Id` as above | the identity that is signed in: environment, identity, `az login` |
 * | `Authentication=Active Directory Service Principal`, `User Id`, `Password`, and `Tenant Id` | an app registration |
 * | `User Id` and `Password` (with or without `Authentication=Sql Password`) | a SQL login |
 *
 * The connection is always encrypted, and the server's certificate is checked unless the string says
 * `TrustServerCertificate=true`. Keywords that it does not know are ignored; the caller sets the timeouts.
 * @throws Error that says what is wrong and quotes no part of the string
 */
export function sqlServerConfiguration(connectionString: string): Configuration {
  const words = wordsOf(connectionString);
  const word = (...names: string[]): string | undefined =>
    names.map((name) => words.get(name)).find((value) => value !== undefined && value !== '');
  const address = /^(?:tcp:)?([^;=,\\\s]+)(?:\\([^,\s]+))?\s*(?:,\s*(\d{1,5}))?$/i.exec(
    word('server', 'datasource', 'addr', 'address', 'networkaddress') ?? '',
  );
  const [, server, instanceName, port] = address ?? [];
  if (server === undefined) {
    throw new Error(
      'The connection string names no server, or cannot be read. It should look like "Server=tcp:<name>.database.windows.net,1433;Database=<name>;…".',
    );
  }
  const database = word('database', 'initialcatalog');
  return {
    server: ['.', '(local)'].includes(server) ? 'localhost' : server,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(database === undefined ? {} : { database }),
    authentication: authenticationOf(word),
    options: {
      encrypt: encryptionOf(word('encrypt')),
      trustServerCertificate: isTrue(word('trustservercertificate')),
      multiSubnetFailover: isTrue(word('multisubnetfailover')),
      appName: word('applicationname', 'app') ?? 'csc-api-sender',
      // With a port the driver does not look for an instance.
      ...(instanceName === undefined || port !== undefined ? {} : { instanceName }),
    },
  };
}

/**
 * The keywords of an ADO.NET string, in lower case and without blanks; a value may be in quotes. Empty when the string is
 * broken.
 *
 * The driver's library for this, @tediousjs/connection-string, changes passwords: it treats braces as quotes, two semicolons as
 * one in the value, and after an empty value the next keyword as the value.
 */
function wordsOf(connectionString: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const word = /\s*(?:;|([^=;]+?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;"'][^;]*)?)\s*(?:;|$))/y;
  while (connectionString.slice(word.lastIndex).trim() !== '') {
    const match = word.exec(connectionString);
    if (match === null) return new Map();
    const [, name, inDouble, inSingle, bare] = match;
    if (name === undefined) continue;
    const value = inDouble?.replaceAll('""', '"') ?? inSingle?.replaceAll("''", "'") ?? bare?.trim() ?? '';
    words.set(name.toLowerCase().replace(/\s/g, ''), value);
  }
  return words;
}

function isTrue(value: string | undefined): boolean {
  return /^(true|yes)$/i.test(value ?? '');
}

function encryptionOf(value: string | undefined): boolean | 'strict' {
  if (/^(false|no|optional)$/i.test(value ?? '')) {
    throw new Error(
      'The connection string turns encryption off, and children’s records must travel encrypted: leave `Encrypt` out, and add `TrustServerCertificate=true` where the server has no certificate of its own.',
    );
  }
  return /^strict$/i.test(value ?? '') ? 'strict' : true;
}

function authenticationOf(word: (...names: string[]) => string | undefined): Authentication {
  const user = word('userid', 'uid', 'user');
  const password = word('password', 'pwd');
  const asked = word('authentication')?.toLowerCase().replace(/\s/g, '');
  switch (asked) {
    case 'activedirectorymanagedidentity':
    case 'activedirectorymsi':
      return managedIdentity(user);
    case 'activedirectorydefault':
      return {
        type: 'azure-active-directory-default',
        options: user === undefined ? {} : { clientId: user },
      };
    case 'activedirectoryserviceprincipal': {
      const tenantId = word('tenantid');
      if (user === undefined || password === undefined || tenantId === undefined) {
        throw new Error(
          'A service principal signs in with `User Id=<client id>`, `Password=<client secret>` and `Tenant Id=<tenant id>`, and one of them is missing from the connection string. Prefer `Authentication=Active Directory Managed Identity`, which needs no secret.',
        );
      }
      return {
        type: 'azure-active-directory-service-principal-secret',
        options: { clientId: user, clientSecret: password, tenantId },
      };
    }
    case undefined:
    case 'sqlpassword':
      break;
    default:
      throw new Error(
        'The connection string asks for an `Authentication` that this app does not support: it supports Active Directory Managed Identity, Active Directory Default, Active Directory Service Principal and Sql Password.',
      );
  }
  if (
    isTrue(word('integratedsecurity', 'trusted_connection')) ||
    /^sspi$/i.test(word('integratedsecurity') ?? '')
  ) {
    throw new Error(
      'The connection string asks for Windows authentication (Integrated Security), which an app on Linux cannot use: write `Authentication=Active Directory Managed Identity`, or a user and a password.',
    );
  }
  if (asked === undefined && user === undefined && password === undefined) return managedIdentity(undefined);
  if (user === undefined || password === undefined) {
    throw new Error(
      'The connection string has only one of `User Id` and `Password`: a SQL login needs both, and a managed identity with a client id needs `Authentication=Active Directory Managed Identity`.',
    );
  }
  return { type: 'default', options: { userName: user, password } };
}

/** @param clientId of a user-assigned identity; without it the system-assigned one */
function managedIdentity(clientId: string | undefined): Authentication {
  return {
    type: 'azure-active-directory-msi-app-service',
    options: clientId === undefined ? {} : { clientId },
  };
}
