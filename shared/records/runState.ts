import type { Cancellation, Decision } from './decision.js';
import type { Plan } from './plan.js';
import { UnreadableRecordError } from './record.js';
import type { RunId } from './runId.js';
import type { RunStore } from './runStore.js';
import type { Summary } from './summary.js';

/** The records that decide what a run may do. Each is written once: what is there stays as it is. */
interface Records {
  readonly plan: Plan | undefined;
  /** Of a run whose plan a safety check has paused. */
  readonly approval: Decision | undefined;
  readonly cancellation: Cancellation | undefined;
  readonly summary: Summary | undefined;
}

interface RunRecords extends Records {
  /** The records that another version has written, each as its error. They are `undefined` above. */
  readonly unreadable: Readonly<Record<keyof Records, UnreadableRecordError | undefined>>;
}

/**
 * How far a run is. `unplanned`: its extract has not ended, or not begun; `paused`: a safety check has paused it, and
 * it was not approved; `sending`: it sends, or is a dry run that is about to end; `ended`: it has a summary, even one
 * that cannot be read; `unreadable`: another version has written one of the other records.
 *
 * A cancellation does not change the state: the run continues until every chunk that may be under way has its result.
 */
export type RunState = RunRecords &
  (
    | { readonly state: 'unplanned' | 'ended' }
    | { readonly state: 'paused' | 'sending'; readonly plan: Plan }
    | { readonly state: 'unreadable'; readonly error: UnreadableRecordError }
  );

/** @param known what was read before: only what was absent then is read again */
export async function readRunState(
  runId: RunId,
  runs: RunStore,
  known: Partial<Records> = {},
): Promise<RunState> {
  const [plan, cancellation, summary] = await Promise.all([
    known.plan ?? unlessFailed(runs.plan.read(runId)),
    known.cancellation ?? unlessFailed(runs.cancellation.read(runId)),
    known.summary ?? unlessFailed(runs.summary.read(runId)),
  ]);
  // Only a paused run is approved.
  const mayBePaused = plan instanceof UnreadableRecordError || plan?.held === true;
  const approval = mayBePaused
    ? (known.approval ?? (await unlessFailed(runs.approval.read(runId))))
    : undefined;
  return stateOf({
    plan: readable(plan),
    approval: readable(approval),
    cancellation: readable(cancellation),
    summary: readable(summary),
    unreadable: {
      plan: failed(plan),
      approval: failed(approval),
      cancellation: failed(cancellation),
      summary: failed(summary),
    },
  });
}

function stateOf(records: RunRecords): RunState {
  const { plan, approval, summary, unreadable } = records;
  if (summary !== undefined || unreadable.summary !== undefined) return { ...records, state: 'ended' };
  const error = unreadable.plan ?? unreadable.approval ?? unreadable.cancellation;
  if (error !== undefined) return { ...records, state: 'unreadable', error };
  if (plan === undefined) return { ...records, state: 'unplanned' };
  return { ...records, plan, state: isPaused(plan, approval) ? 'paused' : 'sending' };
}

/** Whether a safety check keeps what a plan says from being sent, because it was not approved. */
export function isPaused({ held }: Pick<Plan, 'held'>, approval: Decision | undefined): boolean {
  return held && approval === undefined;
}

/** The approval of a plan that needs one. */
export async function approvalOf(
  runId: RunId,
  { held }: Pick<Plan, 'held'>,
  runs: RunStore,
): Promise<Decision | undefined> {
  return held ? runs.approval.read(runId) : undefined;
}

/** Whether a run has ended, or will end without planning anything more. */
export async function isOver(runId: RunId, runs: RunStore): Promise<boolean> {
  const ends = await Promise.all([runs.cancellation.isThere(runId), runs.summary.isThere(runId)]);
  return ends.includes(true);
}

async function unlessFailed<Read>(read: Promise<Read>): Promise<Read | UnreadableRecordError> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof UnreadableRecordError) return error;
    throw error;
  }
}

function readable<Read>(read: Read | UnreadableRecordError): Read | undefined {
  return read instanceof UnreadableRecordError ? undefined : read;
}

function failed(read: unknown): UnreadableRecordError | undefined {
  return read instanceof UnreadableRecordError ? read : undefined;
}
