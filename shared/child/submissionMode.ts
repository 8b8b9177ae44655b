import { z } from 'zod';

/**
 * How much of a child is sent. `changes`: each new or changed child whole; `snapshot`: every child of the cohort
 * whole; `partial`: only the changed blocks of a changed child.
 */
export const submissionModeSchema = z.enum(['changes', 'snapshot', 'partial']);
export type SubmissionMode = z.output<typeof submissionModeSchema>;
