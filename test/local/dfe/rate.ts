/** Counts posts in a sliding window of one second by the given clock. */
export class Rate {
  readonly #now: () => Date;
  #let: readonly number[] = [];

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** True when one more post stays within `perSecond`; posts that it refuses do not count. */
  lets(perSecond: number): boolean {
    const at = this.#now().getTime();
    this.#let = this.#let.filter((earlier) => at - earlier < 1000);
    if (this.#let.length >= perSecond) return false;
    this.#let = [...this.#let, at];
    return true;
  }
}
