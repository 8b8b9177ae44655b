import type { ActiveRun } from '../records/activeRun.js';
import {
  areNightlyOfSameDate,
  dateOfRequest,
  isNightly,
  type DatedRequest,
  type RunRequest,
} from '../records/runRequest.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';

/**
 * The nightly run that makes another one of its date needless, where the end of the SSD's refresh has asked for one of
 * the two. It does unless it failed, could not reach DfE or was replaced: also while it waits, is paused, or after a
 * person has cancelled it. Two runs of the timer are not looked at: each takes place.
 */
export async function nightlyRunInPlaceOf(
  asked: DatedRequest,
  active: ActiveRun | undefined,
  runs: RunStore,
): Promise<RunRequest | undefined> {
  if (!isNightly(asked)) return undefined;
  for await (const request of newestRequests(active, runs)) {
    if (dateOfRequest(request) < dateOfRequest(asked)) return undefined;
    const isOfRefresh = [request, asked].some(({ startedBy }) => startedBy === 'refresh');
    if (isOfRefresh && areNightlyOfSameDate(request, asked) && (await counts(request.runId, runs))) {
      return request;
    }
  }
  return undefined;
}

/**
 * What was asked for, the newest first. The waiting and the active run come from the record that lets one of several
 * requests win: their own records may not be written yet.
 */
async function* newestRequests(active: ActiveRun | undefined, runs: RunStore): AsyncGenerator<RunRequest> {
  const recorded = [active?.waiting, active?.run].filter((request) => request !== undefined);
  yield* recorded;
  for (const runId of await runs.runIds()) {
    if (recorded.some((request) => request.runId === runId)) continue;
    const request = await runs.request.readable(runId);
    if (request !== undefined) yield request;
  }
}

async function counts(runId: RunId, runs: RunStore): Promise<boolean> {
  const end = await runs.summary.readable(runId);
  return end === undefined || !['failed', 'unavailable', 'replaced'].includes(end.status);
}
