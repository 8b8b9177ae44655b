import { quietAfterMs, sendersEndedAfterMs } from '../durations.js';
import { replaceRun } from './endRun.js';
import { nextTurn } from './requestRun.js';
import { release, type ReleaseDependencies } from './release.js';
import {
  hasBegun,
  type ChunkMessage,
  type ExtractMessage,
  type RunId,
  type RunRequest,
} from './runRecords.js';
import { isThere, unlessUnreadable, type RunStore } from './runStore.js';
import { abandon, expire, isSameNight, standingOf } from './standing.js';

export interface TendRunsDependencies extends ReleaseDependencies {
  /** How long a held run waits for approval. */
  readonly heldRunExpiresAfterMs: number;
}

/** What is to be put on the queues. */
export interface Messages {
  readonly extracts: readonly ExtractMessage[];
  readonly chunks: readonly ChunkMessage[];
}

const nothing: Messages = { extracts: [], chunks: [] };

/**
 * Sees to it that runs go on, every few minutes: one whose messages were lost gets them again, one that waits for DfE goes
 * on when its time has come, one that was held too long ends, the nightly run that waited begins, and one that was replaced
 * while it waited ends. Each of these may be done twice without harm.
 */
export async function tendRuns(dependencies: TendRunsDependencies): Promise<Messages> {
  const { runs, now, heldRunExpiresAfterMs } = dependencies;
  await endReplacedRuns(dependencies);
  const found = await runs.readTurn();
  if (found === undefined) return nothing;
  const { run, waiting } = found.turn;
  const time = now();
  switch (await standingOf(found.turn, runs, time)) {
    case 'over':
      if (waiting === undefined) return nothing;
      if (!(await runs.writeTurn(nextTurn(found.turn, waiting, time.toISOString()), found.tag)))
        return nothing;
      await runs.createRequest(waiting);
      return { extracts: [{ runId: waiting.runId }], chunks: [] };
    case 'held': {
      const { plannedAt } = (await runs.readPlan(run.runId)) ?? { plannedAt: run.requestedAt };
      const isTooLong = time.getTime() - Date.parse(plannedAt) > heldRunExpiresAfterMs;
      // The next night has come.
      if (isTooLong || (waiting !== undefined && !isSameNight(waiting, run)))
        await expire(run.runId, runs, time);
      return nothing;
    }
    case 'abandoned':
      await abandon(run.runId, runs, time);
      return nothing;
    case 'going on':
      return resumed(run, time, dependencies);
  }
}

/** As many as a month has nights, so that what an earlier version left is found, too. */
const looksAtNewest = 30;

/**
 * Ends nightly runs that waited and were replaced. Not done by the run that replaces one: it must have the turn first, and
 * may be killed right after that.
 */
async function endReplacedRuns(dependencies: TendRunsDependencies): Promise<void> {
  const { runs } = dependencies;
  const runIds = (await runs.runIds()).slice(0, looksAtNewest);
  const ended = await Promise.all(runIds.map((runId) => isThere(runs.readSummary(runId))));
  for (const runId of runIds.filter((_, index) => ended[index] === false)) {
    if (await isReplaced(runId, runs)) await replaceRun(runId, dependencies);
  }
}

/**
 * Whether a nightly run has lost its place. It has the turn, or waits for it, before it has a request, and loses the turn
 * only by ending: read in this order, none is taken for replaced that is not.
 */
async function isReplaced(runId: RunId, runs: RunStore): Promise<boolean> {
  const request = await unlessUnreadable(runs.readRequest(runId));
  if (request?.trigger !== 'timer') return false;
  const found = await runs.readTurn();
  if (found === undefined || [found.turn.run.runId, found.turn.waiting?.runId].includes(runId)) return false;
  const signs = [runs.readSummary(runId), runs.readProgress(runId), runs.readPlan(runId)];
  return (await Promise.all(signs.map(isThere))).every((isSign) => !isSign);
}

async function resumed(run: RunRequest, time: Date, dependencies: TendRunsDependencies): Promise<Messages> {
  const { runs } = dependencies;
  const { runId, requestedAt } = run;
  const lastSign = (await runs.lastSign(runId)) ?? new Date(requestedAt);
  const [wait, cancellation] = await Promise.all([runs.readWait(runId), runs.readCancellation(runId)]);
  const waits = wait !== undefined && hasBegun(wait, time) && time < new Date(wait.until);
  if (waits && cancellation === undefined) return nothing;
  // Nobody has the messages of a run that waits, once those who were sending when it began to wait have ended.
  const hasEndedAfterMs = wait === undefined ? quietAfterMs : sendersEndedAfterMs;
  if (time.getTime() - lastSign.getTime() < hasEndedAfterMs) return nothing;
  await runs.createRequest(run);
  await runs.noteResumption(runId, time);
  if ((await runs.readPlan(runId)) === undefined) return { extracts: [{ runId }], chunks: [] };
  return { extracts: [], chunks: await release(runId, dependencies) };
}
