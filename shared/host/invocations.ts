/** The message that a function handles, and what to do with it when the process ends before the function does. */
export interface MessageInHand {
  /**
   * Puts the message back on its queue: visible at once, and without counting the try.
   * @returns false when the process no longer has the message
   */
  putBack(): Promise<boolean>;
  /**
   * Does what the host would do after a success, in case it no longer can: writes the outputs, and removes the
   * message.
   */
  finish(): Promise<boolean>;
}

/** How the time that the host gives a process to end is divided. */
interface Patience {
  /** How long running functions may continue. */
  readonly finishMs: number;
  /** How long messages may then take to go back. */
  readonly putBackMs: number;
}

/** The process is ending, and a function was interrupted. */
export class ProcessEndsError extends Error {
  override readonly name = 'ProcessEndsError';

  constructor() {
    super('The process is ending: the next one does what was not done.');
  }
}

/**
 * The functions that run in this process. The host may end the process while functions run, and may even start more.
 * Then it does not settle their messages, but leaves them hidden for ten minutes. So once the process is ending, each
 * message is settled here: finished with its outputs, or put back.
 */
export class Invocations {
  readonly #patience: Patience;
  readonly #after: (ms: number) => Promise<unknown>;
  readonly #running = new Set<Promise<unknown>>();
  readonly #breakOff = new Set<() => void>();
  #isEnding = false;

  /** @param after resolves after a number of milliseconds, and does not keep the process alive */
  constructor(patience: Patience, after: (ms: number) => Promise<unknown>) {
    this.#patience = patience;
    this.#after = after;
  }

  /** Runs a function. @param message when it handles one */
  async run(handler: () => unknown, message?: MessageInHand): Promise<unknown> {
    const work = async (): Promise<unknown> => {
      return await handler();
    };
    const running = message === undefined ? work() : this.#handle(work, message);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits for running functions while there is time, and then until all messages have gone back. Never fails. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.race([this.#settled(), this.#after(this.#patience.finishMs)]);
    for (const breakOff of this.#breakOff) breakOff();
    await Promise.race([this.#settled(), this.#after(this.#patience.putBackMs)]);
  }

  async #handle(work: () => Promise<unknown>, message: MessageInHand): Promise<unknown> {
    try {
      if (this.#ends()) throw new ProcessEndsError();
      const result = await this.#untilBrokenOff(work());
      // If that fails, the host may still do it; if not, the message comes again, and is recognised as already handled.
      if (this.#ends()) await message.finish().catch(() => false);
      return result;
    } catch (error) {
      if (this.#ends() && (await message.putBack().catch(() => false))) return undefined;
      throw error;
    }
  }

  #ends(): boolean {
    return this.#isEnding;
  }

  /** @throws ProcessEndsError when the time is over; the result of `work` is then ignored */
  async #untilBrokenOff(work: Promise<unknown>): Promise<unknown> {
    let breakOff = (): void => undefined;
    const brokenOff = new Promise<never>((_resolve, reject) => {
      breakOff = () => {
        reject(new ProcessEndsError());
      };
    });
    this.#breakOff.add(breakOff);
    try {
      return await Promise.race([work, brokenOff]);
    } finally {
      this.#breakOff.delete(breakOff);
    }
  }

  /** Resolves when no function is running. */
  async #settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
