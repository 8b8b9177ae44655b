import { z } from 'zod';
import { totalsSchema } from './result.js';
import { ofRun } from './runFolder.js';
import { timestamp } from './scalars.js';

/**
 * How a run ended. `completed`: DfE has answered for every child, whether it accepted or refused it, and nothing
 * older can come after it; `completedWithFailures`: for some children this is not so, and `explanation` says how
 * many; `cancelled`: a person stopped what was not sent yet; `expired`: a safety check paused it and it was not
 * approved in time; `unavailable`: the rest was not tried, because DfE took nothing for too long, accepted no
 * credentials, or its answers could not be recorded; `failed`: the extract could not be completed; `replaced`: a
 * nightly run that waited, until the next one took its place.
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
