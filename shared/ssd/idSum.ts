import { createHash } from 'node:crypto';

/** Where an id is: a list may name a child that is in ssd_person as well. */
const idSources = ['ssd_person', 'cohortList', 'allowList'] as const;
/** The ids of one range, as the database gives them. */
export type IdsRead = Readonly<Record<(typeof idSources)[number], readonly string[]>>;

const modulus = 2n ** 256n;

/**
 * A sum over ids, for comparing two readings: the same ids give the same sum in any order and any ranges, and other
 * ids give another sum. No id is kept.
 */
export class IdSum {
  #sum: bigint;

  /** @param soFar the text of another sum, which this one continues */
  constructor(soFar = '0') {
    this.#sum = BigInt(`0x${soFar}`);
  }

  add(ids: IdsRead): void {
    for (const source of idSources) {
      for (const id of ids[source]) {
        const hash = createHash('sha256')
          .update(JSON.stringify([source, id]))
          .digest('hex');
        this.#sum = (this.#sum + BigInt(`0x${hash}`)) % modulus;
      }
    }
  }

  /** In hexadecimal digits. */
  text(): string {
    return this.#sum.toString(16);
  }
}
