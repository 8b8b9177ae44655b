import type { PayloadHash } from '../child/canonical.js';

/** What happened to a child's record, in the words of the staging table's `row_state`. */
export type RowState = 'New' | 'Updated' | 'Deleted' | 'Unchanged';

/**
 * How far its submission is, in the words of the staging table's `submission_status`. `Withdrawn`, which Data to
 * Insight's scripts do not know and so pass over, is a child that left before DfE ever had it.
 */
export type SubmissionStatus = 'Pending' | 'Sent' | 'Error' | 'Withdrawn';

/** One row of the staging table: what DfE should hold about a child, and what it has acknowledged. */
export interface StagedChild {
  readonly personId: string;
  readonly rowState: RowState | undefined;
  readonly status: SubmissionStatus | undefined;
  /** The hash of what DfE should hold (for a leaver: of the purge). */
  readonly currentHash: PayloadHash | undefined;
  /** The payload DfE acknowledged last, and its hash; `undefined` when DfE holds nothing. */
  readonly acknowledged: { readonly json: string; readonly hash: PayloadHash } | undefined;
  /** The hash of a payload that DfE refused. */
  readonly refusedHash: PayloadHash | undefined;
  readonly legacyId: string | undefined;
}
