import { z } from 'zod';
import { readBody, reasonSchema, type FieldErrors } from './fields.js';
import { scopeSchema } from '../records/runRequest.js';
import { submissionModeSchema } from '../child/submissionMode.js';

export const newRunSchema = z
  .strictObject({
    scope: z
      .enum(
        scopeSchema.options,
        `must be said: ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(scopeSchema.options)}`,
      )
      .describe(
        '`outstanding`: what DfE has neither acknowledged nor refused; `refused`: what DfE has refused, once more; `all`: every child of the cohort; `children`: those named.',
      ),
    children: z
      .array(z.string().min(1).max(20))
      .min(1)
      .max(1000)
      .optional()
      .describe('With scope `children`, and only with it: the ids of the children.'),
    mode: submissionModeSchema.optional().describe('For this run in place of SUBMISSION_MODE.'),
    dryRun: z.boolean().optional().describe('`true`: everything but sending.'),
    approve: z.boolean().optional().describe('`true`: guards do not hold this run. Needs a reason.'),
    reason: reasonSchema.optional(),
  })
  .refine((run) => (run.scope === 'children') === (run.children !== undefined), {
    path: ['children'],
    message: 'goes with scope "children", and only with it',
  })
  .refine((run) => run.approve !== true || run.reason !== undefined, {
    path: ['reason'],
    message: 'is needed with "approve": why no guard shall hold this run',
  });

export type NewRun = z.output<typeof newRunSchema>;

/** Reads the body of `POST /api/runs`. */
export function readNewRun(body: string): NewRun | FieldErrors {
  return readBody(body, newRunSchema);
}
