import { z } from 'zod';
import { isPlainDate } from '../child/dates.js';
import { rehearsalSchema } from '../child/rehearsal/rehearsal.js';
import { record } from './record.js';
import { nameIn } from './runFolder.js';
import { runIdSchema, type RunId } from './runId.js';

/** The attempt at the extract that counted, as its plan names it. */
interface RehearsalKey {
  readonly runId: RunId;
  readonly attempt: string;
}

/** The figures of the dress rehearsal of a run. Absent before 0.4. */
const rehearsalRecordSchema = rehearsalSchema.extend({
  /** The date of the run. */
  today: z.string().refine(isPlainDate),
});
export type RehearsalRecord = z.output<typeof rehearsalRecordSchema>;

/** One for each attempt, so that an attempt that comes too late does not write over what belongs to the plan. */
export const rehearsalRecord = record(
  ({ runId, attempt }: RehearsalKey) => nameIn(runId, `rehearsal/${attempt}.json`),
  rehearsalRecordSchema,
);

/**
 * The figures of the last run of a month, `2026-12`, that was neither a dry run nor paused: for comparing the years, as
 * they outlive their run. Each night writes over the one before. They hold numbers only.
 */
export const rehearsalOfMonthRecord = record(
  (month: string) => `rehearsals/${month}.json`,
  rehearsalRecordSchema.extend({ runId: runIdSchema }),
);
