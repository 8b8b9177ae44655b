import { quietAfterMs, sendersEndedAfterMs } from '../host/durations.js';
import { finishLostRun, abandon, expire } from './finishRun.js';
import { nextActiveRun } from './requestRun.js';
import { startSending, type SendingDependencies } from './startSending.js';
import { hasBegun } from '../records/waits.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { ExtractMessage } from '../records/messages.js';
import type { RunId } from '../records/runId.js';
import type { ActiveRun } from '../records/activeRun.js';
import type { RunStore } from '../records/runStore.js';
import { type RunRequest, areNightlyOfSameDate } from '../records/runRequest.js';
import { activityOf } from '../records/activity.js';
import type { RunState } from '../records/runState.js';

export interface ResumeDependencies extends SendingDependencies {
  /** How long a paused run waits for approval. */
  readonly pausedRunExpiresAfterMs: number;
}

/** What is to be put on the queues. */
export interface Messages {
  readonly extracts: readonly ExtractMessage[];
  readonly chunks: readonly ChunkMessage[];
}

const nothing: Messages = { extracts: [], chunks: [] };

/**
 * Keeps runs going, every few minutes. Messages that were lost are queued again; a run that waited for DfE continues;
 * a run that was paused for too long ends; the nightly run that waited begins; a run that is neither active nor
 * waiting, and has not ended, is ended. Each of these may be done twice without harm.
 */
export async function resumeStalledRuns(dependencies: ResumeDependencies): Promise<Messages> {
  const { runs, now, pausedRunExpiresAfterMs } = dependencies;
  await endLostRuns(dependencies);
  const active = await runs.activeRun.read();
  if (active === undefined) return nothing;
  const { run, waiting } = active;
  const time = await runs.time();
  const { activity, state } = await activityOf(active, runs);
  switch (activity) {
    case 'over':
      return waiting === undefined ? nothing : beginWaiting(run.runId, waiting, time, runs);
    case 'paused': {
      const pausedSince = (await runs.plan.writtenAt(run.runId)) ?? time;
      const isTooLong = time.getTime() - pausedSince.getTime() > pausedRunExpiresAfterMs;
      // The next nightly run waits.
      if (isTooLong || (waiting !== undefined && !areNightlyOfSameDate(waiting, run)))
        await expire(run.runId, runs, now());
      return nothing;
    }
    case 'abandoned':
      await abandon(run.runId, runs, now());
      return nothing;
    case 'going on':
      return resumed(active, state, time, dependencies);
  }
}

/** Makes the waiting run the active one, unless another run has become active since. */
async function beginWaiting(over: RunId, waiting: RunRequest, time: Date, runs: RunStore): Promise<Messages> {
  const hasBegun = await runs.activeRun.change((active) =>
    active?.run.runId === over && active.waiting?.runId === waiting.runId
      ? { next: nextActiveRun(active, waiting, time), outcome: true }
      : { outcome: false },
  );
  if (!hasBegun) return nothing;
  await runs.request.create(waiting);
  return { extracts: [{ runId: waiting.runId }], chunks: [] };
}

/** About a month of nightly runs, so that what an earlier version left is found, too. */
const looksAtNewest = 30;

/**
 * Ends every run that has not ended and is neither active nor waiting: nightly runs that were replaced while they
 * waited, and runs that stopped being active without an end. The run that replaces another cannot do this: it must
 * become active first, and may be killed right after that.
 */
async function endLostRuns(dependencies: ResumeDependencies): Promise<void> {
  const { runs } = dependencies;
  const runIds = (await runs.runIds()).slice(0, looksAtNewest);
  const ended = await Promise.all(runIds.map((runId) => runs.summary.isThere(runId)));
  for (const runId of runIds.filter((_, index) => ended[index] === false)) {
    if (await isLost(runId, runs)) await finishLostRun(runId, dependencies);
  }
}

/**
 * Whether a run that has not ended is neither active nor waiting. A run becomes active or waiting before its request
 * is written: read in this order, a run that is about to begin is never taken for lost.
 */
async function isLost(runId: RunId, runs: RunStore): Promise<boolean> {
  if (!(await runs.request.isThere(runId))) return false;
  const active = await runs.activeRun.read();
  return active !== undefined && ![active.run.runId, active.waiting?.runId].includes(runId);
}

/** @param time by the clock of storage, which also dates the signs */
async function resumed(
  { run, since }: ActiveRun,
  { plan, cancellation }: RunState,
  time: Date,
  dependencies: ResumeDependencies,
): Promise<Messages> {
  const { runs } = dependencies;
  const { runId } = run;
  const lastSign = (await runs.lastSign(runId)) ?? new Date(since);
  const wait = await runs.wait.read(runId);
  const waits = wait !== undefined && hasBegun(wait, time) && time < new Date(wait.until);
  if (waits && cancellation === undefined) return nothing;
  // A waiting run has no messages left once the senders that were at work when the wait began have ended.
  const hasEndedAfterMs = wait === undefined ? quietAfterMs : sendersEndedAfterMs;
  if (time.getTime() - lastSign.getTime() < hasEndedAfterMs) return nothing;
  await runs.request.create(run);
  await runs.wait.recordResumption(runId, time);
  if (plan === undefined) return { extracts: [{ runId }], chunks: [] };
  return { extracts: [], chunks: await startSending(runId, dependencies) };
}
