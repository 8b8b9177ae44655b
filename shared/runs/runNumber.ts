import type { StagingTable } from '../staging/stagingTable.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';

/**
 * The number of the active run, by which the staging table tells a later run from an earlier one: no clock decides
 * this. A run gets it when it becomes active: one more than that of the run before. Here it is raised above every
 * number in the staging table, so that neither a lost container nor a restored table stops the sending.
 * @returns `undefined` when the run is no longer active
 */
export async function numberOf(
  runId: RunId,
  { runs, staging }: { readonly runs: RunStore; readonly staging: StagingTable },
): Promise<number | undefined> {
  const next = (await staging.highestRunNumber()) + 1;
  return runs.activeRun.change<number | undefined>((active) => {
    if (active?.run.runId !== runId) return { outcome: undefined };
    const number = Math.max(active.number ?? 1, next);
    return { next: number === active.number ? undefined : { ...active, number }, outcome: number };
  });
}
