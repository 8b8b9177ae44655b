import { embedded, engineNamedBy } from './connectionKind.js';
import type { Database } from './database.js';
import { openEmbedded } from './embedded.js';
import { PostgresDatabase } from './postgres.js';
import type { ConnectOptions } from './transient.js';

/** Whether the database runs in this process, which can open it only once. */
export function isEmbedded(connectionString: string): boolean {
  return engineNamedBy(connectionString) === 'embedded';
}

/**
 * Opens the database that a connection string names: `embedded:` with an optional folder for PGlite, a URL for
 * a PostgreSQL server, else an ADO.NET or mssql string for SQL Server and Azure SQL.
 * @throws Error that quotes no part of a string that cannot be used
 */
export async function openDatabase(
  connectionString: string,
  options: ConnectOptions = {},
): Promise<Database> {
  const engine = engineNamedBy(connectionString);
  if (engine === 'unresolved') {
    throw new Error(
      'Azure could not read the Key Vault secret that it refers to. Check the address of the secret, that the identity of the app has the role Key Vault Secrets User on the vault, and that the app can reach the vault; then restart the app.',
    );
  }
  if (engine === 'embedded') {
    const folder = connectionString.slice(embedded.length);
    return new PostgresDatabase(await openEmbedded(folder === '' ? undefined : folder));
  }
  if (engine === 'PostgreSQL') {
    const { openPostgresServer } = await import('./postgresServer.js');
    return new PostgresDatabase(await openPostgresServer(connectionString, options));
  }
  const { SqlServerDatabase } = await import('./sqlServer.js');
  return SqlServerDatabase.connect(connectionString, options);
}
