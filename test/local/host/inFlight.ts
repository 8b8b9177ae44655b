/** Counts the work of a host that has begun and not ended. */
export class InFlight {
  #running = 0;
  #begun = 0;
  readonly #waiting = new Set<() => void>();

  /** How much work has ever begun: unchanged between two moments with none running means that nothing happened. */
  get begun(): number {
    return this.#begun;
  }

  get isEmpty(): boolean {
    return this.#running === 0;
  }

  /** Does the work, counted from now until it settles. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    this.#begun += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.isEmpty) for (const resolve of this.#waiting) resolve();
    }
  }

  /** Resolves at the next moment when nothing runs. */
  async whenEmpty(): Promise<void> {
    if (this.isEmpty) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        resolve();
      };
      this.#waiting.add(done);
    });
  }
}
