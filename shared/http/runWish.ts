import { z } from 'zod';
import { scopeSchema } from '../run/runRecords.js';

const wishSchema = z
  .strictObject({
    scope: scopeSchema.default('outstanding'),
    /** The ids of the children to send again, for scope `children`. */
    children: z.array(z.string().min(1).max(20)).min(1).max(1000).optional(),
    reason: z.string().trim().min(1).max(500).optional(),
  })
  .refine((wish) => (wish.scope === 'children') === (wish.children !== undefined), {
    path: ['children'],
    message: 'goes with scope "children", and only with it',
  });

export type Wish = z.output<typeof wishSchema>;

/** What is wrong with a request body, field by field; quotes no value of it. */
export interface WishErrors {
  readonly errors: readonly { readonly field: string; readonly problem: string }[];
}

/** Reads the body of `POST /api/runs`; an empty one asks for what is outstanding. */
export function readWish(body: string): Wish | WishErrors {
  let json: unknown;
  try {
    json = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    return { errors: [{ field: '', problem: 'the body is not JSON' }] };
  }
  const wish = wishSchema.safeParse(json);
  if (wish.success) return wish.data;
  return {
    errors: wish.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) => ({ field, problem: 'is not a field of this request' }))
        : [{ field: issue.path.join('.'), problem: issue.message }],
    ),
  };
}
