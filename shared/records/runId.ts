import { z } from 'zod';
import { plainDate, type PlainDate } from '../child/dates.js';
import { inName } from './scalars.js';

/**
 * The time when a run was requested, to the millisecond, and a few random digits: it sorts by time and is not a
 * secret.
 */
export const runIdSchema = z.string().regex(/^\d{8}T\d{9}Z-[0-9a-f]{6}$/, 'not the id of a run');
export type RunId = z.output<typeof runIdSchema>;

/**
 * The id of a run that is requested at `instant`. Ids sort in the order of the runs, even when a clock is set back:
 * an id that would not come after `before` gets the millisecond after it.
 * @param random six hexadecimal digits
 */
export function runIdAfter(before: RunId | undefined, instant: Date, random: string): RunId {
  const earliest = before === undefined ? 0 : timeOf(before) + 1;
  return `${inName(new Date(Math.max(instant.getTime(), earliest)).toISOString())}-${random}`;
}

/** The first characters of the ids of runs that were requested at `instant`: later ids sort after them. */
export function idsFrom(instant: Date): string {
  return inName(instant.toISOString());
}

/** The date of UTC in an id. */
export function dateIn(runId: RunId): PlainDate {
  return plainDate(runId.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3'));
}

/** @returns 0 for an id without a time */
function timeOf(runId: RunId): number {
  const time = Date.parse(
    runId.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z.*$/, '$1-$2-$3T$4:$5:$6.$7Z'),
  );
  return Number.isNaN(time) ? 0 : time;
}
