import { londonDate } from '../child/dates.js';
import { finishRun } from './finishRun.js';
import { startSending, type SendingDependencies } from './startSending.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { RunId } from '../records/runId.js';
import type { Summary } from '../records/summary.js';
import { whyNotAgreed } from '../settings/terms.js';
import { readRunState } from '../records/runState.js';

/** Who decides, and why. */
export interface Decider {
  readonly by: string;
  readonly reason?: string | undefined;
}

export type Decided<Outcome> =
  | ({ readonly outcome: 'done' } & Outcome)
  | { readonly outcome: 'unknown run' }
  /** The run's state does not allow this decision; `why` is a sentence for a person. */
  | { readonly outcome: 'too late'; readonly why: string };

/**
 * Approves a paused run: it sends just what its figures say.
 * @returns the messages of its chunks
 */
export async function approveRun(
  runId: RunId,
  { by, reason }: Decider,
  dependencies: SendingDependencies,
): Promise<Decided<{ messages: ChunkMessage[] }>> {
  const { runs, now } = dependencies;
  if ((await runs.request.read(runId)) === undefined) return { outcome: 'unknown run' };
  const state = await readRunState(runId, runs);
  if (state.state === 'ended') return { outcome: 'too late', why: 'The run has ended.' };
  const mayBePaused = state.plan?.held ?? state.unreadable.plan !== undefined;
  if (state.state === 'unreadable' && mayBePaused) throw state.error;
  if (state.state !== 'paused' || state.cancellation !== undefined)
    return { outcome: 'too late', why: 'The run is not paused, so there is nothing to approve.' };
  const notAgreed = whyNotAgreed(dependencies.terms, londonDate(now()));
  if (notAgreed !== undefined) return { outcome: 'too late', why: notAgreed };
  await runs.approval.create(runId, { at: now().toISOString(), by, reason });
  const messages = await startSending(runId, dependencies);
  // It was cancelled or expired just before the approval: the next tick records what is left.
  if (!(await runs.cancellation.isThere(runId))) return { outcome: 'done', messages };
  const cancellation = await runs.cancellation.readable(runId);
  return { outcome: 'too late', why: `${cancelledBefore}${reasonOf(cancellation?.reason)}` };
}

const cancelledBefore = 'The run was cancelled, or had expired, before it was approved';

function reasonOf(reason: string | undefined): string {
  return reason === undefined ? '.' : `: ${reason}.`;
}

/**
 * Cancels what a run has not sent yet: an extract stops, a paused run ends, and chunks that are not under way are not
 * sent. Their children are outstanding for the next run.
 * @returns the summary when this ended the run; `undefined` when chunks are still under way
 */
export async function cancelRun(
  runId: RunId,
  { by, reason }: Decider,
  dependencies: Pick<SendingDependencies, 'runs' | 'now'>,
): Promise<Decided<{ summary: Summary | undefined }>> {
  const { runs, now } = dependencies;
  if ((await runs.request.read(runId)) === undefined) return { outcome: 'unknown run' };
  if (await runs.summary.isThere(runId)) return { outcome: 'too late', why: 'The run has ended.' };
  await runs.cancellation.create(runId, { at: now().toISOString(), by, reason, cause: 'decision' });
  return { outcome: 'done', summary: await finishRun(runId, dependencies) };
}
