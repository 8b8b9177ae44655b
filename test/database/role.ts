import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import type { TestEngine } from './engines.js';

/** Makes a role of PostgreSQL without any rights. */
export async function createRole(database: Database, role: string): Promise<void> {
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
}

/**
 * Works as such a role: on a server with its own login, since `SET ROLE` applies to only one of several connections; on PGlite,
 * which has only one, with `SET ROLE`.
 */
export async function asRole<T>(
  engine: TestEngine,
  database: Database,
  role: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (engine.connections === 'one') {
    await database.query(`SET ROLE ${role}`);
    try {
      return await work(database);
    } finally {
      await database.query('RESET ROLE');
    }
  }
  const url = new URL(engine.connectionString);
  url.username = role;
  url.password = role;
  const own = await openDatabase(url.href);
  try {
    return await work(own);
  } finally {
    await own.close();
  }
}
