import { endRun } from './endRun.js';
import type { RunId, RunRequest } from './runRecords.js';
import type { RunStore } from './runStore.js';

/** Where the run stands that has the turn. `held`: a guard holds it and nobody has approved or cancelled it. */
export type Standing = 'over' | 'held' | 'going on';

/** Whatever has become of a run, it does not keep others from theirs for longer than this. */
const longestTurnMs = 48 * 60 * 60_000;

export async function standingOf(
  { runId, requestedAt }: Pick<RunRequest, 'runId' | 'requestedAt'>,
  runs: RunStore,
  now: Date,
): Promise<Standing> {
  if (now.getTime() - Date.parse(requestedAt) > longestTurnMs) return 'over';
  if ((await runs.readSummary(runId)) !== undefined) return 'over';
  return (await isHeld(runId, runs)) ? 'held' : 'going on';
}

/** Whether a guard holds the run and nobody has decided about it. */
export async function isHeld(runId: RunId, runs: RunStore): Promise<boolean> {
  if ((await runs.readPlan(runId))?.held !== true) return false;
  const decisions = await Promise.all([runs.readApproval(runId), runs.readCancellation(runId)]);
  return decisions.every((decision) => decision === undefined);
}

/** Ends a held run that nobody has approved in time. */
export async function expire(runId: RunId, runs: RunStore, now: Date): Promise<void> {
  await runs.createCancellation(runId, { at: now.toISOString(), by: 'schedule', expired: true });
  await endRun(runId, { runs, now: () => now });
}
