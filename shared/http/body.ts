import type { z } from 'zod';

/** What is wrong with a request body, field by field; quotes no value of it. */
export interface WishErrors {
  readonly errors: readonly { readonly field: string; readonly problem: string }[];
}

/** Reads a JSON body; an empty one counts as `{}`. */
export function readBody<Schema extends z.ZodType>(
  body: string,
  schema: Schema,
): z.output<Schema> | WishErrors {
  let json: unknown;
  try {
    json = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    return { errors: [{ field: '', problem: 'the body is not JSON' }] };
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  return {
    errors: read.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) => ({ field, problem: 'is not a field of this request' }))
        : [{ field: issue.path.join('.'), problem: issue.message }],
    ),
  };
}
