import type { ActiveRun } from './activeRun.js';
import type { RunId } from './runId.js';
import { readRunState, type RunState } from './runState.js';
import type { RunStore } from './runStore.js';

/**
 * What the active run is doing. `paused`: a safety check has paused it, and it was neither approved nor cancelled;
 * `abandoned`: nothing will end it, because it has been active for too long, or another version of this system wrote
 * its records.
 */
export type Activity = 'over' | 'paused' | 'going on' | 'abandoned';

/** No run keeps the next one waiting for longer than this. */
const longestActiveMs = 48 * 60 * 60_000;

/** When a run stops being the active one even if it has not ended, by the clock of storage. */
export function activeUntil({ since }: Pick<ActiveRun, 'since'>): Date {
  return new Date(Date.parse(since) + longestActiveMs);
}

export async function activityOf(
  active: Pick<ActiveRun, 'run' | 'since'>,
  runs: RunStore,
): Promise<{ readonly activity: Activity; readonly state: RunState }> {
  const state = await readRunState(active.run.runId, runs);
  return { activity: activityIn(state, activeUntil(active), await runs.time()), state };
}

function activityIn(state: RunState, end: Date, time: Date): Activity {
  if (state.state === 'ended') return 'over';
  // A run whose records cannot be read sends nothing, and nothing else would end it.
  if (time > end || state.state === 'unreadable') return 'abandoned';
  return state.state === 'paused' && state.cancellation === undefined ? 'paused' : 'going on';
}

export async function isActive(runId: RunId, runs: RunStore): Promise<boolean> {
  return (await runs.activeRun.read())?.run.runId === runId;
}

/** Whether the run is the one that begins when the active run has ended. */
export async function isWaiting(runId: RunId, runs: RunStore): Promise<boolean> {
  return (await runs.activeRun.read())?.waiting?.runId === runId;
}
