import { z } from 'zod';
import type { Problem } from './answers.js';
import type { Headers } from '../access/principal.js';

/** What is wrong with a request, field by field; quotes no value of it. */
export const fieldErrorsSchema = z.strictObject({
  errors: z.array(
    z.strictObject({
      field: z.string().describe('Empty when it is the body as a whole.'),
      problem: z.string(),
    }),
  ),
});
export type FieldErrors = z.output<typeof fieldErrorsSchema>;

/** What a call needs in its body: JSON such as the example, or nothing at all. */
export type BodyRule = { readonly example?: object } | 'may be empty';

export interface BodyProblem {
  readonly status: 400 | 411;
  readonly jsonBody: FieldErrors | Problem;
}

/**
 * Why a request that needs a body and has none is refused: nothing that acts is asked for by saying nothing. The
 * Functions host gives the app no body that was sent in chunks, so an empty one may be a request that was lost on the way.
 * @returns `undefined` when the request has a body
 */
export function missingBody(
  headers: Headers,
  body: string,
  { example }: { readonly example?: object },
): BodyProblem | undefined {
  if (body.trim() !== '') return undefined;
  const json = example === undefined ? 'JSON' : `JSON such as ${JSON.stringify(example)}`;
  if (headers.get('transfer-encoding') !== null) {
    const error = `The body was lost: it was sent in chunks (Transfer-Encoding), and Azure Functions drops such a body. Nothing was done. Send it with the header Content-Length: ${json}`;
    return { status: 411, jsonBody: { error } };
  }
  const problem = `the body is missing or empty. Nothing was done. Send it with the header Content-Length: ${json}`;
  return { status: 400, jsonBody: { errors: [{ field: '', problem }] } };
}

/** In characters. */
export const longestReason = 500;

/** Why, in the words of whoever asks. */
export const reasonSchema = z
  .string('is needed: why, in a few words and without names')
  .trim()
  .min(1, 'is needed: why, in a few words and without names')
  .max(longestReason, `must not be longer than ${String(longestReason)} characters`)
  .describe('Why, in a few words; kept in the records. Write no names of children or parents in it.');

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
