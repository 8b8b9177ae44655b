import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Child, ChildPurge } from '../../../shared/child/payload.js';
import { pseudonymsOf } from '../../../shared/child/pseudonyms/pseudonyms.js';
import { isJsonArray, isJsonObject, parseJson, type Json, type JsonObject } from '../../local/dfe/json.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { payloadOf, today } from '../aPayload.js';
import { personsIn } from '../syntheticPersons.js';

export const keyOf = (secret: string) => createHash('sha256').update(secret).digest();
export const pseudonyms = pseudonymsOf(keyOf('a key'), []);

/** What travels, read back from its bytes. */
export function sentAs(source: object, by = pseudonyms): JsonObject {
  const sent = parseJson(new TextEncoder().encode(JSON.stringify(by.payload(source))));
  assert.ok(isJsonObject(sent));
  return sent;
}

/** A single value of a payload: where it stands, with the numbers of the list items (`.episodes[0].id`), and under which key. */
export interface Leaf {
  readonly place: string;
  readonly attribute: string;
  readonly value: null | boolean | number | string;
}

export function leavesOf(value: Json, place = '', attribute = ''): Leaf[] {
  if (isJsonArray(value))
    return value.flatMap((item, index) => leavesOf(item, `${place}[${String(index)}]`, attribute));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, held]) => leavesOf(held, `${place}.${key}`, key));
  return [{ place, attribute, value }];
}

/** By the names of payload_fields.csv alone: what may be about one child or worker. All else is a code, flag or score. */
export function classOf(attribute: string): 'id' | 'date' | 'text' | 'code' {
  if (attribute.endsWith('_id')) return 'id';
  if (attribute === 'date' || attribute.endsWith('_date') || attribute.includes('date_of_birth'))
    return 'date';
  const texts = ['first_name', 'surname', 'postcode', 'unique_pupil_number', 'former_unique_pupil_number'];
  return texts.includes(attribute) ? 'text' : 'code';
}

export const weekMs = 7 * 24 * 60 * 60_000;
export const upperCase = ({ value }: Leaf) => String(value).toUpperCase();

export const purgeOf = ({ la_child_id, mis_child_id }: Child): ChildPurge => ({
  la_child_id,
  mis_child_id,
  purge: true,
});

export const synthetic = personsIn(
  generateSsd({ children: 250, seed: 'pseudonyms', today, night: 5 }).entries(),
).map((rows) => payloadOf(rows));

/** The text at a place such as `.la_child_id`. */
export function textAt(sent: Json, place: string): string {
  const leaf = leavesOf(sent).find((one) => one.place === place);
  assert.ok(typeof leaf?.value === 'string', `no text at ${place}`);
  return leaf.value;
}
