import { sumOf } from '../records/result.js';
import type { RunId } from '../records/runId.js';
import type { Plan } from '../records/plan.js';
import { isNightly } from '../records/runRequest.js';
import { unlessUnreadable } from '../records/record.js';
import { isPaused, readRunState, type RunState } from '../records/runState.js';
import type { RunStore } from '../records/runStore.js';
import type { Summary } from '../records/summary.js';
import { cancelledEnd, endOfSent, lostEnd, replacedEnd, type End } from './runEnds.js';

export interface FinishRunDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
}

/**
 * Writes the summary when nothing is left to do: every chunk of the plan has its result, or the run was cancelled
 * before anything was queued. The sender that records the last result ends the run; a second one that comes at the
 * same time changes nothing. A run whose plan another version has written is ended by `abandon`.
 * @param known what was read of the run before
 * @returns the summary, when this call wrote it
 */
export async function finishRun(
  runId: RunId,
  { runs, now }: FinishRunDependencies,
  known: Partial<Pick<RunState, 'plan' | 'approval' | 'cancellation'>> = {},
): Promise<Summary | undefined> {
  const chunks = await runs.result.totals(runId);
  const isOpen = (plan: Plan) => !plan.dryRun && sumOf(chunks, plan).chunks < plan.chunks;
  if (known.plan !== undefined && !isPaused(known.plan, known.approval) && isOpen(known.plan))
    return undefined;
  // Read after the results: a chunk that a cancellation left unsent has its result only after the cancellation.
  const state = await readRunState(runId, runs, known);
  const { plan, approval, cancellation, unreadable } = state;
  if (plan !== undefined) {
    if (unreadable.approval !== undefined) throw unreadable.approval;
    // Before the cancellation: in whatever form that is, the run has not ended.
    if (!isPaused(plan, approval) && isOpen(plan)) return undefined;
  }
  if (unreadable.cancellation !== undefined) throw unreadable.cancellation;
  const totals = sumOf(chunks, plan);
  let end: End | undefined;
  switch (state.state) {
    case 'ended':
      return undefined;
    case 'sending':
      end = await endOfSent(runId, state.plan, chunks, cancellation, runs);
      break;
    default:
      end = cancellation && cancelledEnd(cancellation, plan, false);
  }
  if (end === undefined) return undefined;
  const summary = { ...end, endedAt: now().toISOString(), totals };
  return (await runs.summary.create(runId, summary)) ? summary : undefined;
}

/** Ends a run whose extract could not be done. */
export async function failRun(
  runId: RunId,
  explanation: string,
  { runs, now }: FinishRunDependencies,
): Promise<void> {
  const plan = await runs.plan.readable(runId);
  await runs.summary.create(runId, {
    status: 'failed',
    endedAt: now().toISOString(),
    totals: sumOf(await runs.result.totals(runId), plan),
    explanation,
  });
}

/**
 * Ends a run that is no longer active, or no longer waits. It sends nothing more, and nothing else ends it. A nightly
 * run that never began was replaced by the next one.
 */
export async function finishLostRun(runId: RunId, { runs, now }: FinishRunDependencies): Promise<void> {
  // All its work may have been done already.
  await unlessUnreadable(finishRun(runId, { runs, now }));
  const [request, { plan, approval, cancellation, unreadable }, hasProgress] = await Promise.all([
    runs.request.readable(runId),
    readRunState(runId, runs),
    runs.progress.isThere(runId),
  ]);
  const hasBegun = hasProgress || (plan ?? unreadable.plan) !== undefined;
  const isApproved = (approval ?? unreadable.approval) !== undefined;
  const stopped = cancellation && cancelledEnd(cancellation, plan, isApproved);
  const end = request !== undefined && isNightly(request) && !hasBegun ? replacedEnd : (stopped ?? lostEnd);
  const totals = sumOf(await runs.result.totals(runId), plan);
  await runs.summary.create(runId, { ...end, endedAt: now().toISOString(), totals });
}

/**
 * Ends a paused run that was not approved in time.
 * @returns false when it was approved at that moment: its chunks may be under way, and it sends no more of them,
 *   but ends only when each has its result
 */
export async function expire(runId: RunId, runs: RunStore, now: Date): Promise<boolean> {
  await runs.cancellation.create(runId, { at: now.toISOString(), by: 'schedule', cause: 'expiry' });
  await finishRun(runId, { runs, now: () => now });
  return runs.summary.isThere(runId);
}

/** Ends an active run that did not end by itself. It sends nothing more, and what it has not sent is outstanding. */
export async function abandon(runId: RunId, runs: RunStore, now: Date): Promise<void> {
  const explanation =
    'The run did not end within two days, or another version of this system wrote its records, so it lost its turn. Every child that DfE has not answered for is outstanding for the next run.';
  await failRun(runId, explanation, { runs, now: () => now });
}
