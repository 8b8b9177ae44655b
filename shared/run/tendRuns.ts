import { release, type ReleaseDependencies } from './release.js';
import type { ChunkMessage, ExtractMessage, RunRequest } from './runRecords.js';
import { abandon, expire, standingOf } from './standing.js';

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
 * A run that has written nothing for so long has lost its messages. Longer than an attempt at a chunk can take, after
 * which at least its answers are written.
 */
const quietAfterMs = 30 * 60_000;

/**
 * Sees to it that runs go on, every few minutes: one whose messages were lost gets them again, one that was held too
 * long ends, and the nightly run that waited begins. Each of these may be done twice without harm.
 */
export async function tendRuns(dependencies: TendRunsDependencies): Promise<Messages> {
  const { runs, now, heldRunExpiresAfterMs } = dependencies;
  const found = await runs.readTurn();
  if (found === undefined) return nothing;
  const { run, waiting } = found.turn;
  const time = now();
  switch (await standingOf(found.turn, runs, time)) {
    case 'over':
      if (waiting === undefined) return nothing;
      if (!(await runs.writeTurn({ run: waiting, since: time.toISOString() }, found.tag))) return nothing;
      await runs.createRequest(waiting);
      return { extracts: [{ runId: waiting.runId }], chunks: [] };
    case 'held': {
      const { plannedAt } = (await runs.readPlan(run.runId)) ?? { plannedAt: run.requestedAt };
      const isTooLong = time.getTime() - Date.parse(plannedAt) > heldRunExpiresAfterMs;
      // The next night has come.
      if (isTooLong || waiting !== undefined) await expire(run.runId, runs, time);
      return nothing;
    }
    case 'abandoned':
      await abandon(run.runId, runs, time);
      return nothing;
    case 'going on':
      return resumed(run, time, dependencies);
  }
}

async function resumed(run: RunRequest, time: Date, dependencies: TendRunsDependencies): Promise<Messages> {
  const { runs } = dependencies;
  const { runId, requestedAt } = run;
  const lastSign = (await runs.lastSign(runId)) ?? new Date(requestedAt);
  if (time.getTime() - lastSign.getTime() < quietAfterMs) return nothing;
  await runs.createRequest(run);
  await runs.noteResumption(runId, time);
  if ((await runs.readPlan(runId)) === undefined) return { extracts: [{ runId }], chunks: [] };
  return { extracts: [], chunks: await release(runId, dependencies) };
}
