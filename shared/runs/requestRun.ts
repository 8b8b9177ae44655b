import type { PlainDate } from '../child/dates.js';
import type { Telemetry } from '../telemetry/events.js';
import type { ExtractMessage } from '../records/messages.js';
import type { RunId } from '../records/runId.js';
import { type RunRequest, areNightlyOfSameDate, askerOf, isNightly } from '../records/runRequest.js';
import type { ActiveRun, Change } from '../records/activeRun.js';
import type { RunStore } from '../records/runStore.js';
import { runIdAfter } from '../records/runId.js';
import { abandon, expire } from './finishRun.js';
import { nightlyRunInPlaceOf } from './nightlyRun.js';
import { activityOf } from '../records/activity.js';

export interface RequestRunDependencies {
  readonly telemetry: Telemetry;
  readonly runs: RunStore;
  readonly now: () => Date;
  /** The date on which a run that starts now reports. */
  readonly today: () => PlainDate;
  /** Whether the end of the SSD's refresh should request the nightly run, before the timer does. */
  readonly isStartedByRefresh: boolean;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** What the timer, the end of the SSD's refresh or a person asks for. */
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
  | { readonly outcome: 'busy'; readonly runId: RunId }
  /** Not needed: this is the run of the night. Only where the end of the SSD's refresh asked for one of the two. */
  | { readonly outcome: 'already'; readonly runId: RunId; readonly startedBy: 'refresh' | undefined };

/**
 * Requests a run. It becomes the active run by compare-and-set on one blob, which holds the whole request. The next
 * run can follow once the active one is over: a crash leaves nothing locked that `resumeStalledRuns` cannot finish.
 *
 * A nightly run always takes place: it ends a run that is still paused, waits for one that is in progress, and
 * replaces a nightly run that is already waiting, which `resumeStalledRuns` then ends. Only a second nightly run of
 * the same date is skipped while the first is paused, because the first can still be approved; and one that
 * `nightlyRunInPlaceOf` makes needless. A person's request is refused instead.
 */
export async function requestRun(
  wanted: NewRunRequest,
  { runs, now, today, randomHex, telemetry, isStartedByRefresh }: RequestRunDependencies,
): Promise<Requested> {
  const requestedAt = now();
  const random = randomHex();
  const asked = { ...wanted, requestedAt: requestedAt.toISOString(), today: today() };
  let runId = runIdAfter(undefined, requestedAt, random);
  const isByHand = !isNightly(wanted);
  const skipped = (reason: 'busy' | 'held' | 'waits' | 'refreshed' | 'late') => {
    const dimensions = { runId, trigger: askerOf(wanted), reason };
    telemetry.record({ name: 'RunSkipped', dimensions, measurements: {} });
  };
  const requested = await runs.activeRun.change(async (active): Promise<Change<Asked>> => {
    // The write had succeeded, its answer was lost, and the SDK repeated it.
    if (active?.run.runId === runId) return { outcome: { outcome: 'started', request: active.run } };
    runId = runIdAfter(await newestRun(active, runs), requestedAt, random);
    const already = await nightlyRunInPlaceOf(asked, active, runs);
    if (already !== undefined) {
      return { outcome: { outcome: 'already', runId: already.runId, startedBy: already.startedBy } };
    }
    const request: RunRequest = { ...asked, runId };
    const busy = active && (await whoIsBefore(active, request, runs, requestedAt));
    if (active === undefined || busy === undefined) {
      const next = nextActiveRun(active, request, await runs.time());
      return { next, outcome: { outcome: 'started', request } };
    }
    if (isByHand || busy.isPaused) {
      return { outcome: { outcome: 'busy', runId: busy.runId } };
    }
    return {
      next: { ...active, waiting: request },
      outcome: { outcome: 'waits', request, behind: busy.runId },
    };
  });
  const begins = requested.outcome === 'started' || requested.outcome === 'waits';
  if (begins && isStartedByRefresh && wanted.trigger === 'timer') {
    telemetry.record({ name: 'TimerStoodIn', dimensions: { runId }, measurements: {} });
  }
  switch (requested.outcome) {
    case 'busy':
      skipped(isByHand ? 'busy' : 'held');
      return requested;
    case 'already':
      // A repeated call for the run that it has started itself skips nothing.
      if (wanted.startedBy !== requested.startedBy) {
        skipped(wanted.startedBy === 'refresh' ? 'late' : 'refreshed');
      }
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
  | Extract<Requested, { readonly outcome: 'busy' | 'already' }>;

/** The run that must end before this one may begin. Runs that need not be waited for are ended here. */
async function whoIsBefore(
  active: ActiveRun,
  request: RunRequest,
  runs: RunStore,
  now: Date,
): Promise<{ readonly runId: RunId; readonly isPaused: boolean } | undefined> {
  const { runId } = active.run;
  const isByHand = !isNightly(request);
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
