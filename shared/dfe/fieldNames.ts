import { z } from 'zod';
import { newestCodeLists } from '../child/codes/codeLists.js';
import { childSchemaOf } from '../child/payload.js';

/** Every name of a field that a payload may have. It does not depend on the code lists of the year. */
const fieldNames = [
  ...new Set(namesIn(z.toJSONSchema(childSchemaOf(newestCodeLists), { unrepresentable: 'any' }))),
];

/** One of them, for a regular expression. Of two names that begin alike the longer one comes first. */
const fieldName = `(?:${fieldNames.sort((one, other) => other.length - one.length).join('|')})`;

/**
 * A path of names such as `child_details.sex`, for a regular expression.
 * @param index what may follow a name that is not the last one
 */
export function fieldPath(index = ''): string {
  return `${fieldName}(?:${index}\\.${fieldName})*`;
}

function* namesIn(value: unknown): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  for (const [key, member] of members) {
    if (key === 'properties' && typeof member === 'object' && member !== null) yield* Object.keys(member);
    yield* namesIn(member);
  }
}
