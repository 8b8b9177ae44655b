import type { Database } from './database.js';
import { openEmbedded } from './embedded.js';
import { PostgresDatabase } from './postgres.js';
import type { ConnectOptions } from './sqlServer.js';

const embedded = 'embedded:';

/** Whether the database runs in this process, which can have it open only once. */
export function isEmbedded(connectionString: string): boolean {
  return connectionString.startsWith(embedded);
}

/**
 * Opens the database that a connection string names: `embedded:` with an optional folder for PGlite, a URL for
 * a PostgreSQL server, else an ADO.NET or mssql string for SQL Server and Azure SQL.
 */
export async function openDatabase(
  connectionString: string,
  options: ConnectOptions = {},
): Promise<Database> {
  if (isEmbedded(connectionString)) {
    const folder = connectionString.slice(embedded.length);
    return new PostgresDatabase(await openEmbedded(folder === '' ? undefined : folder));
  }
  if (/^postgres(ql)?:/i.test(connectionString)) {
    const { openPostgresServer } = await import('./postgresServer.js');
    return new PostgresDatabase(await openPostgresServer(connectionString));
  }
  const { SqlServerDatabase } = await import('./sqlServer.js');
  return SqlServerDatabase.connect(connectionString, options);
}
