import { z } from 'zod';

/** How many there are of something. */
export const count = z.int().nonnegative();

/** How many there are, by name. */
export const counts = z.record(z.string(), count);

/** A moment, as `Date.toISOString` says it. */
export const timestamp = z.iso.datetime();

/** A timestamp as the names of blobs and runs have it: they sort by it. */
export function inName(at: string): string {
  return at.replace(/[-:.]/g, '');
}
