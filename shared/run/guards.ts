import type { Figures } from './runRecords.js';

/** A handful of children may leave in any authority: in a small one, one child is many percent. */
const aHandful = 5;

/**
 * Why a run must not be sent, `undefined` when nothing speaks against it. An SSD that is being rebuilt looks like an
 * authority whose children have all left, and DfE would be told to forget them.
 * @param acknowledged how many children DfE holds
 */
export function reasonToHold(
  figures: Pick<Figures, 'cohort' | 'leavers'>,
  acknowledged: number,
  maxLeaversPercent: number,
): string | undefined {
  if (figures.cohort === 0 && acknowledged > 0) {
    return `The SSD has no child of the cohort, while DfE holds ${String(acknowledged)}: its tables are empty or being rebuilt. Nothing was queued; the next night starts afresh.`;
  }
  const share = (acknowledged * maxLeaversPercent) / 100;
  if (figures.leavers > (maxLeaversPercent === 0 ? 0 : Math.max(aHandful, share))) {
    const percent = (figures.leavers / acknowledged) * 100;
    return `${String(figures.leavers)} of ${String(acknowledged)} children that DfE holds (${percent.toFixed(1)} %) have left the cohort, more than MAX_LEAVERS_PERCENT (${String(maxLeaversPercent)}). Nothing was queued. If this is right, raise MAX_LEAVERS_PERCENT; the next night starts afresh.`;
  }
  return undefined;
}
