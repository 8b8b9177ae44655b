/** The message that a function handles, for when the process ends before the function does. */
export interface MessageInHand {
  /**
   * Puts the message back on its queue: visible at once, and as if it had not been tried.
   * @returns false when the function no longer has it
   */
  putBack(): Promise<boolean>;
  /** What the host does after a success, which it may no longer do: writes the outputs, and removes the message. */
  finish(): Promise<boolean>;
}

/** The time that the host gives a process before it ends it, in two parts. */
export interface Patience {
  /** How long functions may go on. */
  readonly finishMs: number;
  /** How long messages may then take to go back. */
  readonly putBackMs: number;
}

/** The process ends, and the handling of a message is cancelled. */
export class ProcessEndsError extends Error {
  override readonly name = 'ProcessEndsError';

  constructor() {
    super('The process ends: the next one does what is left.');
  }
}

/**
 * What runs in this process. The host may end it while functions run, and may even start some more; what they do with their
 * messages then is not settled by the host, which leaves such a message hidden for ten minutes. So from the moment when the
 * process is to end a message is settled here: finished with its outputs, or put back.
 */
export class Invocations {
  readonly #patience: Patience;
  readonly #after: (ms: number) => Promise<unknown>;
  readonly #running = new Set<Promise<unknown>>();
  readonly #breakOff = new Set<() => void>();
  #isEnding = false;

  /** @param after resolves after so many milliseconds, and keeps no process alive */
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

  /** Waits for what runs, as long as there is time, and then until all messages have gone back. Never fails. */
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
      // Where that fails the host may still do it; if not, the message comes again, and is found to have been dealt with.
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

  /** @throws ProcessEndsError when the time is over: what `work` still does is ignored then */
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

  /** Resolves at a moment when nothing runs. */
  async #settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}
