/** A pause that can be ended early; waking one that does not sleep ends its next sleep at once. */
export class WakeableSleep {
  #woken = false;
  #end: (() => void) | undefined;

  async sleep(milliseconds: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#woken = false;
    this.#end = undefined;
  }

  wake(): void {
    this.#woken = true;
    this.#end?.();
  }
}
