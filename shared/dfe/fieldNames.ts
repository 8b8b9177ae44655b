import { z } from 'zod';
import { newestCodeLists } from '../child/codes/codeLists.js';
import { childSchemaOf } from '../child/payload.js';

/** Every name of a field that a payload may hold: the same whatever the code lists of the year. */
const fieldNames = [
  ...new Set(namesIn(z.toJSONSchema(childSchemaOf(newestCodeLists), { unrepresentable: 'any' }))),
];

/** One of them, for a regular expression. The longer of two names that begin alike goes first. */
export const fieldName = `(?:${fieldNames.sort((one, other) => other.length - one.length).join('|')})`;

function* namesIn(value: unknown): Generator<string, void, undefined> {
  if (typeof value !== 'object' || value === null) return;
  const members: readonly (readonly [string, unknown])[] = Object.entries(value);
  for (const [key, member] of members) {
    if (key === 'properties' && typeof member === 'object' && member !== null) yield* Object.keys(member);
    yield* namesIn(member);
  }
}
