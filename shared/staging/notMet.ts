import type { IdKey } from '../database/idForm.js';
import type { StagedChild } from './stagedChild.js';

/**
 * The staged children of a range that were not met in the SSD so far. The SSD may take two spellings for one id that the
 * staging table keeps apart: then a child has a row for each, and is met by both.
 */
export class NotMet {
  readonly #byKey = new Map<string, StagedChild[]>();
  readonly #keyOf: IdKey;

  /** @param keyOf the same for all ids that the SSD takes for one */
  constructor(children: readonly StagedChild[], keyOf: IdKey) {
    this.#keyOf = keyOf;
    for (const child of children) {
      const spellings = this.#byKey.get(keyOf(child.personId));
      if (spellings === undefined) this.#byKey.set(keyOf(child.personId), [child]);
      else spellings.push(child);
    }
  }

  /** What is known of a child: by this spelling of its id, else by another one. */
  known(id: string): StagedChild | undefined {
    const spellings = this.#byKey.get(this.#keyOf(id));
    return spellings?.find(({ personId }) => personId === id) ?? spellings?.[0];
  }

  met(id: string): void {
    this.#byKey.delete(this.#keyOf(id));
  }

  all(): StagedChild[] {
    return [...this.#byKey.values()].flat();
  }
}
