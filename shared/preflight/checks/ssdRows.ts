import { list, longMs, pass, warn, type Check } from '../check.js';
import { ssdTables } from './ssdTables.js';

/** Without rows in these tables there is no child to send. */
const keyTables = ['ssd_person', 'ssd_cin_episodes'] as const;

export const ssdRows = {
  name: 'ssdRows',
  needs: ssdTables,
  limitMs: longMs,
  look: async ({ ssd }) => {
    const counts = await (await ssd()).rowCounts();
    const found = `Rows: ${Object.entries(counts)
      .map(([table, rows]) => `${table} ${String(rows)}`)
      .join(', ')}.`;
    const empty = keyTables.filter((table) => counts[table] === 0);
    if (empty.length === 0) return pass(found);
    return warn(
      `Empty: ${list(empty)}. ${found}`,
      'Wait until the SSD is filled, or check SSD_SCHEMA. A run that finds the SSD empty is paused by a safety check.',
    );
  },
  remedy: "Give the app's login the right to read every table of the SSD.",
} as const satisfies Check;
