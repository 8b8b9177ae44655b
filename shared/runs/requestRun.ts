import type { PlainDate } from '../child/dates.js';
import type { Telemetry } from '../telemetry/events.js';
import type { ExtractMessage, RunId, RunRequest, ActiveRun } from '../records/runRecords.js';
import { runIdAfter } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { abandon, expire, isSameNight, standingOf } from './standing.js';

export interface RequestRunDependencies {
  readonly telemetry: Telemetry;
  readonly runs: RunStore;
  readonly now: () => Date;
  /** The date on which a run that starts now reports. */
  readonly today: () => PlainDate;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
}

/** What is asked for: by the timer every night, or by a person. */
export type NewRunRequest = Omit<RunRequest, 'runId' | 'requestedAt' | 'today'>;

/** What comes of a request. Only one run goes on at a time. */
export type Requested =
  | { readonly outcome: 'started'; readonly message: ExtractMessage }
  /** Begins when the run that is going on has ended; see `resumeStalledRuns`. */
  | { readonly outcome: 'waits'; readonly runId: RunId; readonly behind: RunId }
  /** Turned away: this run is going on, or is held and waits for approval. The nightly run only by one of the same date. */
  | { readonly outcome: 'busy'; readonly runId: RunId };

/**
 * Asks for a run. The turn is taken by compare-and-set on one blob, which holds the whole request, and is free again
 * once the run that has it is over: a crash leaves nothing locked that `resumeStalledRuns` cannot finish.
 *
 * The nightly run never fails to come: it ends a run that a guard still holds, waits for one that is going on, and takes
 * the place of a nightly run that waits already, which `resumeStalledRuns` then ends. Only a second one of the same date is skipped
 * while the first is held: the first can still be approved. A person is turned away instead.
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
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await runs.readActiveRun();
    // A write whose answer was lost on the way, and that was repeated, has happened.
    if (found?.turn.run.runId === runId) return started(found.turn.run, runs);
    runId = runIdAfter(await newestRun(found?.turn, runs), requestedAt, random);
    const request: RunRequest = { ...asked, runId };
    const busy = found && (await whoIsBefore(found.turn, request, runs, requestedAt));
    if (found === undefined || busy === undefined) {
      if (await runs.writeActiveRun(nextActiveRun(found?.turn, request, await runs.time()), found?.tag)) {
        return started(request, runs);
      }
    } else if (wanted.trigger === 'http' || busy.isHeld) {
      skipped(wanted.trigger === 'http' ? 'busy' : 'held');
      return { outcome: 'busy', runId: busy.runId };
    } else if (await runs.writeActiveRun({ ...found.turn, waiting: request }, found.tag)) {
      await runs.createRequest(request);
      skipped('waits');
      return { outcome: 'waits', runId, behind: busy.runId };
    }
  }
  throw new Error(
    'The turn of the runs (turn.json) could not be written: look at the storage account for a lease or an immutability policy on it. No run was begun.',
  );
}

/** Others may write the turn at the same time, and each of them gets on by it. */
const tries = 20;

async function started(request: RunRequest, runs: RunStore): Promise<Requested> {
  await runs.createRequest(request);
  return { outcome: 'started', message: { runId: request.runId } };
}

/** The run that must end before this one may begin. Ends those that need not be waited for. */
async function whoIsBefore(
  turn: ActiveRun,
  request: RunRequest,
  runs: RunStore,
  now: Date,
): Promise<{ readonly runId: RunId; readonly isHeld: boolean } | undefined> {
  const { runId } = turn.run;
  const isByHand = request.trigger === 'http';
  switch (await standingOf(turn, runs)) {
    case 'going on':
      return { runId, isHeld: false };
    case 'held':
      if (isByHand || isSameNight(turn.run, request)) return { runId, isHeld: true };
      if (!(await expire(runId, runs, now))) return { runId, isHeld: false };
      break;
    case 'abandoned':
      await abandon(runId, runs, now);
      break;
    case 'over':
  }
  // Whoever asks by hand comes after the night that waits already; the next night takes its place.
  const { waiting } = turn;
  if (waiting === undefined || (await runs.readSummary(waiting.runId)) !== undefined) return undefined;
  return isByHand ? { runId: waiting.runId, isHeld: false } : undefined;
}

/** The turn that follows another. @param before `undefined` for the first one @param since by the clock of storage */
export function nextActiveRun(before: ActiveRun | undefined, run: RunRequest, since: Date): ActiveRun {
  return { run, since: since.toISOString(), number: (before?.number ?? 0) + 1 };
}

/** The run after which the next one comes. */
async function newestRun(turn: ActiveRun | undefined, runs: RunStore): Promise<RunId | undefined> {
  return turn === undefined ? (await runs.runIds())[0] : (turn.waiting ?? turn.run).runId;
}
