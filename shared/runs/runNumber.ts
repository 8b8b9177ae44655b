import type { StagingTable } from '../staging/stagingTable.js';
import type { RunId } from '../records/runRecords.js';
import type { RunStore } from '../records/runStore.js';

/** Others may write the turn at the same time, and each of them gets on by it. */
const tries = 20;

/**
 * The number of the run that has the turn, by which the staging table knows a later run from an earlier one: no clock
 * decides about that. It is taken with the turn, one more than that of the run before, and raised here above all that
 * the staging table knows, so that neither a lost container nor a restored table stops the sending.
 * @returns `undefined` when the run no longer has the turn
 */
export async function numberOf(
  runId: RunId,
  { runs, staging }: { readonly runs: RunStore; readonly staging: StagingTable },
): Promise<number | undefined> {
  const next = (await staging.highestRunNumber()) + 1;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await runs.readActiveRun();
    if (found?.turn.run.runId !== runId) return undefined;
    const number = Math.max(found.turn.number ?? 1, next);
    if (number === found.turn.number) return number;
    if (await runs.writeActiveRun({ ...found.turn, number }, found.tag)) return number;
  }
  throw new Error('The turn of the runs (turn.json) is written by others again and again. Nothing was sent.');
}
