import { jsonAnswer, textAnswer, type HttpAnswer } from './answers.js';
import type { RefusalShape } from './faults.js';
import { isJsonArray, isJsonObject } from './json.js';
import type { ChildRecord, Violation } from './judge.js';

/** What is wrong with a batch: the violations of each rejected record by its place in the array. */
export type BadChildren = ReadonlyMap<number, readonly Violation[]>;

/**
 * The answer for a batch with at least one rejected record (nothing of it is taken in). DfE's error body is not
 * published; dfe-api.md says only that its text holds record indexes such as `[3]` and field names.
 *
 * - `errors` (default): `{ "errors": ["[0]: Record valid but batch failed", "[1].social_care_episodes[0].referral_source:
 *   must be …"] }`, every child of the batch named, including the valid ones
 * - `problem`: the ValidationProblemDetails of ASP.NET, the rejected records only:
 *   `{ "title": …, "status": 400, "errors": { "[1].social_care_episodes[0].referral_source": ["must be …"] }, … }`
 * - `paths`: plain text, a line for each violation: `body[1].social_care_episodes[0].referral_source must be …`
 * - `text`: plain text that names no child
 */
export function refusal(
  bad: BadChildren,
  batchSize: number,
  shape: RefusalShape = 'errors',
  status: 400 | 422 = 400,
): HttpAnswer {
  switch (shape) {
    case 'errors':
      return jsonAnswer(status, { errors: notes(bad, batchSize) });
    case 'problem':
      return jsonAnswer(status, problem(bad, status), {}, 'application/problem+json; charset=utf-8');
    case 'paths':
      return textAnswer(
        status,
        lines(bad, (index, { path, message }) => `body[${index}]${path} ${message}`),
      );
    case 'text':
      return textAnswer(
        status,
        'The request is invalid: at least one record does not meet the specification.',
      );
  }
}

/** The violation of a child that a fault refuses: in its first episode that is not removed, if there is one. */
export function refusedByFault({ social_care_episodes: episodes = [] }: ChildRecord): Violation {
  const sent = isJsonArray(episodes)
    ? episodes.findIndex((episode) => isJsonObject(episode) && episode['purge'] !== true)
    : -1;
  const path = sent < 0 ? '.child_details' : `.social_care_episodes[${sent}].referral_date`;
  return { path, message: 'Record is not valid' };
}

function notes(bad: BadChildren, batchSize: number): readonly string[] {
  return Array.from({ length: batchSize }, (_, index) => {
    const violations = bad.get(index);
    if (violations === undefined) return [`[${index}]: Record valid but batch failed`];
    return violations.map(({ path, message }) => `[${index}]${path}: ${message}`);
  }).flat();
}

function problem(bad: BadChildren, status: number) {
  const byPath = new Map<string, string[]>();
  for (const [index, violations] of bad) {
    for (const { path, message } of violations) {
      const name = `[${index}]${path}`;
      byPath.set(name, [...(byPath.get(name) ?? []), message]);
    }
  }
  return {
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status,
    errors: Object.fromEntries(byPath),
  };
}

function lines(bad: BadChildren, line: (index: number, violation: Violation) => string): string {
  return [...bad].flatMap(([index, violations]) => violations.map((one) => line(index, one))).join('\n');
}
