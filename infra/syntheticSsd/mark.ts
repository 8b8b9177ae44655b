import type { Database } from '../../shared/database/database.js';
import { markColumns, markTable } from '../../shared/ssd/inventedPeople.js';
import type { SsdSource } from './fill.js';
import { typeName } from './schema.js';

const text = { kind: 'text', padded: false } as const;
/** `made_by` says that the SSD is whole. The two others, which a release before this one did not write, say who is in it. */
const columns = {
  made_by: { ...text, length: 50 },
  seed: { ...text, length: null },
  person_id: { ...text, length: 48 },
} as const;

/** Makes the mark, or what it lacks of its columns. Until `markAs` no SSD is whole; the seeds of those before stay. */
export async function prepareMark(database: Database, schema: string): Promise<void> {
  const { engine } = database;
  const mark = `${schema}.${markTable}`;
  const known = await markColumns(database, schema);
  const declared = Object.entries(columns)
    .filter(([name]) => !known.has(name))
    .map(([name, type]) => `${name} ${typeName(engine, type)} NULL`);
  if (known.size === 0) {
    await database.query(`CREATE TABLE ${mark} (${declared.join(', ')})`);
    return;
  }
  for (const column of declared) await database.query(`ALTER TABLE ${mark} ADD ${column}`);
  await database.query(`DELETE FROM ${mark} WHERE seed IS NULL`);
  await database.query(`UPDATE ${mark} SET made_by = NULL`);
}

/** Says what a whole SSD was made from: the seed that gives its ids, or all ids that were in the files. */
export async function markAs(database: Database, schema: string, source: SsdSource): Promise<void> {
  const mark = `${schema}.${markTable}`;
  if (source.kind === 'folder') {
    await database.query(
      `INSERT INTO ${mark} (made_by, person_id) SELECT DISTINCT 'files', pers_person_id FROM ${schema}.ssd_person`,
    );
    return;
  }
  const { seed } = source;
  await database.query(`DELETE FROM ${mark} WHERE seed = @seed`, { seed });
  await database.query(`INSERT INTO ${mark} (made_by, seed) VALUES (@madeBy, @seed)`, {
    madeBy: madeBy(source),
    seed,
  });
}

/** Whether the SSD in `schema` was made here, whole, from this source; for another day it may have been. */
export async function isMarkedAs(
  database: Database,
  schema: string,
  source: SsdSource & { kind: 'synthetic' },
): Promise<boolean> {
  if (!(await markColumns(database, schema)).has('seed')) return false;
  const rows = await database.query(
    `SELECT COUNT(*) AS found FROM ${schema}.${markTable} WHERE made_by = @madeBy AND seed = @seed`,
    { madeBy: madeBy(source), seed: source.seed },
  );
  return Number(rows[0]?.['found']) > 0;
}

function madeBy({ children, seed }: SsdSource & { kind: 'synthetic' }): string {
  return `${children} children, seed ${seed}`.slice(0, columns.made_by.length);
}
