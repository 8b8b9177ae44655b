import type { Cancellation } from '../records/decision.js';
import type { Plan } from '../records/plan.js';
import { sumOf, type ChunkTotals, type Totals } from '../records/result.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';
import type { Summary } from '../records/summary.js';
import { turnedAwayText } from '../records/turnedAway.js';

/** How a run has ended, and why, in words for a person. */
export type End = Pick<Summary, 'status' | 'explanation'>;

export const replacedEnd: End = {
  status: 'replaced',
  explanation:
    'It waited for another run to end, and the next nightly run took its place before it had begun. It sent nothing; the run that took its place sends what is outstanding.',
};

export const lostEnd: End = {
  status: 'failed',
  explanation:
    'The run lost its turn before it had ended. Every child that DfE has not answered for is outstanding for the next run.',
};

/** How a run ends that has sent everything, and how a dry run ends. @param chunks their outcomes */
export async function endOfSent(
  runId: RunId,
  plan: Plan,
  chunks: readonly ChunkTotals[],
  cancellation: Cancellation | undefined,
  runs: RunStore,
): Promise<End> {
  if (plan.dryRun) {
    return {
      status: 'completed',
      explanation: 'A dry run: nothing was sent, and the staging table was left alone.',
    };
  }
  const totals = sumOf(chunks, plan);
  if (cancellation !== undefined && unansweredOf(plan, totals) > 0)
    return cancelledEnd(cancellation, plan, plan.held);
  const open = openOf(plan, totals);
  if (open.length === 0) return { status: 'completed' };
  const planned = chunks.filter(({ chunk }) => chunk <= plan.chunks);
  const why = await whyOutstanding(runId, planned, runs);
  return { status: 'completedWithFailures', explanation: [...open, ...why].join(' ') };
}

/** Counted from the plan: the children of a chunk that cannot be read or trusted are in no result. */
function unansweredOf({ figures: { toSend } }: Plan, { accepted, refused, superseded }: Totals): number {
  return toSend - accepted - refused - superseded;
}

/** Why DfE does not hold everything that the run had to send, in words for a person. */
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
          `DfE has answered for ${children(inDoubt)}, but an earlier POST about them has had no answer and may still arrive: the next run sends them again.`,
        ]
      : []),
  ];
}

/** The reason is usually the same for all chunks, so only this many are looked at and named. */
const fewChunks = 10;

/** Why DfE has not answered for all children of a run. */
async function whyOutstanding(
  runId: RunId,
  chunks: readonly ChunkTotals[],
  runs: RunStore,
): Promise<string[]> {
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

export function cancelledEnd(
  { by, reason, cause }: Cancellation,
  plan: Plan | undefined,
  isApproved: boolean,
): End {
  const why = {
    decision: `Cancelled by ${by}${reason === undefined ? '' : `: ${reason}`}. What was not sent yet is outstanding for the next run.`,
    expiry: isApproved
      ? 'It was approved at the moment when it expired, and has ended. What was not sent is outstanding for the next run.'
      : 'A safety check paused the run and it was not approved in time. Nothing was sent.',
    receiver: `${reason ?? ''} The rest was not tried; every child that DfE has not answered for is outstanding for the next run.`,
  }[cause];
  const objections = plan?.held === true ? plan.objections.map(({ explanation }) => explanation) : [];
  return { status: endOf[cause], explanation: [why, ...objections].join(' ') };
}
