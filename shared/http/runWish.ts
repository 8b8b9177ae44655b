import { z } from 'zod';
import { readBody, type WishErrors } from './body.js';
import { scopeSchema, submissionModeSchema } from '../run/runRecords.js';

const wishSchema = z
  .strictObject({
    scope: scopeSchema.default('outstanding'),
    /** The ids of the children to send again, for scope `children`. */
    children: z.array(z.string().min(1).max(20)).min(1).max(1000).optional(),
    mode: submissionModeSchema.optional(),
    dryRun: z.boolean().optional(),
    approve: z.boolean().optional(),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .refine((wish) => (wish.scope === 'children') === (wish.children !== undefined), {
    path: ['children'],
    message: 'goes with scope "children", and only with it',
  });

export type Wish = z.output<typeof wishSchema>;

/** Reads the body of `POST /api/runs`; an empty one asks for what is outstanding. */
export function readWish(body: string): Wish | WishErrors {
  return readBody(body, wishSchema);
}
