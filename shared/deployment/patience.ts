/** The clock of steps that wait for Azure. */
export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Rejects when the person has interrupted. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Aborted when the person interrupts. */
  readonly interrupted?: AbortSignal;
}

export interface Patience {
  readonly clock: Clock;
  readonly seconds: number;
  readonly everySeconds: number;
  /** What happened and what to do, for when it takes longer. */
  readonly otherwise: () => string;
}

/** What Azure did not do in time. The message says what to do. */
export class TookTooLongError extends Error {}

/**
 * Asks again until there is an answer.
 * @param ask gives `undefined` while there is none
 * @throws TookTooLongError
 */
export async function askUntil<T>(
  ask: () => Promise<T | undefined>,
  { clock, seconds, everySeconds, otherwise }: Patience,
): Promise<T> {
  const deadline = clock.now() + seconds * 1000;
  for (;;) {
    clock.interrupted?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (clock.now() >= deadline) throw new TookTooLongError(otherwise());
    await clock.wait(everySeconds * 1000);
  }
}

/** Waits for work, but no longer than until the person interrupts: what must be put back can then be put back. */
export async function unlessInterrupted<T>(work: Promise<T>, { interrupted }: Clock): Promise<T> {
  if (interrupted === undefined) return await work;
  interrupted.throwIfAborted();
  let stop = (): void => undefined;
  const interruption = new Promise<never>((_, reject) => {
    stop = () => {
      reject(interrupted.reason instanceof Error ? interrupted.reason : new Error('It was interrupted.'));
    };
    interrupted.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, interruption]);
  } finally {
    interrupted.removeEventListener('abort', stop);
  }
}
