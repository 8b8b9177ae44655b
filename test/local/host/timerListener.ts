import { Cron } from 'croner';
import { ncrontab } from '../../../shared/schedule.js';
import type { FunctionRunner } from './functionRunner.js';
import type { IndexedFunction, TimerTrigger } from './indexing.js';
import type { RetryOptions } from './workerApi.js';
import { WakeableSleep } from './wakeableSleep.js';

/**
 * Runs one timer function at its occurrences, one at a time: an occurrence during a run is left out.
 * A failed run is not repeated, unless the function has a retry policy.
 *
 * The status of the schedule is held in memory: a restart forgets missed occurrences, and `isPastDue` is always false.
 */
export class TimerListener {
  readonly #indexed: IndexedFunction<TimerTrigger>;
  readonly #runner: FunctionRunner;
  readonly #retryDelays = new Set<WakeableSleep>();
  #job: Cron | undefined;
  #stopped = false;
  #status: { Last: string; LastUpdated: string; Next: string } | null = null;

  constructor(indexed: IndexedFunction<TimerTrigger>, runner: FunctionRunner) {
    this.#indexed = indexed;
    this.#runner = runner;
  }

  start(): void {
    const oneAtATime = { ...ncrontab, protect: true };
    this.#job = new Cron(this.#indexed.trigger.schedule, oneAtATime, () => this.#runOccurrence());
    if (this.#indexed.trigger.runOnStartup) void this.runNow();
  }

  /** No occurrence follows and no retry; what runs goes on. */
  stop(): void {
    this.#stopped = true;
    this.#job?.stop();
    for (const delay of this.#retryDelays) delay.wake();
  }

  /** Runs the function now, whether or not it is running; resolves when it, with its retries, has ended. */
  async runNow(): Promise<void> {
    const { trigger, registered } = this.#indexed;
    const retry = registered.metadata.retryOptions;
    const timer = JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: this.#status,
      IsPastDue: false,
    });
    const inputData = [{ name: trigger.name, data: { json: timer } }];
    let lastError: { exception?: { message: string } } = {};
    for (let retryCount = 0; ; retryCount++) {
      const retryContext = retry && { retryCount, maxRetryCount: retry.maxRetryCount, ...lastError };
      const outcome = await this.#runner.run(this.#indexed, {
        inputData,
        ...(retryContext && { retryContext }),
      });
      const triesAgain = retry && (retryCount < retry.maxRetryCount || retry.maxRetryCount === -1);
      if ('response' in outcome || !triesAgain || this.#stopped) return;
      lastError = { exception: { message: outcome.error.message } };
      await this.#delay(retryDelay(retry, retryCount));
      if (this.#isStopped()) return;
    }
  }

  async #runOccurrence(): Promise<void> {
    await this.runNow();
    const next = this.#job?.nextRun()?.toISOString() ?? '';
    this.#status = {
      Last: this.#job?.currentRun()?.toISOString() ?? '',
      LastUpdated: new Date().toISOString(),
      Next: next,
    };
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  async #delay(seconds: number): Promise<void> {
    const delay = new WakeableSleep();
    this.#retryDelays.add(delay);
    await delay.sleep(seconds * 1000);
    this.#retryDelays.delete(delay);
  }
}

/** Seconds before the next try. */
function retryDelay(retry: RetryOptions, retryCount: number): number {
  if (retry.retryStrategy === 'fixedDelay') return retry.delayInterval?.seconds ?? 0;
  const shortest = retry.minimumInterval?.seconds ?? 0;
  return Math.min(shortest * 2 ** retryCount, retry.maximumInterval?.seconds ?? Infinity);
}
