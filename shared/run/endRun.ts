import type { RunId, Summary } from './runRecords.js';
import type { RunStore } from './runStore.js';

export interface EndRunDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
}

/**
 * Writes the summary when nothing is left to do: every chunk of the plan has its result, or a guard holds the run.
 * Whoever records the last result ends the run; a second one that comes at the same time changes nothing.
 * @returns the summary, when this call wrote it
 */
export async function endRun(runId: RunId, { runs, now }: EndRunDependencies): Promise<Summary | undefined> {
  const plan = await runs.readPlan(runId);
  if (plan === undefined) return undefined;
  const totals = await runs.totals(runId);
  const held = plan.heldBecause;
  if (held === undefined && totals.chunks < plan.chunks) return undefined;
  const summary: Summary = {
    status: held !== undefined ? 'held' : totals.outstanding > 0 ? 'completedWithFailures' : 'completed',
    endedAt: now().toISOString(),
    totals,
    ...(held === undefined ? {} : { explanation: held }),
  };
  return (await runs.createSummary(runId, summary)) ? summary : undefined;
}

/** Ends a run whose extract could not be done. */
export async function failRun(
  runId: RunId,
  explanation: string,
  { runs, now }: EndRunDependencies,
): Promise<void> {
  await runs.createSummary(runId, {
    status: 'failed',
    endedAt: now().toISOString(),
    totals: await runs.totals(runId),
    explanation,
  });
}
