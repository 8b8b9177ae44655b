import { londonDate } from '../child/dates.js';
import { finishRun, failRun } from './finishRun.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import type { ActiveRun } from '../records/activeRun.js';
import { UnreadableRecordError } from '../records/record.js';
import type { RunStore } from '../records/runStore.js';

/**
 * Where the run stands that has the turn. `held`: a guard holds it and nobody has approved or cancelled it;
 * `abandoned`: nothing will end it any more, because it has had the turn for too long, or another version of this system has
 * written its records.
 */
export type Standing = 'over' | 'held' | 'going on' | 'abandoned';

/** Whatever has become of a run, it does not keep others from theirs for longer than this. */
const longestTurnMs = 48 * 60 * 60_000;

/** When a run loses its turn, whatever has become of it, by the clock of storage. */
export function turnEndsAt({ since }: Pick<ActiveRun, 'since'>): Date {
  return new Date(Date.parse(since) + longestTurnMs);
}

export async function standingOf(turn: Pick<ActiveRun, 'run' | 'since'>, runs: RunStore): Promise<Standing> {
  const { runId } = turn.run;
  // Whoever wrote the summary, and in whatever form.
  if (await runs.summary.isThere(runId)) return 'over';
  if ((await runs.time()) > turnEndsAt(turn)) return 'abandoned';
  try {
    // One that cannot be read stops the sending, and nobody would end the run.
    const [held] = await Promise.all([isHeld(runId, runs), runs.cancellation.read(runId)]);
    return held ? 'held' : 'going on';
  } catch (error) {
    if (error instanceof UnreadableRecordError) return 'abandoned';
    throw error;
  }
}

export async function hasTurn(runId: RunId, runs: RunStore): Promise<boolean> {
  return (await runs.activeRun.read())?.run.runId === runId;
}

/** Whether the run begins when the one that has the turn has ended. */
export async function waitsForTurn(runId: RunId, runs: RunStore): Promise<boolean> {
  return (await runs.activeRun.read())?.waiting?.runId === runId;
}

/** Whether a guard holds the run and nobody has decided about it. */
export async function isHeld(runId: RunId, runs: RunStore): Promise<boolean> {
  if ((await runs.plan.read(runId))?.held !== true) return false;
  const decisions = await Promise.all([runs.approval.read(runId), runs.cancellation.read(runId)]);
  return decisions.every((decision) => decision === undefined);
}

/**
 * Whether the timer asked for both runs on the same date in Europe/London. The second one does not end the first while
 * that waits for approval. (`today` of a request may be a setting, and the same every night.)
 */
export function isSameNight(one: RunRequest, other: RunRequest): boolean {
  const [date, otherDate] = [one, other].map(({ requestedAt }) => londonDate(new Date(requestedAt)));
  return one.trigger === 'timer' && other.trigger === 'timer' && date === otherDate;
}

/**
 * Ends a held run that nobody has approved in time.
 * @returns false when somebody has approved it at that moment: its chunks may be under way, and it sends no more of them,
 *   but ends only when each has its result
 */
export async function expire(runId: RunId, runs: RunStore, now: Date): Promise<boolean> {
  await runs.cancellation.create(runId, { at: now.toISOString(), by: 'schedule', cause: 'expiry' });
  await finishRun(runId, { runs, now: () => now });
  return runs.summary.isThere(runId);
}

/** Takes the turn from a run that has come to no end. What it has not sent is outstanding, and it sends no more. */
export async function abandon(runId: RunId, runs: RunStore, now: Date): Promise<void> {
  const explanation =
    'The run had come to no end within two days, or another version of this system had written its records: it lost its turn. Every child that DfE has not answered for is outstanding for the next run.';
  await failRun(runId, explanation, { runs, now: () => now });
}
