import { z } from 'zod';

/** What is wrong with a request, field by field; quotes no value of it. */
export const fieldErrorsSchema = z.strictObject({
  errors: z.array(
    z.strictObject({
      field: z.string().describe('Empty when the body as a whole is wrong.'),
      problem: z.string(),
    }),
  ),
});
export type FieldErrors = z.output<typeof fieldErrorsSchema>;

/** In characters. */
export const longestReason = 500;

/** Why, in the words of the person who asks. */
export const reasonSchema = z
  .string('is needed: why, in a few words and without names')
  .trim()
  .min(1, 'is needed: why, in a few words and without names')
  .max(longestReason, `must not be longer than ${String(longestReason)} characters`)
  .describe('Why, in a few words. It is kept in the records: do not name children or parents.');

/** Reads a JSON body; an empty one is none. */
export function readBody<Schema extends z.ZodType>(
  body: string,
  schema: Schema,
): z.output<Schema> | FieldErrors {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { errors: [{ field: '', problem: 'the body is not JSON' }] };
  }
  return readFields(json, schema);
}

/** Reads fields that a request gives. */
export function readFields<Schema extends z.ZodType>(
  fields: unknown,
  schema: Schema,
): z.output<Schema> | FieldErrors {
  const read = schema.safeParse(fields);
  if (read.success) return read.data;
  return {
    errors: read.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((field) => ({ field, problem: 'is not a field of this request' }))
        : [{ field: issue.path.join('.'), problem: issue.message }],
    ),
  };
}
