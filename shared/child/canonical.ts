import { createHash } from 'node:crypto';
import type { Child, ChildPurge } from './payload.js';

/** The SHA-256 of a canonical payload in UTF-8, as 64 lower-case hexadecimal digits. */
export type PayloadHash = string;

/** A payload as text, and the hash of exactly that text. */
export interface CanonicalPayload {
  readonly json: string;
  readonly hash: PayloadHash;
}

/**
 * The canonical text of what DfE should hold about a child. Keys stand in the order of the payload, arrays in the
 * order `buildChild` gives them, absent values are left out: equal content gives equal bytes.
 */
export function canonical(payload: Child | ChildPurge): CanonicalPayload {
  const json = JSON.stringify(payload);
  return { json, hash: createHash('sha256').update(json, 'utf8').digest('hex') };
}
