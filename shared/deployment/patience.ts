/** The clock of steps that wait for Azure. */
export interface Clock {
  /** Milliseconds. */
  readonly now: () => number;
  /** Rejects when the person has interrupted. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** Aborted when the person interrupts. */
  readonly interrupted?: AbortSignal;
}

/** How long to wait for an answer, and how often to ask. */
interface Patience {
  readonly clock: Clock;
  readonly seconds: number;
  readonly everySeconds: number;
  /** Called before each wait. */
  readonly onWait?: () => void;
}

/** What Azure did not do in time. The message says what to do. */
class TookTooLongError extends Error {}

/**
 * Asks again until there is an answer.
 * @param ask gives `undefined` while there is none
 * @param otherwise what happened and what to do, for when it takes longer
 * @throws TookTooLongError
 */
export async function askUntil<T>(
  ask: () => Promise<T | undefined>,
  { otherwise, ...patience }: Patience & { readonly otherwise: () => string },
): Promise<T> {
  const answer = await askWithin(ask, patience);
  if (answer === undefined) throw new TookTooLongError(otherwise());
  return answer;
}

/**
 * Asks again for a while.
 * @param ask gives `undefined` while there is no answer
 * @returns `undefined` where there was none in that time
 */
export async function askWithin<T>(
  ask: () => Promise<T | undefined>,
  { clock, seconds, everySeconds, onWait }: Patience,
): Promise<T | undefined> {
  const deadline = clock.now() + seconds * 1000;
  for (;;) {
    clock.interrupted?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (clock.now() >= deadline) return undefined;
    onWait?.();
    await clock.wait(everySeconds * 1000);
  }
}

/**
 * Repeats an action while it fails for a reason that passes. After that time, the error of one more try counts.
 * @param passes whether this is such a reason
 */
export async function retryWhile<T>(
  action: () => Promise<T>,
  passes: (error: unknown) => boolean,
  patience: Patience,
): Promise<T> {
  const done = await askWithin(async () => {
    try {
      return { result: await action() };
    } catch (error) {
      if (!passes(error)) throw error;
      return undefined;
    }
  }, patience);
  return done === undefined ? await action() : done.result;
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
