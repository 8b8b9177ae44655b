import { z } from 'zod';
import { isPlainDate } from '../child/dates.js';
import { rehearsalSchema } from '../child/rehearsal/rehearsal.js';
import { record } from './record.js';
import { nameIn } from './runFolder.js';
import type { RunId } from './runId.js';

/** The attempt at the extract that counted, as its plan names it. */
interface RehearsalKey {
  readonly runId: RunId;
  readonly attempt: string;
}

/** The figures of the dress rehearsal of a run. Absent before 0.3. */
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
