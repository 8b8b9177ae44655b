import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../shared/database/database.js';

/** The project's folder, from `dist/test/local/`. */
export const projectRoot = join(__dirname, '..', '..', '..');

/** Runs the scripts of `infra/sql/` that make the staging table, as a DBA would with sqlcmd. */
export async function migrate(database: Database, stagingTable: string): Promise<void> {
  const folder = join(projectRoot, 'infra', 'sql', database.engine);
  for (const file of (await readdir(folder)).sort()) {
    const script = await readFile(join(folder, file), 'utf8');
    const batches = script
      .replaceAll('$(StagingTableName)', stagingTable.split('.').at(-1) ?? stagingTable)
      .replaceAll('$(StagingTable)', stagingTable)
      .split(/^(?:-- )?GO\s*$/m);
    for (const batch of batches) if (batch.trim() !== '') await database.query(batch);
  }
}
