import { categoryNames } from '../child/categories.js';
import { londonDate } from '../child/dates.js';
import type { Ledger } from '../records/ledger.js';
import type { TermsEntry } from '../records/ledgerEntries.js';
import type { Plan } from '../records/plan.js';
import { whyNotAsPlanned, type Destination } from './asPlanned.js';
import { finishRun, type FinishRunDependencies } from './finishRun.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { RunId } from '../records/runId.js';
import { firstMessages } from './sendSlots.js';
import { readRunState } from '../records/runState.js';

export interface SendingDependencies extends FinishRunDependencies, Destination {
  readonly ledger: Ledger;
  /** The version of the app. */
  readonly version: string;
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
  const { today } = (await runs.request.read(runId)) ?? { today: londonDate(now()) };
  const reason = whyNotAsPlanned(plan, dependencies, today);
  if (reason !== undefined) {
    const at = now().toISOString();
    await runs.cancellation.create(runId, { at, by: 'the app', reason, cause: 'decision' });
  }
  await finishRun(runId, dependencies, state);
  if ((await readRunState(runId, runs, state)).state !== 'sending') return [];
  // Chunks that are no longer sent must be recorded too, one by one.
  if (reason === undefined) {
    const pseudonymised = plan.pseudonyms !== undefined;
    await runs.receiver.write(stagingTable, { ...receiver, pseudonymised });
    await dependencies.ledger.recordTerms(termsEntryOf(runId, plan, dependencies));
  }
  return firstMessages(runId, plan, await runs.result.settledChunks(runId));
}

function termsEntryOf(
  runId: RunId,
  { windowStart, pseudonyms, terms: planned }: Plan,
  { receiver, terms, now, version }: SendingDependencies,
): TermsEntry {
  const leftOut = planned?.leftOut ?? [];
  return {
    runId,
    at: now().toISOString(),
    receiver,
    ...(terms.agreement === undefined
      ? {}
      : { agreement: { ...terms.agreement, receivers: [...terms.agreement.receivers] } }),
    shared: categoryNames.filter((category) => !leftOut.includes(category)),
    leftOut,
    windowMonths: planned?.windowMonths ?? terms.window.months,
    windowStart,
    plansStart: planned?.plansStart,
    placementsStart: planned?.placementsStart,
    pseudonymised: pseudonyms !== undefined,
    version,
    children: [],
  };
}
