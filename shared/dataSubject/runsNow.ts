import { clocksApartAtMostMs, functionTimeoutMs } from '../host/durations.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import { activityOf } from '../records/activity.js';

/** Which runs there are at a moment, and whether one of them may write copies of children. */
export interface RunsNow {
  /** The run that is in progress, is paused, is about to begin, or has ended while its extract is still at work. */
  readonly active: RunId | undefined;
  /** The latest active run: if it changes, another run has begun. */
  readonly last: RunId | undefined;
  /** All runs that have a folder. If none is active, none writes copies any more. */
  readonly runIds: readonly RunId[];
}

export async function runsNow({ runs }: { readonly runs: RunStore }): Promise<RunsNow> {
  // Read before and after the list: a run that begins in between is active, or differs from `last`.
  const last = (await runs.activeRun.read())?.run.runId;
  const runIds = await runs.runIds();
  const now = await runs.activeRun.read();
  const active =
    now !== undefined && (await activityOf(now, runs)).activity !== 'over'
      ? now.run.runId
      : ((await aboutToBegin(now?.waiting?.runId, runs)) ?? (await extracting(runIds, runs)));
  return { active, last, runIds };
}

async function aboutToBegin(waiting: RunId | undefined, runs: RunStore): Promise<RunId | undefined> {
  return waiting !== undefined && !(await runs.summary.isThere(waiting)) ? waiting : undefined;
}

/** More runs than can begin and end within `functionTimeoutMs`. */
const looksAtNewest = 30;

/** A run whose extract may be at work: it has not said that it ended, and the host has not ended it yet. */
async function extracting(runIds: readonly RunId[], runs: RunStore): Promise<RunId | undefined> {
  const since = new Date((await runs.time()).getTime() - functionTimeoutMs - clocksApartAtMostMs);
  const newest = runIds.slice(0, looksAtNewest);
  const alive = await Promise.all(newest.map((runId) => runs.extractSigns.mayBeAtWork(runId, since)));
  return newest.find((_, index) => alive[index]);
}
