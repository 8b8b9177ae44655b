import { z } from 'zod';
import type { PayloadHash } from '../child/canonical.js';
import type { Row } from '../database/database.js';
import { submissionsIn } from './doubt.js';

/** What happened to a child's record, in the words of the staging table's `row_state`. */
export type RowState = 'New' | 'Updated' | 'Deleted' | 'Unchanged';

/**
 * How far its submission is, in the words of the staging table's `submission_status`. `Staged` (not being sent yet: the
 * run may be paused) and `Withdrawn` (the child left before DfE had it) are words that Data to Insight's scripts do not
 * know and so ignore.
 */
export type SubmissionStatus = 'Staged' | 'Pending' | 'Sent' | 'Error' | 'Withdrawn';

/** One row of the staging table: what DfE should hold about a child, what it has acknowledged, what it may hold. */
export interface StagedChild {
  readonly personId: string;
  readonly rowState: RowState | undefined;
  readonly status: SubmissionStatus | undefined;
  /** The hash of what DfE should hold (for a leaver: of the purge). */
  readonly currentHash: PayloadHash | undefined;
  /** The payload DfE acknowledged last; `undefined` when it has acknowledged nothing, or a purge. */
  readonly acknowledged: Acknowledged | undefined;
  /**
   * The JSON texts of what else DfE may hold: a submission that was never answered, or a payload for which Data to
   * Insight's table does not say whether it was sent. While there are any, the child is outstanding.
   */
  readonly mayHold: readonly string[];
  /** The hash of a payload that DfE refused. */
  readonly refusedHash: PayloadHash | undefined;
  readonly legacyId: string | undefined;
}

export interface Acknowledged {
  readonly json: string;
  /** The hash of our canonical text; `undefined` for what Data to Insight's sender has sent, whose hashes are made otherwise. */
  readonly hash: PayloadHash | undefined;
}

/**
 * What DfE holds of a child, as far as the staging table can tell. `DfE holds nothing`: nothing is acknowledged, and
 * nothing that was sent is unanswered.
 */
export type HeldAtDfe =
  | 'no row'
  | 'DfE holds nothing'
  | 'DfE holds the child'
  | 'DfE may hold the child'
  | 'a POST may still arrive';

const rowStates: Readonly<Record<string, RowState>> = {
  new: 'New',
  updated: 'Updated',
  deleted: 'Deleted',
  unchanged: 'Unchanged',
};
const statuses: Readonly<Record<string, SubmissionStatus>> = {
  staged: 'Staged',
  pending: 'Pending',
  sent: 'Sent',
  error: 'Error',
  withdrawn: 'Withdrawn',
};

type ColumnText = string | null | undefined;

/** Reads `row_state`. States are understood in any case: Data to Insight's senders write lower case. */
export function rowStateOf(text: ColumnText): RowState | undefined {
  return rowStates[text?.trim().toLowerCase() ?? ''];
}

/** Reads `submission_status`, in any case as well. */
export function statusOf(text: ColumnText): SubmissionStatus | undefined {
  return statuses[text?.trim().toLowerCase() ?? ''];
}

const text = z.string().nullish();
const rowSchema = z.object({
  person_id: z.string(),
  legacy_id: text,
  row_state: text,
  submission_status: text,
  current_hash: text,
  previous_hash: text,
  acknowledged_hash: text,
  refused_hash: text,
  previous_json_payload: text,
  unanswered_json_payload: text,
  tried_json_payload: text,
});

/** Reads a row of `selectStaged`. States are understood in any case: Data to Insight's senders write lower case. */
export function stagedChildOf(row: Row): StagedChild {
  const read = rowSchema.parse(row);
  const status = statusOf(read.submission_status);
  const acknowledged = acknowledgedIn(read, status);
  const byOther = acknowledged === undefined ? [read.previous_json_payload, read.tried_json_payload] : [];
  return {
    personId: read.person_id,
    legacyId: read.legacy_id ?? undefined,
    rowState: rowStateOf(read.row_state),
    status,
    currentHash: read.current_hash?.toLowerCase(),
    refusedHash: read.refused_hash?.toLowerCase(),
    acknowledged,
    mayHold: [
      ...byOther.filter((json) => typeof json === 'string'),
      ...submissionsIn(read.unanswered_json_payload ?? undefined),
    ],
  };
}

/**
 * What DfE acknowledged last. It is in `previous_*` when this system has written it, which `acknowledged_hash` shows. Data
 * to Insight's builder writes there what was staged before, sent or not. Its sender writes there what DfE has just
 * accepted: then both hashes are the same and the status is Sent.
 */
function acknowledgedIn(
  row: z.output<typeof rowSchema>,
  status: SubmissionStatus | undefined,
): Acknowledged | undefined {
  const {
    previous_json_payload: json,
    previous_hash: hash,
    acknowledged_hash: ours,
    current_hash: current,
  } = row;
  if (json === null || json === undefined || hash === null || hash === undefined) return undefined;
  if (ours?.toLowerCase() === hash.toLowerCase()) return { json, hash: hash.toLowerCase() };
  const isSentByOther = status === 'Sent' && current?.toLowerCase() === hash.toLowerCase();
  return isSentByOther ? { json, hash: undefined } : undefined;
}
