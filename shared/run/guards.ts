import type { Figures } from './runRecords.js';

/** A handful of children may always leave: in a small authority one child is many percent. */
const leaversThatNeverHold = 5;

/**
 * Why a run must not be sent, `undefined` when nothing speaks against it. An SSD that is being rebuilt looks like an
 * authority whose children have all left, and DfE would be told to forget them.
 * @param acknowledged how many children DfE holds
 */
export function reasonToHold(
  figures: Figures,
  acknowledged: number,
  maxLeaversPercent: number,
): string | undefined {
  if (figures.cohort === 0 && acknowledged > 0) {
    return `The SSD has no child of the cohort, while DfE holds ${String(acknowledged)}: its tables are empty or being rebuilt. Nothing was queued; the next night starts afresh.`;
  }
  const percent = acknowledged === 0 ? 0 : (figures.leavers / acknowledged) * 100;
  if (figures.leavers > leaversThatNeverHold && percent > maxLeaversPercent) {
    return `${String(figures.leavers)} of ${String(acknowledged)} children that DfE holds (${percent.toFixed(1)} %) have left the cohort, more than MAX_LEAVERS_PERCENT (${String(maxLeaversPercent)}). Nothing was queued. If this is right, raise MAX_LEAVERS_PERCENT; the next night starts afresh.`;
  }
  return undefined;
}
