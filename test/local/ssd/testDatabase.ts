import type { Database } from '../../../shared/database/database.js';
import type { System } from './layout.js';
import { createTables, dropTables } from './schema.js';

/** Connection strings of the engines to test on: PGlite always, SQL Server when `TEST_SQLSERVER` names one. */
export const testEngines: readonly { readonly name: string; readonly connectionString: string }[] = [
  { name: 'PGlite', connectionString: 'embedded:' },
  ...(process.env['TEST_SQLSERVER'] === undefined
    ? []
    : [{ name: 'SQL Server', connectionString: process.env['TEST_SQLSERVER'] }]),
];

/** Makes the SSD tables of `schema` anew, empty. */
export async function emptySsd(
  database: Database,
  schema: string,
  system: System = 'systemc',
): Promise<void> {
  const { engine } = database;
  for (const statement of dropTables(engine, schema)) await database.query(statement);
  for (const statement of createTables(engine, schema, system)) await database.query(statement);
}
