import assert from 'node:assert/strict';
import { statusOf } from './statusOf.js';
import type { Dependencies, World } from './world.js';

export const decider = { by: 'a person', reason: 'a reason' };

/** A run that a safety check has paused: no child is left in the SSD. */
export async function aPausedRun(
  world: World,
): Promise<{ readonly runId: string; readonly dependencies: Dependencies }> {
  await world.run(world.dependencies('first'));
  world.later(24 * 60);
  const dependencies = world.dependencies('empty');
  const runId = (await world.run(dependencies)) ?? '';
  assert.equal((await statusOf(runId, dependencies)).status, 'held');
  return { runId, dependencies };
}
