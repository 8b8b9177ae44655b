import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Child, ChildPurge } from './payload.js';

/**
 * The SHA-256 of a canonical payload in UTF-8, as 64 lower-case hexadecimal digits. Where it is sent under
 * pseudonyms, their id is included: the same payload under other pseudonyms is another payload for the receiver.
 */
export type PayloadHash = string;

/** A payload as text, and its hash. */
export interface CanonicalPayload {
  readonly json: string;
  readonly hash: PayloadHash;
}

/**
 * The canonical text of what DfE should hold about a child. Keys are in the order of the payload, arrays in the
 * order `buildChild` gives them, absent values are left out: equal content gives equal bytes.
 * @param pseudonyms the id of those under which it is sent; `undefined` when it is sent as it is
 */
export function canonical(payload: Child | ChildPurge, pseudonyms?: string): CanonicalPayload {
  const json = JSON.stringify(payload);
  return { json, hash: hashOf(json, pseudonyms) };
}

/** The hash of a canonical text; see `PayloadHash`. */
export function hashOf(json: string, pseudonyms: string | undefined): PayloadHash {
  const hash = createHash('sha256');
  if (pseudonyms !== undefined) hash.update(`${pseudonyms}\n`, 'utf8');
  return hash.update(json, 'utf8').digest('hex');
}

/**
 * Whether two payloads say the same, in any order of their keys and lists: Data to Insight's builder takes lists as
 * the database gives them.
 * @returns false also when one of the texts is not JSON
 */
export function sameContent(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(inOrder(JSON.parse(one)), inOrder(JSON.parse(other)));
  } catch {
    return false;
  }
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const texts = value.map((item: unknown) => JSON.stringify(inOrder(item)));
    return texts.sort();
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, inOrder(held)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
