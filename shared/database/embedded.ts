import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asText, dateTypes, type PostgresConnection } from './postgres.js';

/**
 * PGlite, real PostgreSQL inside this process: the database of the laptop and of the tests.
 * @param folder where its files are kept; in memory when `undefined`
 */
export async function openEmbedded(folder: string | undefined): Promise<PostgresConnection> {
  const { PGlite } = await import('@electric-sql/pglite').catch((error: unknown) => {
    // A development dependency: a deployed app does not carry it.
    throw new Error(
      'An embedded database is only for a laptop: set SSD_CONNECTION_STRING to the database of the SSD.',
      { cause: error },
    );
  });
  // PGlite makes the folder itself, but not those above it.
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const isNew = folder === undefined || !existsSync(join(folder, 'PG_VERSION'));
  const parsers = Object.fromEntries(dateTypes.map((type) => [type, asText]));
  const database = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    ...(isNew ? { loadDataDir: await emptyDatabase() } : {}),
    parsers,
  });
  return {
    query: (sql, values) => database.query<Record<string, unknown>>(sql, values),
    transaction: (work) =>
      database.transaction((transaction) =>
        work({ query: (sql, values) => transaction.query<Record<string, unknown>>(sql, values) }),
      ),
    close: () => database.close(),
  };
}

/** The templates are two more copies of an empty database, and no one makes another database in PGlite. */
const makeSmaller = [
  `ALTER SYSTEM SET shared_buffers = '16MB'`,
  `UPDATE pg_database SET datistemplate = false`,
  `DROP DATABASE template0`,
  `DROP DATABASE template1`,
] as const;

/**
 * The files of a database without a table. PGlite takes seconds to make them and a moment to copy them, so they are made
 * once for each installation and kept next to it. They are small, with little memory to clear: most of the time that an
 * opening takes goes by their size.
 */
async function emptyDatabase(): Promise<Blob> {
  const file = join(dirname(dirname(require.resolve('@electric-sql/pglite'))), '.small-empty-database.tar');
  if (existsSync(file)) return new Blob([await readFile(file)]);

  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] });
  for (const statement of makeSmaller) await database.exec(statement);
  const made = await database.dumpDataDir('none');
  await database.close();
  // Two processes may do this at once: the file appears whole, and either one is right.
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await writeFile(unfinished, Buffer.from(await made.arrayBuffer()));
    await rename(unfinished, file);
  } catch {
    // The installation cannot be written to: the next opening makes them again.
    await rm(unfinished, { force: true });
  }
  return made;
}
