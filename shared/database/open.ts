import type { Database } from './database.js';
import { openEmbedded } from './embedded.js';
import { PostgresDatabase } from './postgres.js';
import type { ConnectOptions } from './sqlServer.js';

const embedded = 'embedded:';

/**
 * Opens the database that a connection string names: `embedded:` with an optional folder for PGlite, else an ADO.NET
 * or mssql string for SQL Server and Azure SQL.
 */
export async function openDatabase(
  connectionString: string,
  options: ConnectOptions = {},
): Promise<Database> {
  if (connectionString.startsWith(embedded)) {
    const folder = connectionString.slice(embedded.length);
    return new PostgresDatabase(await openEmbedded(folder === '' ? undefined : folder));
  }
  if (/^postgres(ql)?:/.test(connectionString)) {
    throw new Error(
      'SSD_CONNECTION_STRING names a PostgreSQL server, which this version cannot read yet: it reads SQL Server and Azure SQL.',
    );
  }
  const { SqlServerDatabase } = await import('./sqlServer.js');
  return SqlServerDatabase.connect(connectionString, options);
}
