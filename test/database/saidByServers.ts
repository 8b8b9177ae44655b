import assert from 'node:assert/strict';
import { inspect } from 'node:util';

/** What a server, a trigger or a driver may say, with the name of a child wherever a text is possible. */
export const said = [
  'Cannot insert duplicate key row. The duplicate key value is (Ffion (1)).',
  "String or binary data would be truncated in table 't', column 'c'. Truncated value: 'Ffion O'Brien'.",
  "Conversion failed when converting date and/or time from character string 'Ffion'.",
  'trigger trg_audit: Ffion, born 2012-06-15, has no such address',
  'invalid input syntax for type date: "Ffion "said""',
  'Failing row contains (1, Ffion).',
];

/** Fails when any part of the error has a child's name or birthday from `said`. */
export function assertQuotesNothing(error: unknown): void {
  assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /Ffion|2012-06-15|FFION/);
}
