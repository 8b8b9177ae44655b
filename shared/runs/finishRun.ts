import type { Cancellation } from '../records/decision.js';
import type { Plan } from '../records/plan.js';
import type { RunId } from '../records/runId.js';
import type { Summary } from '../records/summary.js';
import { type Totals, type ChunkTotals, sumOf } from '../records/result.js';
import { unlessUnreadable } from '../records/record.js';
import type { RunStore } from '../records/runStore.js';
import { turnedAwayText } from '../records/turnedAway.js';

export interface FinishRunDependencies {
  readonly runs: RunStore;
  readonly now: () => Date;
}

/**
 * Writes the summary when nothing is left to do: every chunk of the plan has its result, or the run was cancelled before
 * anything was queued. Whoever records the last result ends the run; a second one that comes at the same time changes
 * nothing. A run whose plan another version has written is left to `abandon`.
 * @param known the plan, where it was read already: it is written once
 * @returns the summary, when this call wrote it
 */
export async function finishRun(
  runId: RunId,
  { runs, now }: FinishRunDependencies,
  known?: Plan,
): Promise<Summary | undefined> {
  const plan = known ?? (await runs.plan.readable(runId));
  const isQueued = plan !== undefined && (!plan.held || (await runs.approval.read(runId)) !== undefined);
  const totals = sumOf(await runs.result.totals(runId), plan);
  if (isQueued && !plan.dryRun && totals.chunks < plan.chunks) return undefined;
  const cancellation = await runs.cancellation.read(runId);
  const end = await (isQueued
    ? endOfQueued(plan, totals, cancellation, () => whyOutstanding(runId, plan, runs))
    : cancellation && cancelled(cancellation, plan, false));
  if (end === undefined) return undefined;
  const summary = { ...end, endedAt: now().toISOString(), totals };
  return (await runs.summary.create(runId, summary)) ? summary : undefined;
}

/** Whether a run has ended, or will end without planning anything more. */
export async function isOver(runId: RunId, runs: RunStore): Promise<boolean> {
  const ends = await Promise.all([runs.cancellation.isThere(runId), runs.summary.isThere(runId)]);
  return ends.includes(true);
}

/** Ends a run whose extract could not be done. */
export async function failRun(
  runId: RunId,
  explanation: string,
  { runs, now }: FinishRunDependencies,
): Promise<void> {
  await runs.summary.create(runId, {
    status: 'failed',
    endedAt: now().toISOString(),
    totals: sumOf(await runs.result.totals(runId), await runs.plan.readable(runId)),
    explanation,
  });
}

/**
 * Ends a run that has lost its turn, or its place before it had one. It sends no more, and nobody else ends it. A nightly
 * run that never began has been replaced by the next one.
 */
export async function finishLostRun(runId: RunId, { runs, now }: FinishRunDependencies): Promise<void> {
  // It may have had nothing left to do but to end.
  await unlessUnreadable(finishRun(runId, { runs, now }));
  const [request, plan, approval, cancellation, begun] = await Promise.all([
    runs.request.readable(runId),
    runs.plan.readable(runId),
    runs.approval.isThere(runId),
    runs.cancellation.readable(runId),
    Promise.all([runs.progress.isThere(runId), runs.plan.isThere(runId)]),
  ]);
  const totals = sumOf(await runs.result.totals(runId), plan);
  const stopped = cancellation && cancelled(cancellation, plan, approval);
  const end = request?.trigger === 'timer' && !begun.includes(true) ? replaced : (stopped ?? lost);
  await runs.summary.create(runId, { ...end, endedAt: now().toISOString(), totals });
}

type End = Pick<Summary, 'status' | 'explanation'>;

const replaced: End = {
  status: 'replaced',
  explanation:
    'It waited for another run to end, and the next nightly run took its place before it had begun. It sent nothing; the run that took its place sends what is outstanding.',
};

const lost: End = {
  status: 'failed',
  explanation:
    'The run lost its turn before it had ended. Every child that DfE has not answered for is outstanding for the next run.',
};

