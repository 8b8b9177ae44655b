import { endRun, type EndRunDependencies } from './endRun.js';
import type { ChunkMessage, Plan, Receiver, RunId } from './runRecords.js';
import { openings } from './lanes.js';

export interface ReleaseDependencies extends EndRunDependencies {
  /** Where this app sends to, and the table that says what was acknowledged there. */
  readonly receiver: Receiver;
  readonly stagingTable: string;
  /** Real children go out under pseudonyms only: the receiver is one for tests. */
  readonly pseudonymises: boolean;
}

/**
 * The messages that set the sending of a run going: the next open chunk of each lane. None when the run has no plan yet,
 * is held, or has nothing left to send: then it is ended. May be repeated at any time: a message that comes twice
 * changes nothing.
 */
export async function release(runId: RunId, dependencies: ReleaseDependencies): Promise<ChunkMessage[]> {
  const { runs, now, receiver, stagingTable } = dependencies;
  const plan = await runs.readPlan(runId);
  if (plan === undefined) return [];
  const isAsPlanned = isPlannedFor(plan, dependencies);
  if (!isAsPlanned) {
    const at = now().toISOString();
    await runs.createCancellation(runId, { at, by: 'the app', reason: otherReceiver, cause: 'decision' });
  }
  await endRun(runId, dependencies, plan);
  if ((await runs.readSummary(runId)) !== undefined) return [];
  if (plan.held && (await runs.readApproval(runId)) === undefined) return [];
  // Also what is not sent any more has to be recorded, chunk by chunk.
  if (isAsPlanned) await runs.writeReceiver(tableKey(stagingTable), receiver);
  return openings(runId, plan, await runs.settledChunks(runId));
}

/** `dbo` is the schema that SQL Server takes where none is named, and case does not matter there. */
export function tableKey(stagingTable: string): string {
  return stagingTable.toLowerCase().replace(/^dbo\./, '');
}

/** Whether the settings still name the receiver and the staging table that the run was planned with. */
export function isPlannedFor(
  plan: Pick<Plan, 'receiver' | 'stagingTable' | 'pseudonymKey'>,
  {
    receiver,
    stagingTable,
    pseudonymises,
  }: Pick<ReleaseDependencies, 'receiver' | 'stagingTable' | 'pseudonymises'>,
): boolean {
  return (
    plan.stagingTable === stagingTable &&
    (plan.pseudonymKey !== undefined) === pseudonymises &&
    plan.receiver.receiver === receiver.receiver &&
    plan.receiver.baseUrl === receiver.baseUrl
  );
}

const otherReceiver =
  'the settings name another receiver or another staging table than when the run was planned';
