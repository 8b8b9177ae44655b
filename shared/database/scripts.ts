import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, Row } from './database.js';

/** `infra/sql/` in the package's folder, seen from `dist/shared/database/`. */
const sqlFolder = join(__dirname, '..', '..', '..', 'infra', 'sql');

/** The value of each `$(Name)` in a script, by the name. */
type ScriptVariables = Readonly<Record<string, string>>;

/**
 * Runs a script of `infra/sql/` for the database's engine as sqlcmd would: with its variables filled in, batch by batch.
 * @param variables put into the text unchanged: names that have been checked, never text from outside
 * @returns the rows of the last batch
 */
export async function runScript(
  database: Database,
  file: string,
  variables: ScriptVariables,
): Promise<Row[]> {
  const script = await readFile(join(sqlFolder, database.engine, file), 'utf8');
  const filled = script.replace(/\$\((\w+)\)/g, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${file} needs a value for ${name}`);
    return value;
  });
  let rows: Row[] = [];
  for (const batch of filled.split(/^(?:-- )?GO\s*$/m)) {
    if (hasStatement(batch)) rows = await database.query(batch);
  }
  return rows;
}

/** The files that make and change the staging table, in order; a person runs the others. */
export async function migrationFiles(engine: Database['engine']): Promise<string[]> {
  return (await readdir(join(sqlFolder, engine))).filter((file) => /^\d{3}-.*\.sql$/.test(file)).sort();
}

function hasStatement(batch: string): boolean {
  return batch.split('\n').some((line) => line.trim() !== '' && !line.startsWith('--'));
}
