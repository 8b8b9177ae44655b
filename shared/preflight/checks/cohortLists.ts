import { reasonOf } from '../reasonOf.js';
import { count, Explained, pass, shortMs, warn, type Check } from '../check.js';
import { database } from './database.js';

/** What a run does with an empty list: it follows it. */
const emptyList = {
  cohortList: 'no child is sent, and every child that DfE holds is removed there',
  allowList: 'no child is sent, changed or removed',
} as const;

export const cohortLists = {
  name: 'cohortLists',
  needs: database,
  limitMs: shortMs,
  look: async (parts) => {
    const ssd = await parts.ssd();
    const lists = ssd.lists();
    if (lists.length === 0) {
      return pass('No list limits who is sent: COHORT_LIST_TABLE and COHORT_ALLOW_LIST_TABLE are not set.');
    }
    const found: string[] = [];
    const empty: string[] = [];
    for (const { list: kind, table } of lists) {
      try {
        const listed = await ssd.countListed(table);
        found.push(`${table} lists ${count(listed, 'id')}.`);
        if (listed === 0) empty.push(`${table} is empty: ${emptyList[kind]}.`);
      } catch (error) {
        throw new Explained(`The list ${table} cannot be read: ${reasonOf(error)}`);
      }
    }
    if (empty.length === 0) return pass(found.join(' '));
    return warn(empty.join(' '), 'Fill the list, or take it out of the settings.');
  },
  remedy:
    "Give the app's login the right to read it (SELECT, in a line that you add to grants.sql, and on PostgreSQL USAGE of its schema), check that it has a column person_id, or correct COHORT_LIST_TABLE and COHORT_ALLOW_LIST_TABLE.",
} as const satisfies Check;
