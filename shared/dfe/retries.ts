import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { NoReply, Reply } from './answer.js';

export interface RetrySettings {
  /** How often a POST that DfE could not take is repeated before the whole chunk goes back to the queue. */
  readonly retries: number;
  /** The first wait; each further one is about twice as long, spread at random. */
  readonly firstWaitMs: number;
  /** The longest of these waits; `Retry-After` is honoured as far as the budget goes. */
  readonly longestWaitMs: number;
  /** No further try begins so long after the first one; waits and tries count. */
  readonly budgetMs: number;
}

/** Carries a reply that is worth another try through the retries. */
class TryLater extends Error {
  readonly reply: NoReply;

  constructor(reply: NoReply) {
    super('DfE could not take the batch now');
    this.reply = reply;
  }
}

/** Repeats a POST that DfE could not take, with growing, randomly spread waits, within a number of tries and a time. */
export async function repeated(
  post: () => Promise<Reply>,
  { retries, firstWaitMs, longestWaitMs, budgetMs }: RetrySettings,
): Promise<Reply> {
  const started = performance.now();
  try {
    return await pRetry(
      async () => {
        const reply = await post();
        if (reply.kind === 'none' && reply.why === 'later') throw new TryLater(reply);
        return reply;
      },
      {
        retries,
        minTimeout: firstWaitMs,
        maxTimeout: longestWaitMs,
        maxRetryTime: budgetMs,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof TryLater,
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (!(error instanceof TryLater) || retriesLeft === 0) return;
          const { retryAfterMs = 0 } = error.reply;
          // It does not wait for a try that will not come.
          if (performance.now() - started + retryAfterMs >= budgetMs) throw error;
          await delay(retryAfterMs);
        },
      },
    );
  } catch (error) {
    if (error instanceof TryLater) return error.reply;
    throw error;
  }
}
