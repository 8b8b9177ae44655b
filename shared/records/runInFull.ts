import type { Deadline } from './inTime.js';
import { refusalsByRule, type CountedRefusals } from './refusalsOfRun.js';
import type { Figures } from './figures.js';
import type { RunId } from './runId.js';
import type { ChunkTotals } from './result.js';
import type { RunStore } from './runStore.js';
import { readableStatus, runStatus, type RunStatus } from './runStatus.js';

/** A run with all that is shown about it without naming a child. */
export interface RunInFull {
  readonly run: RunStatus;
  /** Of the run that its findings are compared with. */
  readonly before: Figures | undefined;
  readonly refusals: CountedRefusals;
  readonly chunks: readonly ChunkTotals[];
}

/** @returns `undefined` when there is no such run */
export async function runInFull(
  runId: RunId,
  runs: RunStore,
  deadline: Deadline,
): Promise<RunInFull | undefined> {
  const run = await runStatus(runId, runs);
  if (run === undefined) return undefined;
  if (run.figures === undefined) {
    return { run, before: undefined, refusals: { byRule: {}, complete: true }, chunks: [] };
  }
  const beforeId = run.figures.sinceRunBefore.runId;
  const [before, refusals, chunks] = await Promise.all([
    beforeId === undefined ? undefined : readableStatus(beforeId, runs),
    refusalsByRule(runId, run.endedAt !== undefined, runs, deadline),
    runs.result.totals(runId),
  ]);
  return { run, before: before?.figures, refusals, chunks };
}
