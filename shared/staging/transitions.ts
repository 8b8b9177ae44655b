import {
  canonical,
  hashOf,
  sameContent,
  type CanonicalPayload,
  type PayloadHash,
} from '../child/canonical.js';
import { submissionOf, type ChildSubmission } from '../child/changes/difference.js';
import { partialSubmissionOf } from '../child/changes/partial.js';
import type { Child, ChildPurge } from '../child/payload.js';
import type { Acknowledged, RowState, StagedChild, SubmissionStatus } from './stagedChild.js';

/** What a run writes about one child. */
export interface StagingWrite {
  readonly personId: string;
  readonly legacyId: string | undefined;
  readonly json: string;
  readonly hash: PayloadHash;
  readonly rowState: RowState;
  readonly status: SubmissionStatus;
  /** DfE has exactly this from Data to Insight's sender: it becomes what was acknowledged. */
  readonly isHeld: boolean;
}

/** What is to be sent about one child; a response settles it by run and `hash`. */
export interface Submission {
  readonly personId: string;
  readonly hash: PayloadHash;
  /** What became of the child since DfE acknowledged it last. */
  readonly change: RowState;
  /** A partial submission has the form of a whole one with some blocks missing. */
  readonly payload: ChildSubmission | ChildPurge;
  /** What DfE holds once it has accepted this, as canonical JSON; `undefined` after a purge. */
  readonly holds: string | undefined;
}

/** What a run makes of one child. */
export interface Staged {
  readonly rowState: RowState | 'Withdrawn';
  /** What to write, `undefined` when the table already says it: an unchanged child is only read. */
  readonly write: StagingWrite | undefined;
  /**
   * Gives what to send so that DfE holds what it should; `undefined` when DfE has never had the child. A function, so that
   * nothing is computed for a child that is not sent.
   */
  readonly submission: ((blocks: 'all' | 'changed') => Submission) | undefined;
  /** DfE has not acknowledged this payload yet, or may hold something else too. */
  readonly outstanding: boolean;
  /** DfE has refused exactly this payload before. */
  readonly refused: boolean;
  /** Bytes of UTF-8 of what DfE should hold. */
  readonly size: number;
}

/**
 * A child of the cohort, compared with what DfE acknowledged last.
 * @param pseudonyms the id of the pseudonyms under which children are sent. A receiver cannot match what was acknowledged
 * under other pseudonyms, so the child is sent again, whole
 */
export function stageChild(child: Child, before: StagedChild | undefined, pseudonyms?: string): Staged {
  const payload = canonical(child, pseudonyms);
  const acknowledged = before?.acknowledged;
  const doubts = before?.mayHold ?? [];
  const isHeld =
    acknowledged !== undefined && doubts.length === 0 && isSame(payload, acknowledged, pseudonyms);
  const isKnown = acknowledged !== undefined || doubts.length > 0;
  const rowState = isHeld ? 'Unchanged' : isKnown ? 'Updated' : 'New';
  const submission = (blocks: 'all' | 'changed'): Submission => ({
    personId: child.la_child_id,
    hash: payload.hash,
    change: rowState,
    payload:
      blocks === 'changed' &&
      acknowledged !== undefined &&
      !isHeld &&
      doubts.length === 0 &&
      isSentUnder(acknowledged, pseudonyms)
        ? partialSubmissionOf(child, acknowledged.json)
        : submissionOf(
            child,
            isHeld ? [] : acknowledged === undefined ? doubts : [acknowledged.json, ...doubts],
          ),
    holds: payload.json,
  });
  return {
    ...staged(child, payload, before, rowState, isHeld ? 'Sent' : 'Staged'),
    submission,
    outstanding: !isHeld,
  };
}

/**
 * A staged child that is no longer in the cohort. One that DfE has acknowledged, or may hold, becomes a purge; one that it
 * never had is withdrawn. `undefined` when it left in an earlier run and nothing is outstanding.
 */
export function stageAbsence(before: StagedChild, pseudonyms?: string): Staged | undefined {
  const purge: ChildPurge = {
    la_child_id: before.personId,
    ...(before.legacyId === undefined ? {} : { mis_child_id: before.legacyId }),
    purge: true,
  };
  const payload = canonical(purge, pseudonyms);
  if (before.acknowledged === undefined && before.mayHold.length === 0) {
    const isOver =
      before.rowState === 'Deleted' && (before.status === 'Sent' || before.status === 'Withdrawn');
    if (isOver) return undefined;
    return {
      ...staged(purge, payload, before, 'Deleted', 'Withdrawn'),
      rowState: 'Withdrawn',
      submission: undefined,
      outstanding: false,
    };
  }
  return {
    ...staged(purge, payload, before, 'Deleted', 'Staged'),
    submission: () => ({
      personId: before.personId,
      hash: payload.hash,
      change: 'Deleted',
      payload: purge,
      holds: undefined,
    }),
    outstanding: true,
  };
}

function isSame(
  payload: CanonicalPayload,
  { json, hash }: Acknowledged,
  pseudonyms: string | undefined,
): boolean {
  if (hash !== undefined) return hash === payload.hash;
  // Data to Insight's sender does not use our pseudonyms.
  return pseudonyms === undefined && sameContent(payload.json, json);
}

/** Whether what the receiver has acknowledged was sent under these pseudonyms. */
function isSentUnder({ json, hash }: Acknowledged, pseudonyms: string | undefined): boolean {
  return hash === undefined ? pseudonyms === undefined : hash === hashOf(json, pseudonyms);
}

function staged(
  content: Child | ChildPurge,
  { json, hash }: CanonicalPayload,
  before: StagedChild | undefined,
  rowState: RowState,
  aim: SubmissionStatus,
): Pick<Staged, 'write' | 'refused' | 'size'> & { readonly rowState: RowState } {
  const isOutstanding = aim === 'Staged';
  const refused = isOutstanding && before?.refusedHash === hash;
  const status = refused ? 'Error' : aim;
  // This same payload is already being sent, and DfE has not answered.
  const waits = status === 'Staged' && before?.status === 'Pending';
  const isHeld = rowState === 'Unchanged';
  const isSaid =
    before?.currentHash === hash &&
    before.rowState === rowState &&
    (before.status === status || waits) &&
    (!isHeld || before.acknowledged?.hash === hash);
  const write = {
    personId: content.la_child_id,
    legacyId: content.mis_child_id,
    json,
    hash,
    rowState,
    status,
    isHeld: isHeld && before?.acknowledged?.hash === undefined,
  };
  return { rowState, write: isSaid ? undefined : write, refused, size: Buffer.byteLength(json, 'utf8') };
}
