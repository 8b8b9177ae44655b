import type { IdChanges } from '../child/changes/idChurn.js';
import type { TableReceiver } from '../records/receiver.js';

/** Rows by table, under the names of the SSD specification. A table that is not there has none. */
export type RowsByTable = Readonly<Partial<Record<string, number>>>;

/**
 * What an extract has found, and what is known of the run before: the last one that was let go. One that was held is
 * no measure, or what held it on one night would pass on the next.
 */
export interface GuardFacts {
  readonly cohort: number;
  readonly leavers: number;
  /** How many children DfE holds. */
  readonly acknowledged: number;
  readonly rowsAtBegin: RowsByTable;
  readonly rowsAtEnd: RowsByTable;
  /** Whether the ranges that were read gave just the ids that the SSD and the lists had at the beginning. */
  readonly idsAsAtBegin: boolean;
  /** Of the run before; `undefined` without one. */
  readonly rowsBefore: RowsByTable | undefined;
  /** Of the children that were there before and still are. */
  readonly idChurn: IdChanges;
  /**
   * What DfE holds of these children and none of them has any more: by the path of the attribute, the number of children
   * for whom it holds it.
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
}

/**
 * How much may change from one run to the next, in whole percent: what is exactly the limit may go. Nothing is more
 * than 100 %, so that 100 switches a rule off; with 0 nothing may go beyond the handful of each rule.
 */
export interface GuardLimits {
  /** Of the children DfE holds; five may always leave, but with 0 not even one. */
  readonly maxLeaversPercent: number;
  /**
   * Of the rows of a table of the SSD; twenty may always go. A table that is emptied, of more than five rows, holds
   * the run whatever the limit.
   */
  readonly maxTableFallPercent: number;
  /** Of the ids of one kind that DfE holds; kinds of up to twenty ids are passed over. */
  readonly maxIdChurnPercent: number;
}

/** Looks for one reason not to send a run, and explains it to a person; `undefined` when there is none. */
export type Guard = (facts: GuardFacts, limits: GuardLimits) => string | undefined;

/** A handful of children may leave in any authority: in a small one, one child is many percent. */
export const aHandful = 5;
/** So many rows or ids, and fewer, come and go by chance. */
export const tooFewToJudge = 20;
