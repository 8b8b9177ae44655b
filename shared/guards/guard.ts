import type { Category } from '../child/categories.js';
import type { IdChanges } from '../child/changes/idChurn.js';
import type { TableReceiver } from '../records/receiver.js';

/** Rows by table, under the names of the SSD specification. A table that is not there has none. */
export type RowsByTable = Readonly<Partial<Record<string, number>>>;

/**
 * What an extract has found, and what is known about the run before: the last one that was sent. Paused runs do not
 * count as the run before: otherwise the same fault would not pause the next run.
 */
export interface GuardFacts {
  readonly cohort: number;
  readonly leavers: number;
  /** How many children DfE holds. */
  readonly acknowledged: number;
  readonly rowsAtBegin: RowsByTable;
  readonly rowsAtEnd: RowsByTable;
  /** Whether the ranges that were read gave exactly the ids that the SSD and the lists had at the beginning. */
  readonly idsAsAtBegin: boolean;
  /** Of the run before; `undefined` without one. */
  readonly rowsBefore: RowsByTable | undefined;
  /** Of the children that were there before and still are. */
  readonly idChurn: IdChanges;
  /**
   * What DfE holds for these children and none of them has now: by the path of the attribute, for how many children
   * DfE holds it.
   */
  readonly vanished: Readonly<Record<string, number>>;
  /** yyyy-MM-dd */
  readonly windowStart: string;
  /** Of the run before; `undefined` without one. */
  readonly windowStartBefore: string | undefined;
  /** With the address as the setting DFE_API_BASE_URL gives it. */
  readonly receiver: TableReceiver;
  /** The receiver whose acknowledgements the staging table holds; `undefined` while none is known. */
  readonly receiverBefore: TableReceiver | undefined;
  readonly stagingTable: string;
  /** The categories that are not shared, and those that were not in the run before. */
  readonly leftOut: readonly Category[];
  readonly leftOutBefore: readonly string[];
  /** Why nothing about a real child may leave the authority; `undefined` when it may. */
  readonly notAgreed: string | undefined;
}

/**
 * How much may change from one run to the next, in whole percent: exactly the limit is allowed. Nothing is more
 * than 100 %, so 100 switches a rule off; with 0 only the few are allowed that each rule always allows.
 */
export interface GuardLimits {
  /** Of the children DfE holds; five may always leave, but with 0 not even one. */
  readonly maxLeaversPercent: number;
  /**
   * Of the rows of a table of the SSD; a fall of twenty is always allowed. A table of more than five rows that is
   * emptied always pauses the run.
   */
  readonly maxTableFallPercent: number;
  /** Of the ids of one kind that DfE holds; kinds of up to twenty ids are not checked. */
  readonly maxIdChurnPercent: number;
}

/** Looks for one reason not to send a run, and explains it to a person; `undefined` when there is none. */
export type Guard = (facts: GuardFacts, limits: GuardLimits) => string | undefined;

/** A few children leave in any authority: in a small one, one child is many percent. */
export const aHandful = 5;
/** Up to so many rows or ids come and go by chance. */
export const tooFewToJudge = 20;
