import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends only on the parts: the same on every machine and in every run. */
export function fraction(...parts: readonly string[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/**
 * The seeded chance of each kind of fault. Every kind draws from its own sequence, so switching one fault on does not
 * change the others.
 */
export class Draws {
  readonly #seed: string;
  readonly #drawn = new Map<string, number>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The next number in [0, 1) of that kind. */
  next(kind: string): number {
    const count = this.#drawn.get(kind) ?? 0;
    this.#drawn.set(kind, count + 1);
    return fraction(this.#seed, kind, String(count));
  }

  /** Whether the next request has the fault, which this share (0 to 1) of requests has. */
  hits(kind: string, share: number | undefined): boolean {
    return share !== undefined && this.next(kind) < share;
  }
}
