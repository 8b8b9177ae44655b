import { z } from 'zod';
import { totalsSchema } from './result.js';
import { ofRun } from './runFolder.js';
import { timestamp } from './scalars.js';

/**
 * How a run ended. `completed`: DfE has answered for every child, whether it accepted or refused it, and nothing older
 * can come after it; `completedWithFailures`: that is not so, and `explanation` says of how many; `cancelled`: a person
 * stopped what was not sent yet; `expired`: a safety check paused it and it was not approved in time; `unavailable`: DfE took nothing
 * for so long, or accepted no credential, or its answers could not be recorded, so that the rest was not tried; `failed`: the extract could not be done;
 * `replaced`: a nightly run that waited, and in whose place the next one came.
 */
export const summarySchema = z.object({
  status: z.enum([
    'completed',
    'completedWithFailures',
    'cancelled',
    'expired',
    'unavailable',
    'failed',
    'replaced',
  ]),
  endedAt: timestamp,
  totals: totalsSchema,
  explanation: z.string().optional(),
});
export type Summary = z.output<typeof summarySchema>;

export const summaryRecord = ofRun('summary.json', summarySchema);
