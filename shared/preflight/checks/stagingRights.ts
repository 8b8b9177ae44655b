import { forbiddenSequence, tryStagingWrites } from '../../staging/stagingReadiness.js';
import { Explained, pass, shortMs, type Check } from '../check.js';
import { stagingTable } from './stagingTable.js';

export const stagingRights = {
  name: 'stagingRights',
  leavesTraces: true,
  needs: stagingTable,
  limitMs: shortMs,
  look: async (parts) => {
    const { stagingTable: table } = parts;
    const database = await parts.stagingDatabase();
    await tryStagingWrites(database, table);
    const sequence = await forbiddenSequence(database, table);
    if (sequence !== undefined) {
      throw new Explained(
        `The app's login may not use the sequence ${sequence}, which numbers new rows of ${table}.`,
      );
    }
    return pass(`${table} may be read and written; the test changed no row.`);
  },
  remedy:
    "Give the app's login SELECT, INSERT, UPDATE and DELETE on the staging table, and on PostgreSQL USAGE of the sequence of a serial id: grants.sql does so.",
} as const satisfies Check;
