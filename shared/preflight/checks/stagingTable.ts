import { readStagingLayout } from '../../staging/stagingReadiness.js';
import { Explained, list, pass, shortMs, type Check } from '../check.js';
import { database } from './database.js';

export const stagingTable = {
  name: 'stagingTable',
  needs: database,
  limitMs: shortMs,
  look: async ({ stagingDatabase, stagingTable: table }) => {
    const layout = await readStagingLayout(await stagingDatabase(), table);
    if (layout === undefined) throw new Explained(`The app's login cannot see a table ${table}.`);
    const { missingColumns, unfitColumns, isUniqueByPerson } = layout;
    const problems = [
      ...(missingColumns.length === 0 ? [] : [`${table} does not have the columns ${list(missingColumns)}.`]),
      ...unfitColumns.map(({ column, problem }) => `${table}.${column} ${problem}.`),
      ...(isUniqueByPerson ? [] : [`${table} has no unique index on person_id alone.`]),
    ];
    if (problems.length > 0) throw new Explained(problems.join(' '));
    return pass(`${table} has every column and its unique index.`);
  },
  remedy:
    'Run npm run migrate: it makes and changes what it can, and names what you must change first. Check STAGING_TABLE.',
} as const satisfies Check;
