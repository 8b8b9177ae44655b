import { endRun, type EndRunDependencies } from './endRun.js';
import type { ChunkMessage, Receiver, RunId } from './runRecords.js';
import { chunkMessageOf } from './runStore.js';

export interface ReleaseDependencies extends EndRunDependencies {
  /** Where this app sends to, and the table that says what was acknowledged there. */
  readonly receiver: Receiver;
  readonly stagingTable: string;
}

/**
 * The messages of the chunks that are still to be sent; none when the run has no plan yet, is held, or has nothing left
 * to send: then it is ended. May be repeated at any time: a message that comes twice changes nothing.
 */
export async function release(runId: RunId, dependencies: ReleaseDependencies): Promise<ChunkMessage[]> {
  const { runs, receiver, stagingTable } = dependencies;
  const plan = await runs.readPlan(runId);
  if (plan === undefined) return [];
  if (plan.held && (await runs.readApproval(runId)) === undefined) return [];
  if ((await endRun(runId, dependencies)) !== undefined || plan.dryRun) return [];
  await runs.writeReceiver(stagingTable, receiver);
  const settled = await runs.settledChunks(runId);
  return Array.from({ length: plan.chunks }, (_, index) => index + 1)
    .filter((chunk) => !settled.has(chunk))
    .map((chunk) => chunkMessageOf(runId, plan, chunk));
}
