import assert from 'node:assert/strict';
import { runStatus, type RunStatus } from '../../shared/records/runStatus.js';
import type { RunStore } from '../../shared/records/runStore.js';

export async function statusOf(
  runId: string | undefined,
  { runs }: { readonly runs: RunStore },
): Promise<RunStatus> {
  assert.ok(runId !== undefined, 'there is a run');
  const status = await runStatus(runId, runs);
  assert.ok(status !== undefined, 'the run has a status');
  return status;
}
