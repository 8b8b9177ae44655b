import { createHash } from 'node:crypto';
import type { IdRange } from '../../shared/database/idRange.js';
import type { StagedChild } from '../../shared/staging/stagedChild.js';
import type { Settlement } from '../../shared/staging/settlement.js';
import type { Claim, SendingRun } from '../../shared/staging/stagingTable.js';
import type { StagingWrite } from '../../shared/staging/transitions.js';

export const everyone: IdRange = { after: null, upTo: null };

export const firstRun = '20260801T010000000Z-f00001';
export const secondRun = '20260802T010000000Z-a00002';
export const thirdRun = '20260803T010000000Z-000003';

/** A run as a sender knows it. */
export function runOf(runId: string): SendingRun {
  return { runId, number: [firstRun, secondRun, thirdRun].indexOf(runId) + 1 };
}

/** When a run sends: each one a day after the one before. */
export function dayOf(runId: string): Date {
  return new Date(Date.UTC(2026, 7, runOf(runId).number, 1));
}

export function hashOf(json: string): string {
  return createHash('sha256').update(json, 'utf8').digest('hex');
}

export function aPayload(personId: string, content = 'first'): string {
  return JSON.stringify({ la_child_id: personId, content });
}

export function aNewChild(personId: string, json = aPayload(personId)): StagingWrite {
  return {
    personId,
    legacyId: `${personId}-mis`,
    json,
    hash: hashOf(json),
    rowState: 'New',
    status: 'Staged',
    isHeld: false,
  };
}

export function aChange(personId: string, json = aPayload(personId, 'second')): StagingWrite {
  return { ...aNewChild(personId, json), rowState: 'Updated' };
}

export function aLeaver(personId: string): StagingWrite {
  return { ...aNewChild(personId, `{"la_child_id":"${personId}","purge":true}`), rowState: 'Deleted' };
}

/** The text that goes to DfE: the payload with more in it, such as purge entries. */
export function sentTextOf({ personId, json }: StagingWrite): string {
  return JSON.stringify({ la_child_id: personId, submissionOf: json });
}

/** The attempt that sends, unless a test has more of them. */
export const claimId = 'attempt-1';

export function claimOf(write: StagingWrite): Claim {
  const { personId, hash } = write;
  return { personId, hash, sent: sentTextOf(write) };
}

export function accepted(
  { personId, hash, json, rowState }: StagingWrite,
  receipt = 'receipt-1',
): Settlement {
  const holds = rowState === 'Deleted' ? undefined : json;
  return { outcome: 'accepted', personId, hash, holds, receipt, claimId, mayLandAgain: false };
}

export function refused(
  { personId, hash }: StagingWrite,
  reason = '["bad UPN"]',
  mayHold = false,
): Settlement {
  return { outcome: 'refused', personId, hash, reason, mayHold, claimId };
}

export function notTaken({ personId, hash }: StagingWrite): Settlement {
  return { outcome: 'notTaken', personId, hash, claimId };
}

/** What `stagedChildOf` makes of a row that was just staged. */
export function staged(write: StagingWrite, more: Partial<StagedChild> = {}): StagedChild {
  return {
    personId: write.personId,
    legacyId: write.legacyId,
    rowState: write.rowState,
    status: write.status,
    currentHash: write.hash,
    acknowledged: undefined,
    mayHold: [],
    refusedHash: undefined,
    ...more,
  };
}

/** The same of a row that is being sent, and that DfE has not answered. */
export function unanswered(write: StagingWrite, more: Partial<StagedChild> = {}): StagedChild {
  return staged(write, { status: 'Pending', mayHold: [sentTextOf(write)], ...more });
}

/** The same of a row that DfE has accepted as it is. */
export function inStep(write: StagingWrite): StagedChild {
  return staged(write, { rowState: 'Unchanged', status: 'Sent', ...held(write) });
}

export function held({ json, hash }: StagingWrite): { acknowledged: { json: string; hash: string } } {
  return { acknowledged: { json, hash } };
}
