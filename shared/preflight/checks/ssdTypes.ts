import { pass, shortMs, type Check } from '../check.js';
import { ssdTables } from './ssdTables.js';

export const ssdTypes = {
  name: 'ssdTypes',
  needs: ssdTables,
  limitMs: shortMs,
  look: async ({ ssd }) => {
    const columns = await (await ssd()).unfitColumns();
    if (columns.length === 0) return pass('Every column that the app reads has a type that it can read.');
    const found = columns
      .map(
        ({ column, type, expected, effect }) =>
          `${column} is ${type}, and ${expected} is expected: ${effect}.`,
      )
      .join('\n');
    return {
      outcome: 'warn',
      found,
      remedy:
        'Ask the people who fill the SSD for the types of its specification, or read a view that converts them (tableNames in a profile of your own).',
    };
  },
  remedy: "Give the app's login the right to see the definitions of the SSD tables.",
} as const satisfies Check;
