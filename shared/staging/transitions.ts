import { canonical, type CanonicalPayload, type PayloadHash } from '../child/canonical.js';
import { submissionOf, type ChildSubmission } from '../child/difference.js';
import type { Child, ChildPurge } from '../child/payload.js';
import type { RowState, StagedChild, SubmissionStatus } from './stagedChild.js';

/** What a night writes about one child. */
export interface StagingWrite {
  readonly personId: string;
  readonly legacyId: string | undefined;
  readonly json: string;
  readonly hash: PayloadHash;
  readonly rowState: RowState;
  readonly status: SubmissionStatus;
}

/** What is to be sent about one child; a response settles it by `hash`. */
export interface Submission {
  readonly personId: string;
  readonly hash: PayloadHash;
  readonly payload: ChildSubmission | ChildPurge;
  /** What DfE holds once it has accepted this, as canonical JSON; `undefined` after a purge. */
  readonly holds: string | undefined;
}

/** What a night makes of one child. */
export interface Staged {
  readonly rowState: RowState | 'Withdrawn';
  /** What to write, `undefined` when the table says it already: an unchanged child costs nothing but a read. */
  readonly write: StagingWrite | undefined;
  /** What to send so that DfE holds what it should; `undefined` when DfE has never heard of the child. */
  readonly submission: Submission | undefined;
  /** DfE has not acknowledged this payload yet. */
  readonly outstanding: boolean;
  /** DfE has refused exactly this payload before. */
  readonly refused: boolean;
}

/** A child of the cohort, compared with what DfE acknowledged last. */
export function stageChild(child: Child, before: StagedChild | undefined): Staged {
  const payload = canonical(child);
  const acknowledged = before?.acknowledged;
  const outstanding = acknowledged?.hash !== payload.hash;
  const rowState = !outstanding ? 'Unchanged' : acknowledged === undefined ? 'New' : 'Updated';
  const submission = {
    personId: child.la_child_id,
    hash: payload.hash,
    payload: submissionOf(child, outstanding ? acknowledged?.json : undefined),
    holds: payload.json,
  };
  return staged(child, payload, before, rowState, submission, outstanding);
}

/**
 * A staged child that is no longer in the cohort: one that DfE has acknowledged becomes a purge, one that it never had
 * is withdrawn. `undefined` when it left on an earlier night and nothing is outstanding.
 */
export function stageAbsence(before: StagedChild): Staged | undefined {
  const purge: ChildPurge = {
    la_child_id: before.personId,
    ...(before.legacyId === undefined ? {} : { mis_child_id: before.legacyId }),
    purge: true,
  };
  const payload = canonical(purge);
  if (before.acknowledged === undefined) {
    const settled = before.rowState === 'Deleted' && before.status !== 'Pending';
    if (settled) return undefined;
    return {
      ...staged(purge, payload, before, 'Deleted', undefined, false, 'Withdrawn'),
      rowState: 'Withdrawn',
    };
  }
  const submission = { personId: before.personId, hash: payload.hash, payload: purge, holds: undefined };
  return staged(purge, payload, before, 'Deleted', submission, true);
}

function staged(
  content: Child | ChildPurge,
  { json, hash }: CanonicalPayload,
  before: StagedChild | undefined,
  rowState: RowState,
  submission: Submission | undefined,
  outstanding: boolean,
  settledStatus: SubmissionStatus = 'Sent',
): Staged {
  const refused = before?.refusedHash === hash;
  const status = refused ? 'Error' : outstanding ? 'Pending' : settledStatus;
  const known = before?.currentHash === hash && before.rowState === rowState && before.status === status;
  const write = {
    personId: content.la_child_id,
    legacyId: content.mis_child_id,
    json,
    hash,
    rowState,
    status,
  };
  return { rowState, write: known ? undefined : write, submission, outstanding, refused };
}
