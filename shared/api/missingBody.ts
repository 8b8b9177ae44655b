import type { Headers } from '../access/principal.js';
import type { FieldErrors } from '../requests/fields.js';
import type { Problem } from './answers.js';

/** What a call needs in its body: JSON such as the example, or nothing at all. */
export type BodyRule = { readonly example?: object } | 'may be empty';

interface BodyProblem {
  readonly status: 400 | 411;
  readonly jsonBody: FieldErrors | Problem;
}

/**
 * Why a request that needs a body and has none is refused: an empty body must not start anything. The
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
