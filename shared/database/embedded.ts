import { asText, dateTypes } from './dateTypes.js';
import type { PostgresConnection } from './postgres.js';

/**
 * PGlite, real PostgreSQL inside this process: the database of the laptop and of the tests.
 * @param folder where its files are kept; in memory when `undefined`
 */
export async function openEmbedded(folder: string | undefined): Promise<PostgresConnection> {
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    // A development dependency: a deployed app does not carry it.
    throw new Error('An embedded database is for a laptop: name the SSD in SSD_CONNECTION_STRING.', {
      cause: error,
    });
  });
  const parsers = Object.fromEntries(dateTypes.map((type) => [type, asText]));
  const database = await PGlite.create({ ...(folder === undefined ? {} : { dataDir: folder }), parsers });
  return {
    query: (sql, values) => database.query<Record<string, unknown>>(sql, values),
    transaction: (work) =>
      database.transaction((transaction) =>
        work({ query: (sql, values) => transaction.query<Record<string, unknown>>(sql, values) }),
      ),
    close: () => database.close(),
  };
}