/** @param totals of all chunks, or of a dry run */
async function endOfQueued(
  plan: Plan,
  totals: Totals,
  cancellation: Cancellation | undefined,
  why: () => Promise<readonly string[]>,
): Promise<End> {
  if (plan.dryRun) {
    return {
      status: 'completed',
      explanation: 'A dry run: nothing was sent, and the staging table was left alone.',
    };
  }
  if (cancellation !== undefined && unansweredOf(plan, totals) > 0)
    return cancelled(cancellation, plan, plan.held);
  const open = openOf(plan, totals);
  if (open.length === 0) return { status: 'completed' };
  return { status: 'completedWithFailures', explanation: [...open, ...(await why())].join(' ') };
}

/** Counted from the plan: the children of a chunk that cannot be read or trusted stand in no result. */
function unansweredOf({ figures: { toSend } }: Plan, { accepted, refused, superseded }: Totals): number {
  return toSend - accepted - refused - superseded;
}

/** What keeps DfE from holding what the run had to send, in words for a person. */
function openOf(plan: Plan, totals: Totals): string[] {
  const { superseded, inDoubt = 0 } = totals;
  const unanswered = unansweredOf(plan, totals);
  return [
    ...(unanswered > 0
      ? [`DfE has not answered for ${children(unanswered)}: outstanding for the next run.`]
      : []),
    ...(superseded > 0
      ? [
          `${children(superseded)} not sent, because the staging table had changed since the run was planned, or a later run had sent them: outstanding unless a later run has sent them.`,
        ]
      : []),
    ...(inDoubt > 0
      ? [
          `DfE has answered for ${children(inDoubt)} for whom a POST of an earlier run has had no answer and may still arrive after it: the next run sends them again.`,
        ]
      : []),
  ];
}

/** So many chunks are looked at, and named: what kept DfE from answering was mostly the same for all of them. */
const fewChunks = 10;

/** Why DfE has not answered for all children of a run. */
async function whyOutstanding(runId: RunId, plan: Plan, runs: RunStore): Promise<string[]> {
  const chunks = (await runs.result.totals(runId)).filter(({ chunk }) => chunk <= plan.chunks);
  const newest = chunks.filter(({ outstanding }) => outstanding > 0).slice(-fewChunks);
  const ofDfe = await runs.failedAttempts.reasons(
    runId,
    newest.map(({ chunk }) => chunk),
  );
  return [...failuresOf(chunks), ...ofDfe];
}

/** Why chunks were not sent, each reason once. */
function failuresOf(chunks: readonly ChunkTotals[]): string[] {
  const byFailure = Map.groupBy(chunks, ({ failure }) => failure);
  return [...byFailure].flatMap(([failure, failed]) =>
    failure === undefined ? [] : [`${numbersText(failed)} not sent: ${turnedAwayText(failure)}.`],
  );
}

function numbersText(chunks: readonly ChunkTotals[]): string {
  const numbers = chunks.slice(0, fewChunks).map(({ chunk }) => String(chunk));
  const more = chunks.length > fewChunks ? ` and ${String(chunks.length - fewChunks)} more` : '';
  return `${chunks.length === 1 ? 'Chunk' : 'Chunks'} ${numbers.join(', ')}${more}`;
}

function children(number: number): string {
  return number === 1 ? '1 child' : `${String(number)} children`;
}

const endOf = { decision: 'cancelled', expiry: 'expired', receiver: 'unavailable' } as const;

function cancelled({ by, reason, cause }: Cancellation, plan: Plan | undefined, isApproved: boolean): End {
  const why = {
    decision: `Cancelled by ${by}${reason === undefined ? '' : `: ${reason}`}. What was not sent yet is outstanding for the next run.`,
    expiry: isApproved
      ? 'It was approved at the moment at which its time was over, and ended all the same. What was not sent yet is outstanding for the next run.'
      : 'A guard held the run and nobody approved it in time. Nothing was sent.',
    receiver: `${reason ?? ''} The rest was not tried; every child that DfE has not answered for is outstanding for the next run.`,
  }[cause];
  const objections = plan?.held === true ? plan.objections.map(({ explanation }) => explanation) : [];
  return { status: endOf[cause], explanation: [why, ...objections].join(' ') };
}
