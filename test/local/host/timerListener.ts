import { Cron } from 'croner';
import { ncrontab } from '../../../shared/host/schedule.js';
import type { FunctionRunner } from './functionRunner.js';
import type { IndexedFunction, TimerTrigger } from './indexing.js';
import { WakeableSleep } from './wakeableSleep.js';

/** What is kept of a timer from one host to the next: when it ran, and when it was to run next. */
export interface TimerStatus {
  readonly Last: string;
  readonly LastUpdated: string;
  readonly Next: string;
}

/** The statuses by the name of the function: what the real host has in storage. */
export type TimerStatuses = Map<string, TimerStatus>;

/**
 * Runs one timer function at its occurrences, one at a time: an occurrence during a run is left out.
 * A failed run is not repeated, unless the function has a retry policy. What was missed while no host ran, however often,
 * runs once at the start, with `isPastDue`.
 */
export class TimerListener {
  readonly #indexed: IndexedFunction<TimerTrigger>;
  readonly #runner: FunctionRunner;
  readonly #statuses: TimerStatuses;
  readonly #retryDelays = new Set<WakeableSleep>();
  #job: Cron | undefined;
  #stopped = false;

  constructor(indexed: IndexedFunction<TimerTrigger>, runner: FunctionRunner, statuses: TimerStatuses) {
    this.#indexed = indexed;
    this.#runner = runner;
    this.#statuses = statuses;
  }

  start(): void {
    const { name, trigger, isDisabled } = this.#indexed;
    if (isDisabled) return;
    const oneAtATime = { ...ncrontab, protect: true };
    this.#job = new Cron(trigger.schedule, oneAtATime, () => this.#runOccurrence(false));
    const status = this.#statuses.get(name);
    const isPastDue = status !== undefined && Date.parse(status.Next) < Date.now();
    if (isPastDue) void this.#runOccurrence(true);
    else this.#note(status?.Last ?? never);
  }

  /** No occurrence follows and no retry; what runs goes on. */
  stop(): void {
    this.#stopped = true;
    this.#job?.stop();
    for (const delay of this.#retryDelays) delay.wake();
  }

  /** Runs the function now, whether or not it is running; resolves when it, with its retries, has ended. */
  async runNow(isPastDue = false): Promise<void> {
    const { name, trigger, registered } = this.#indexed;
    const retry = registered.metadata.retryOptions;
    const timer = JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: this.#statuses.get(name) ?? null,
      IsPastDue: isPastDue,
    });
    const inputData = [{ name: trigger.name, data: { json: timer } }];
    for (let retryCount = 0; ; retryCount++) {
      const outcome = await this.#runner.run(this.#indexed, { inputData });
      if (!('error' in outcome) || retry === undefined) return;
      if (retryCount >= retry.maxRetryCount || this.#stopped) return;
      await this.#delay(retry.delayInterval?.seconds ?? 0);
      if (this.#isStopped()) return;
    }
  }

  async #runOccurrence(isPastDue: boolean): Promise<void> {
    const last = this.#job?.currentRun() ?? new Date();
    await this.runNow(isPastDue);
    this.#note(last.toISOString());
  }

  #note(last: string): void {
    this.#statuses.set(this.#indexed.name, {
      Last: last,
      LastUpdated: new Date().toISOString(),
      Next: this.#job?.nextRun()?.toISOString() ?? '',
    });
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

/** What .NET takes for no time at all. */
const never = '0001-01-01T00:00:00';
