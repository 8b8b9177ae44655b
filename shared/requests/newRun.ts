import { z } from 'zod';
import { readBody, reasonSchema, type FieldErrors } from './fields.js';
import { scopeSchema } from '../records/runRequest.js';
import { submissionModeSchema } from '../child/submissionMode.js';

export const newRunSchema = z
  .strictObject({
    scope: z
      .enum(
        scopeSchema.options,
        `must be one of ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(scopeSchema.options)}`,
      )
      .describe(
        '`outstanding`: what DfE has neither accepted nor refused; `refused`: what DfE has refused, once more; `all`: every child in the cohort; `children`: the children named in `children`.',
      ),
    children: z
      .array(z.string().min(1).max(20))
      .min(1)
      .max(1000)
      .optional()
      .describe('Only with scope `children`: the ids of the children.'),
    mode: submissionModeSchema.optional().describe('For this run, instead of SUBMISSION_MODE.'),
    dryRun: z.boolean().optional().describe('`true`: everything except sending.'),
    approve: z.boolean().optional().describe('`true`: safety checks do not pause this run. Needs a reason.'),
    reason: reasonSchema.optional(),
    startedBy: z
      .literal('refresh')
      .optional()
      .describe(
        '`refresh`: the refresh of the SSD has ended, and this is the nightly run, of which there is one a date. Only with scope `outstanding`, and without `mode`, `dryRun` and `approve`. The role ssd-refresh is enough.',
      ),
  })
  .refine((run) => (run.scope === 'children') === (run.children !== undefined), {
    path: ['children'],
    message: 'is needed with scope "children", and allowed only with it',
  })
  .refine(
    ({ startedBy, scope, mode, dryRun, approve }) => {
      const others = [mode, dryRun, approve].filter((other) => other !== undefined);
      return startedBy === undefined || (scope === 'outstanding' && others.length === 0);
    },
    {
      path: ['startedBy'],
      message: 'is allowed only with scope "outstanding", and without "mode", "dryRun" and "approve"',
    },
  )
  .refine((run) => run.approve !== true || run.reason !== undefined, {
    path: ['reason'],
    message: 'is needed with "approve": why no safety check should pause this run',
  });

export type NewRun = z.output<typeof newRunSchema>;

/** Reads the body of `POST /api/runs`. */
export function readNewRun(body: string): NewRun | FieldErrors {
  return readBody(body, newRunSchema);
}
