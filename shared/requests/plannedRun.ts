import { runIdSchema, type RunId } from '../records/runId.js';
import { type Plan } from '../records/plan.js';
import type { RunStore } from '../records/runStore.js';

/** A run whose extract is complete: all that belongs to it is known. */
export interface PlannedRun {
  readonly runId: RunId;
  readonly plan: Plan;
}

/** The run that a path names, with its plan, or why there is none. */
export async function plannedRun(
  runIdInPath: string | undefined,
  runs: RunStore,
): Promise<PlannedRun | 'unknown run' | 'not planned'> {
  const runId = runIdSchema.safeParse(runIdInPath);
  if (!runId.success || (await runs.request.read(runId.data)) === undefined) return 'unknown run';
  const plan = await runs.plan.read(runId.data);
  return plan === undefined ? 'not planned' : { runId: runId.data, plan };
}
