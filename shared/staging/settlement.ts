import type { PayloadHash } from '../child/canonical.js';
import { doubtOnceAccepted, doubtOnceNotTaken, isFinalRefusal, type Doubt } from './doubt.js';
import { doubtColumns, type LockedRow } from './lockedRow.js';
import type { JsonRow } from './stagingSql.js';

/** The outcome for one child that a run has sent. */
export type Settlement = { readonly personId: string; readonly hash: PayloadHash } & (
  | {
      readonly outcome: 'accepted';
      /** What DfE now holds, as canonical JSON; `undefined` after a purge. */
      readonly holds: string | undefined;
      readonly receipt: string;
      /** The claim under which it was sent; not known where an earlier version has recorded the answer. */
      readonly claimId: string | undefined;
      /** An earlier try had no answer, and DfE may still take it. */
      readonly mayLandAgain: boolean;
    }
  | {
      readonly outcome: 'refused';
      readonly reason: string;
      /** DfE may hold an earlier submission, or an earlier try of this one, that it never answered. */
      readonly mayHold: boolean;
      /** The claim under which it was sent. */
      readonly claimId: string;
    }
  /** DfE certainly did not take it, and holds nothing else that it never answered. */
  | { readonly outcome: 'notTaken'; readonly claimId: string }
);

/** What is written about a settled child, and by which statement. */
interface SettledWrite {
  readonly statement: 'settleAccepted' | 'settleRefused' | 'writeDoubt';
  readonly columns: JsonRow;
}

/** @returns `undefined` when the row stays as it is */
export function settledWrite(settlement: Settlement, row: LockedRow, run: string): SettledWrite | undefined {
  const isLate = row.sentRunId !== run;
  const doubt = doubtAfter(settlement, row, run, isLate);
  if (isLate && doubt === row.doubt) return undefined;
  const { personId: person_id, hash, outcome } = settlement;
  const columns = { person_id, ...doubtColumns(doubt) };
  if (isLate || outcome === 'notTaken') return { statement: 'writeDoubt', columns };
  if (outcome === 'accepted') {
    const { holds, receipt } = settlement;
    return { statement: 'settleAccepted', columns: { ...columns, hash, holds, receipt: storable(receipt) } };
  }
  // What is in doubt is sent again, even when DfE has refused it.
  const refused = isFinalRefusal(row.doubt, run) ? hash : undefined;
  const reason = storable(settlement.reason);
  return { statement: 'settleRefused', columns: { ...columns, hash, reason, refused } };
}

function doubtAfter(settlement: Settlement, row: LockedRow, run: string, isLate: boolean): Doubt {
  const { doubt, lockedAt: at } = row;
  switch (settlement.outcome) {
    case 'accepted': {
      const { claimId: claim, mayLandAgain } = settlement;
      return isLate ? doubt : doubtOnceAccepted(doubt, { run, claim, at }, mayLandAgain);
    }
    case 'refused':
      return settlement.mayHold ? doubt : doubtOnceNotTaken(doubt, { run, claim: settlement.claimId });
    case 'notTaken':
      return doubtOnceNotTaken(doubt, { run, claim: settlement.claimId });
  }
}

/**
 * A database takes no NUL and no half of a character, which records of version 0.1 may have. No text of DfE may stop a
 * child from being settled.
 */
function storable(text: string): string {
  return text.slice(0, longestResponse).replaceAll('\0', '\ufffd').toWellFormed();
}

/** Ten times what this version keeps of an answer. */
const longestResponse = 10_000;
