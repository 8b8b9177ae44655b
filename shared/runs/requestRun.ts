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

/** What the timer or a person asks for. */
export type NewRunRequest = Omit<RunRequest, 'runId' | 'requestedAt' | 'today'>;

/** The outcome of a request. Only one run is active at a time. */
export type Requested =
  | { readonly outcome: 'started'; readonly message: ExtractMessage }
  /** It begins when the active run has ended; see `resumeStalledRuns`. */
  | { readonly outcome: 'waits'; readonly runId: RunId; readonly behind: RunId }
  /**
   * Refused: the run with this id is in progress, or is paused and waits for approval. A nightly run is refused only
   * when the other one is nightly too and of the same date.
   */
  | { readonly outcome: 'busy'; readonly runId: RunId };

/**
 * Requests a run. It becomes the active run by compare-and-set on one blob, which holds the whole request. The next
 * run can follow once the active one is over: a crash leaves nothing locked that `resumeStalledRuns` cannot finish.
 *
 * A nightly run always takes place: it ends a run that is still paused, waits for one that is in progress, and
 * replaces a nightly run that is already waiting, which `resumeStalledRuns` then ends. Only a second nightly run of
 * the same date is skipped while the first is paused, because the first can still be approved. A person's request is
 * refused instead.
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
    // The write had succeeded, its answer was lost, and the SDK repeated it.
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

/** The run that must end before this one may begin. Runs that need not be waited for are ended here. */
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
  // A nightly run that is already waiting goes before a person's request; the next nightly run replaces it.
  const { waiting } = active;
  if (waiting === undefined || (await runs.summary.read(waiting.runId)) !== undefined) return undefined;
  return isByHand ? { runId: waiting.runId, isPaused: false } : undefined;
}

/**
 * The active run that follows another. @param before `undefined` for the first run @param since by the clock of
 * storage
 */
export function nextActiveRun(before: ActiveRun | undefined, run: RunRequest, since: Date): ActiveRun {
  return { run, since: since.toISOString(), number: (before?.number ?? 0) + 1 };
}

/** The run after which the next one comes. */
async function newestRun(active: ActiveRun | undefined, runs: RunStore): Promise<RunId | undefined> {
  return active === undefined ? (await runs.runIds())[0] : (active.waiting ?? active.run).runId;
}
