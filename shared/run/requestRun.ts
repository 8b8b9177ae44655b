import type { PlainDate } from '../child/dates.js';
import type { ExtractMessage, RunId, RunRequest } from './runRecords.js';
import type { RunStore } from './runStore.js';
import { expire, standingOf } from './standing.js';

export interface RequestRunDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
  /** The date on which a run that starts now reports. */
  readonly today: () => PlainDate;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** What is asked for: by the timer every night, or by a person. */
export type RunWish = Omit<RunRequest, 'runId' | 'requestedAt' | 'today'>;

/** What comes of a request. Only one run goes on at a time. */
export type Requested =
  | { readonly outcome: 'started'; readonly message: ExtractMessage }
  /** Begins when the run that is going on has ended; see `tendRuns`. */
  | { readonly outcome: 'waits'; readonly runId: RunId; readonly behind: RunId }
  /** Turned away: this run is going on, or is held and waits for approval. */
  | { readonly outcome: 'busy'; readonly runId: RunId };

/**
 * Asks for a run. The turn is taken by compare-and-set on one blob, which holds the whole request, and is free again
 * once the run that has it is over: a crash leaves nothing locked that `tendRuns` cannot finish.
 *
 * The nightly run never fails to come: it ends a run that a guard still holds, and waits for one that is going on. A
 * person is turned away instead.
 */
export async function requestRun(
  wish: RunWish,
  { runs, now, today, randomHex }: RequestRunDependencies,
): Promise<Requested> {
  const requestedAt = now();
  const request: RunRequest = {
    ...wish,
    runId: runIdAt(requestedAt, randomHex()),
    requestedAt: requestedAt.toISOString(),
    today: today(),
  };
  const { runId } = request;
  for (;;) {
    const found = await runs.readTurn();
    const current = found?.turn.run;
    // A write whose answer was lost on the way, and that was repeated, has happened.
    if (current?.runId === runId) break;
    const standing = current && (await standingOf(current, runs, requestedAt));
    if (current !== undefined && standing !== 'over') {
      if (wish.trigger === 'http') return { outcome: 'busy', runId: current.runId };
      if (standing === 'going on') {
        if (await runs.writeTurn({ run: current, waiting: request }, found?.tag)) {
          return { outcome: 'waits', runId, behind: current.runId };
        }
        continue;
      }
      await expire(current.runId, runs, requestedAt);
    } else if (wish.trigger === 'http' && found?.turn.waiting !== undefined) {
      return { outcome: 'busy', runId: found.turn.waiting.runId };
    }
    if (await runs.writeTurn({ run: request }, found?.tag)) break;
  }
  await runs.createRequest(request);
  return { outcome: 'started', message: { runId } };
}

function runIdAt(instant: Date, random: string): RunId {
  return `${instant.toISOString().replace(/[-:.]/g, '')}-${random}`;
}
