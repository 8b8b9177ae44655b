import { count, list, pass, shortMs, warn, type Check } from '../check.js';
import { ssdTables } from './ssdTables.js';

export const ssdIndexes = {
  name: 'ssdIndexes',
  needs: ssdTables,
  limitMs: shortMs,
  look: async ({ ssd, stagingTable, stagingApart }) => {
    const { withoutIndex, unservable } = await (
      await ssd()
    ).unindexedPersonColumns(stagingApart === undefined ? [stagingTable] : []);
    if (withoutIndex.length + unservable.length === 0) {
      return pass("Every person column of a table has an index that the app's queries can use.");
    }
    const found = [
      ...(withoutIndex.length === 0
        ? []
        : [`No index begins with ${count(withoutIndex.length, 'person column')}: ${list(withoutIndex)}.`]),
      ...(unservable.length === 0
        ? []
        : [
            `Queries cannot use an index on ${count(unservable.length, 'person column')}, because the values are converted row by row: ${unservable.map(({ column, because }) => `${column} ${because}`).join('; ')}.`,
          ]),
    ];
    const remedies = [
      'A run works without indexes, but takes longer.',
      ...(withoutIndex.length === 0
        ? []
        : ['Where the SSD is large, ask the DBA for an index on each column without one.']),
      ...(unservable.length === 0
        ? []
        : [
            "Ask who fills the SSD (for the staging table and your own lists, the DBA) to give each column whose values are converted the type and the collation of ssd_person's ids, and an index after that. docs/dba.md, Types of ids, says how.",
          ]),
    ];
    return warn(
      `${found.join(' ')} Each time the app reads a range of people, it reads the whole of these tables.`,
      remedies.join(' '),
    );
  },
  remedy: "Give the app's login the right to see the definitions of the SSD tables.",
} as const satisfies Check;
