import { titlesOf } from '../child/categories.js';
import { aHandful, type Guard, type GuardFacts } from './guard.js';
import { outOf, share } from './share.js';
import { windowMoved } from './windowMoved.js';

export const leavers: Guard = (facts, { maxLeaversPercent }) => {
  const { leavers, acknowledged } = facts;
  const most = maxLeaversPercent === 0 ? 0 : Math.max(aHandful, share(acknowledged, maxLeaversPercent));
  if (leavers <= most) return undefined;
  return `${outOf(leavers, acknowledged, 'children that DfE holds')} have left the cohort, more than the ${String(maxLeaversPercent)} % that the setting MAX_LEAVERS_PERCENT allows. This run would ask DfE to remove them.${windowMoved(facts)}${setsOff(facts)}`;
};

/** What to add where categories that are newly left out explain the figures. */
function setsOff({ leftOut, leftOutBefore }: GuardFacts): string {
  const newly = leftOut.filter((category) => !leftOutBefore.includes(category));
  if (newly.length === 0) return '';
  return ` Since the run before, ${titlesOf(newly)} are left out, and so are children who were in the cohort for nothing else.`;
}
