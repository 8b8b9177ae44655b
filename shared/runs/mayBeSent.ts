import { londonDate } from '../child/dates.js';
import { byTexts } from '../child/ordering.js';
import type { Pseudonyms } from '../child/pseudonyms/pseudonyms.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import { readRunState } from '../records/runState.js';
import type { TurnedAway } from '../records/turnedAway.js';
import type { Wait } from '../records/waits.js';
import { whyNotAgreed } from '../settings/terms.js';
import { whyNotAsPlanned, type Planned } from './asPlanned.js';
import type { ChunkChild } from './settlements.js';
import type { SendingDependencies } from './startSending.js';

/** What a chunk is sent with. */
export interface Orders {
  readonly request: RunRequest;
  readonly postOf: (children: readonly ChunkChild[]) => readonly Posted[];
}

/** A child, and what is posted about it: to a test receiver only a pseudonymised payload. */
interface Posted {
  readonly child: ChunkChild;
  readonly payload: object;
}

/**
 * How to send a chunk. Nothing is sent unless the run is still active, has not ended or been cancelled, does not wait
 * for DfE, and has the receiver and the pseudonyms that it was planned with. Then the answer is until when to wait,
 * or why nothing is sent (`undefined` after a decision). Asked right before the chunk is sent: a run may be cancelled
 * at any time.
 * @throws CredentialsError when the pseudonyms have no key
 */
export async function mayBeSent(
  runId: RunId,
  planned: Planned,
  dependencies: SendingDependencies,
): Promise<Orders | Pick<Wait, 'until'> | { readonly why: TurnedAway | undefined }> {
  const { runs, now } = dependencies;
  const { plan } = planned;
  const [state, wait, active] = await Promise.all([
    readRunState(runId, runs, planned),
    runs.wait.read(runId),
    runs.activeRun.read(),
  ]);
  if (state.state === 'unreadable') throw state.error;
  if (state.cancellation !== undefined) return { why: undefined };
  if (state.state === 'ended') return { why: 'runEnded' };
  if (wait !== undefined) return { until: wait.until };
  if (active?.run.runId !== runId) return { why: 'lostTurn' };
  const request = active.run;
  if (whyNotAsPlanned(plan, dependencies, request.today) !== undefined) return { why: 'otherReceiver' };
  if (whyNotAgreed(dependencies.terms, londonDate(now())) !== undefined) return { why: 'notAgreed' };
  if (dependencies.pseudonyms === undefined) {
    return { request, postOf: (children) => children.map((child) => ({ child, payload: child.payload })) };
  }
  const pseudonyms = await dependencies.pseudonyms();
  if (plan.pseudonyms === pseudonyms.id)
    return { request, postOf: (children) => pseudonymised(children, pseudonyms) };
  const at = now().toISOString();
  await runs.cancellation.create(runId, { at, by: 'the app', reason: otherPseudonyms, cause: 'decision' });
  return { why: undefined };
}

/**
 * In the order of the pseudonyms. Case management systems number children as they arrive, so the order of the real
 * ids would reveal roughly when a child arrived, and by how much its dates were moved.
 */
function pseudonymised(children: readonly ChunkChild[], pseudonyms: Pseudonyms): readonly Posted[] {
  return children
    .map((child) => ({ child, payload: pseudonyms.payload(child.payload) }))
    .sort(byTexts(({ payload }) => String(payload['la_child_id'])));
}

const otherPseudonyms = 'the key or the settings of the pseudonyms have changed since the run was planned';
