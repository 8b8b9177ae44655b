import type { Pseudonyms } from '../child/pseudonyms/pseudonyms.js';
import { finishRun, type FinishRunDependencies } from './finishRun.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { Plan } from '../records/plan.js';
import type { Receiver } from '../records/receiver.js';
import type { RunId } from '../records/runId.js';
import { firstMessages } from './sendSlots.js';
import { readRunState } from '../records/runState.js';

export interface SendingDependencies extends FinishRunDependencies {
  /** Where this app sends to, and the table that says what was acknowledged there. */
  readonly receiver: Receiver;
  readonly stagingTable: string;
  /**
   * If set, nothing is sent except under pseudonyms: the receiver is a test receiver, and the children are real.
   * `undefined` when children are sent as they are. Rejects while the key cannot be read.
   */
  readonly pseudonyms: (() => Promise<Pseudonyms>) | undefined;
}

/**
 * The messages that start the sending of a run: the next open chunk of each send slot. None when the run has no plan
 * yet, is paused, or has nothing left to send: then it is ended. May be repeated at any time: a message that comes
 * twice changes nothing.
 */
export async function startSending(runId: RunId, dependencies: SendingDependencies): Promise<ChunkMessage[]> {
  const { runs, now, receiver, stagingTable } = dependencies;
  const state = await readRunState(runId, runs);
  if (state.state === 'unreadable') throw state.error;
  const { plan } = state;
  if (plan === undefined) {
    // A run that was cancelled before it had a plan ends here.
    await finishRun(runId, dependencies, state);
    return [];
  }
  const reason = whyNotAsPlanned(plan, dependencies);
  if (reason !== undefined) {
    const at = now().toISOString();
    await runs.cancellation.create(runId, { at, by: 'the app', reason, cause: 'decision' });
  }
  await finishRun(runId, dependencies, state);
  if ((await readRunState(runId, runs, state)).state !== 'sending') return [];
  // Chunks that are no longer sent must be recorded too, one by one.
  if (reason === undefined) {
    const pseudonymised = plan.pseudonyms !== undefined;
    await runs.receiver.write(tableKey(stagingTable), { ...receiver, pseudonymised });
  }
  return firstMessages(runId, plan, await runs.result.settledChunks(runId));
}

/** `dbo` is the schema that SQL Server takes where none is named, and case does not matter there. */
export function tableKey(stagingTable: string): string {
  return stagingTable.toLowerCase().replace(/^dbo\./, '');
}

/** Why the run must not be sent: this app would not send it as it was planned. */
export function whyNotAsPlanned(
  plan: Pick<Plan, 'receiver' | 'stagingTable' | 'pseudonyms' | 'pseudonymKey'>,
  {
    receiver,
    stagingTable,
    pseudonyms,
  }: Pick<SendingDependencies, 'receiver' | 'stagingTable' | 'pseudonyms'>,
): string | undefined {
  if (plan.pseudonymKey !== undefined) return ownPseudonyms;
  const isAsPlanned =
    plan.stagingTable === stagingTable &&
    (plan.pseudonyms !== undefined) === (pseudonyms !== undefined) &&
    plan.receiver.receiver === receiver.receiver &&
    plan.receiver.baseUrl === receiver.baseUrl;
  return isAsPlanned ? undefined : otherReceiver;
}

const otherReceiver =
  'the settings name another receiver or another staging table than when the run was planned';
const ownPseudonyms =
  'an earlier version of the app planned the run under pseudonyms of that run alone, which are not used any more, since several runs together gave true dates away';
