import type { Cancellation, Plan, RunId, Summary, Totals } from './runRecords.js';
import { unlessUnreadable, type RunStore } from './runStore.js';

export interface EndRunDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
}

/**
 * Writes the summary when nothing is left to do: every chunk of the plan has its result, or the run was cancelled before
 * anything was queued. Whoever records the last result ends the run; a second one that comes at the same time changes
 * nothing. A run whose plan another version has written is left to `abandon`.
 * @returns the summary, when this call wrote it
 */
export async function endRun(runId: RunId, { runs, now }: EndRunDependencies): Promise<Summary | undefined> {
  const [plan, cancellation, totals] = await Promise.all([
    unlessUnreadable(runs.readPlan(runId)),
    runs.readCancellation(runId),
    runs.totals(runId),
  ]);
  const isQueued = plan !== undefined && (!plan.held || (await runs.readApproval(runId)) !== undefined);
  const end = await (isQueued
    ? endOfQueued(plan, totals, cancellation, () => whyOutstanding(runId, runs))
    : cancellation && cancelled(cancellation, plan));
  if (end === undefined) return undefined;
  const summary = { ...end, endedAt: now().toISOString(), totals };
  return (await runs.createSummary(runId, summary)) ? summary : undefined;
}

/** Ends a run whose extract could not be done. */
export async function failRun(
  runId: RunId,
  explanation: string,
  { runs, now }: EndRunDependencies,
): Promise<void> {
  await runs.createSummary(runId, {
    status: 'failed',
    endedAt: now().toISOString(),
    totals: await runs.totals(runId),
    explanation,
  });
}

/** Ends a nightly run that never began, because the next one took its place. */
export async function replaceRun(runId: RunId, { runs, now }: EndRunDependencies): Promise<void> {
  await runs.createSummary(runId, {
    status: 'replaced',
    endedAt: now().toISOString(),
    totals: await runs.totals(runId),
    explanation:
      'It waited for another run to end, and the next nightly run took its place before it had begun. It sent nothing; the run that took its place sends what is outstanding.',
  });
}

type End = Pick<Summary, 'status' | 'explanation'>;

async function endOfQueued(
  plan: Plan,
  totals: Totals,
  cancellation: Cancellation | undefined,
  why: () => Promise<string | undefined>,
): Promise<End | undefined> {
  if (plan.dryRun) {
    return {
      status: 'completed',
      explanation: 'A dry run: nothing was sent, and the staging table was left alone.',
    };
  }
  if (totals.chunks < plan.chunks) return undefined;
  if (totals.outstanding === 0) return { status: 'completed' };
  if (cancellation !== undefined) return cancelled(cancellation, plan);
  const explanation = await why();
  return { status: 'completedWithFailures', ...(explanation === undefined ? {} : { explanation }) };
}

/** So many chunks are looked at: what kept DfE from answering was mostly the same for all of them. */
const fewChunks = 10;

/** Why DfE has not answered for all children of a run, as far as it was DfE. */
async function whyOutstanding(runId: RunId, runs: RunStore): Promise<string | undefined> {
  const chunks = (await runs.chunkTotals(runId)).filter(({ outstanding }) => outstanding > 0);
  const newest = chunks.slice(-fewChunks).map(({ chunk }) => chunk);
  const texts = await runs.whyUnanswered(runId, newest);
  if (texts.length === 0) return undefined;
  return `DfE has not answered for all children, who are outstanding for the next run. ${texts.join(' ')}`;
}

const endOf = { decision: 'cancelled', expiry: 'expired', receiver: 'unavailable' } as const;

function cancelled({ by, reason, cause }: Cancellation, plan: Plan | undefined): End {
  const why = {
    decision: `Cancelled by ${by}${reason === undefined ? '' : `: ${reason}`}. What was not sent yet is outstanding for the next run.`,
    expiry: 'A guard held the run and nobody approved it in time. Nothing was sent.',
    receiver: `${reason ?? ''} The rest was not tried; every child that DfE has not answered for is outstanding for the next run.`,
  }[cause];
  const objections = plan?.held === true ? plan.objections.map(({ explanation }) => explanation) : [];
  return { status: endOf[cause], explanation: [why, ...objections].join(' ') };
}
