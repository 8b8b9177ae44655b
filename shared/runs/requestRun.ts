import type { PlainDate } from '../child/dates.js';
import type { Telemetry } from '../telemetry/events.js';
import type { ExtractMessage } from '../records/messages.js';
import type { RunId } from '../records/runId.js';
import { type RunRequest, areNightlyOfSameDate } from '../records/runRequest.js';
import type { ActiveRun, Change } from '../records/activeRun.js';
import type { RunStore } from '../records/runStore.js';
import { runIdAfter } from '../records/runId.js';
import { abandon, expire } from './finishRun.js';
import { activityOf } from '../records/activity.js';

export interface RequestRunDependencies {
  readonly telemetry: Telemetry;
  readonly runs: RunStore;
  readonly now: () => Date;
  /** The date on which a run that starts now reports. */
  readonly today: () => PlainDate;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** What is asked for: by the timer, or by a person. */
export type NewRunRequest = Omit<RunRequest, 'runId' | 'requestedAt' | 'today'>;

/** What comes of a request. Only one run goes on at a time. */
export type Requested =
  | { readonly outcome: 'started'; readonly message: ExtractMessage }
  /** Begins when the run that is going on has ended; see `resumeStalledRuns`. */
  | { readonly outcome: 'waits'; readonly runId: RunId; readonly behind: RunId }
  /** Turned away: this run is going on, or is paused and waits for approval. The nightly run only by one of the same date. */
  | { readonly outcome: 'busy'; readonly runId: RunId };

/**
 * Asks for a run. The turn is taken by compare-and-set on one blob, which holds the whole request, and is free again
 * once the run that has it is over: a crash leaves nothing locked that `resumeStalledRuns` cannot finish.
 *
 * The nightly run never fails to come: it ends a run that is still paused, waits for one that is going on, and takes
 * the place of a nightly run that waits already, which `resumeStalledRuns` then ends. Only a second one of the same date is skipped
 * while the first is paused: the first can still be approved. A person is turned away instead.
 */
export async function requestRun(
  wanted: NewRunRequest,
  { runs, now, today, randomHex, telemetry }: RequestRunDependencies,
): Promise<Requested> {
  const requestedAt = now();
  const random = randomHex();
  const asked = { ...wanted, requestedAt: requestedAt.toISOString(), today: today() };
  let runId = runIdAfter(undefined, requestedAt, random);
  const skipped = (reason: 'busy' | 'held' | 'waits') => {
    const dimensions = { runId, trigger: wanted.trigger, reason };
    telemetry.record({ name: 'RunSkipped', dimensions, measurements: {} });
  };
  const requested = await runs.activeRun.change(async (active): Promise<Change<Asked>> => {
    // A write whose answer was lost on the way, and that was repeated, has happened.
    if (active?.run.runId === runId) return { outcome: { outcome: 'started', request: active.run } };
    runId = runIdAfter(await newestRun(active, runs), requestedAt, random);
    const request: RunRequest = { ...asked, runId };
    const busy = active && (await whoIsBefore(active, request, runs, requestedAt));
    if (active === undefined || busy === undefined) {
      const next = nextActiveRun(active, request, await runs.time());
      return { next, outcome: { outcome: 'started', request } };
    }
    if (wanted.trigger === 'http' || busy.isPaused) {
      return { outcome: { outcome: 'busy', runId: busy.runId } };
    }
    return {
      next: { ...active, waiting: request },
      outcome: { outcome: 'waits', request, behind: busy.runId },
    };
  });
  switch (requested.outcome) {
    case 'busy':
      skipped(wanted.trigger === 'http' ? 'busy' : 'held');
      return requested;
    case 'waits':
      await runs.request.create(requested.request);
      skipped('waits');
      return { outcome: 'waits', runId, behind: requested.behind };
    case 'started':
      await runs.request.create(requested.request);
      return { outcome: 'started', message: { runId: requested.request.runId } };
  }
}

type Asked =
  | { readonly outcome: 'started'; readonly request: RunRequest }
  | { readonly outcome: 'waits'; readonly request: RunRequest; readonly behind: RunId }
  | { readonly outcome: 'busy'; readonly runId: RunId };

/** The run that must end before this one may begin. Ends those that need not be waited for. */
async function whoIsBefore(
  active: ActiveRun,
  request: RunRequest,
  runs: RunStore,
  now: Date,
): Promise<{ readonly runId: RunId; readonly isPaused: boolean } | undefined> {
  const { runId } = active.run;
  const isByHand = request.trigger === 'http';
  switch ((await activityOf(active, runs)).activity) {
    case 'going on':
      return { runId, isPaused: false };
    case 'paused':
      if (isByHand || areNightlyOfSameDate(active.run, request)) return { runId, isPaused: true };
      if (!(await expire(runId, runs, now))) return { runId, isPaused: false };
      break;
    case 'abandoned':
      await abandon(runId, runs, now);
      break;
    case 'over':
  }
  // A request by a person comes after the nightly run that waits already; the next nightly run takes its place.
  const { waiting } = active;
  if (waiting === undefined || (await runs.summary.read(waiting.runId)) !== undefined) return undefined;
  return isByHand ? { runId: waiting.runId, isPaused: false } : undefined;
}

/** The turn that follows another. @param before `undefined` for the first one @param since by the clock of storage */
export function nextActiveRun(before: ActiveRun | undefined, run: RunRequest, since: Date): ActiveRun {
  return { run, since: since.toISOString(), number: (before?.number ?? 0) + 1 };
}

/** The run after which the next one comes. */
async function newestRun(active: ActiveRun | undefined, runs: RunStore): Promise<RunId | undefined> {
  return active === undefined ? (await runs.runIds())[0] : (active.waiting ?? active.run).runId;
}
