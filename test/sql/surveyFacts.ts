import type { Row } from '../../shared/database/database.js';
import { mostRows } from '../../shared/ssd/unassignedRows.js';

/** What every SELECT of a survey answers with: every row is found by its first way. */
export const healthy: Row = { all_rows: 9, found_1: 9, owns_1: 9 };

/** The same: some rows by every way, and some that contradict. */
export const unhealthy: Row = Object.fromEntries<number>([
  ...['all_rows', 'with_person', 'of_two'].map((name): [string, number] => [name, 9]),
  ['of_nobody', mostRows + 9],
  ...['found', 'owns', 'several', 'contradicts'].flatMap((what) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((way): [string, number] => [`${what}_${String(way)}`, 1]),
  ),
]);
