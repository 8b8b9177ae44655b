import { join } from 'node:path';
import { columnsWanted, neededTables } from '../../shared/ssd/layout.js';
import { profileNames } from '../../shared/ssd/profile.js';
import { profileOf } from '../../shared/ssd/profileFiles.js';
import { knownTables } from '../../shared/ssd/tables.js';
import { profilesIn } from '../packaging/ownFiles.js';
import { projectRoot } from '../projectRoot.js';

/** Loaded by `infra/modules/ssd-copy.bicep`. */
export const ssdCopyTablesFile = join(projectRoot, 'infra', 'modules', 'ssd-copy-tables.json');

/**
 * What the optional copy of the SSD brings to Azure SQL, for each value that SSD_PROFILE can have here: the tables and
 * columns that this system reads, under the names that they have in the database, and no others. Nothing can be sent
 * without the tables that may never be empty.
 */
export function ssdCopyTables(): string {
  const tables = Object.fromEntries(
    [...profileNames, ...profilesIn(projectRoot)].map((name) => {
      const { names } = profileOf(name, projectRoot);
      return [
        name,
        knownTables.map((table) => ({
          name: names.tableName(table),
          neverEmpty: neededTables.has(table),
          columns: columnsWanted(table, names).map((column) => names.columnName(table, column)),
        })),
      ];
    }),
  );
  return `${JSON.stringify(tables, null, 2)}\n`;
}
