import type { Problem } from './answers.js';
import { runIdSchema, type RunId } from '../records/runId.js';
import type { Plan } from '../records/plan.js';
import type { RunStore } from '../records/runStore.js';

export const noSuchRun = { status: 404, jsonBody: { error: 'There is no run of this id.' } } as const;

/**
 * The run that a path names, with its plan.
 * @param what of a run is asked for, as a person calls it; all of it is known once there is a plan
 */
export async function plannedRun(
  runIdInPath: string | undefined,
  what: string,
  runs: RunStore,
): Promise<
  | { readonly runId: RunId; readonly plan: Plan }
  | { readonly answer: { readonly status: 404 | 409; readonly jsonBody: Problem } }
> {
  const runId = runIdSchema.safeParse(runIdInPath);
  if (!runId.success || (await runs.request.read(runId.data)) === undefined) return { answer: noSuchRun };
  const plan = await runs.plan.read(runId.data);
  if (plan !== undefined) return { runId: runId.data, plan };
  const error = `The extract of this run is not complete: not all of its ${what} are known.`;
  return { answer: { status: 409, jsonBody: { error } } };
}
