import { z } from 'zod';
import { ofRun } from './runFolder.js';
import { timestamp } from './scalars.js';

/** A person's decision about a run: the approval of one that is paused, or the cancellation of any. Written once. */
export const decisionSchema = z.object({
  at: timestamp,
  by: z.string(),
  reason: z.string().optional(),
});
export type Decision = z.output<typeof decisionSchema>;

/**
 * Why sending ended before everything was sent. `decision`: a person cancelled the run; `expiry`: a paused run was
 * not approved in time; `receiver`: DfE cannot be reached, accepts no credentials or does not answer, or its answers
 * cannot be recorded, and `reason` says which.
 */
export const cancellationSchema = decisionSchema.extend({
  cause: z.enum(['decision', 'expiry', 'receiver']),
});
export type Cancellation = z.output<typeof cancellationSchema>;

export const approvalRecord = ofRun('approval.json', decisionSchema);
export const cancellationRecord = ofRun('cancellation.json', cancellationSchema);
