import { withoutOwnPurge } from '../child/changes/leftOut.js';
import { isUnder, pathsOf, titlesOf } from '../child/categories.js';
import type { Guard } from './guard.js';

export const categories: Guard = ({ leftOut, leftOutBefore, vanished }) => {
  const gone = leftOut
    .filter((category) => !leftOutBefore.includes(category))
    .map((category) => ({ category, children: mostHeld(vanished, pathsOf([category])) }))
    .filter(({ children }) => children > 0);
  if (gone.length === 0) return undefined;
  const named = gone.map(
    ({ category, children }) => `${titlesOf([category])} (${category}, ${String(children)} children)`,
  );
  const inTwoSteps = withoutOwnPurge(gone.map(({ category }) => category));
  const how =
    inTwoSteps.length === 0
      ? ''
      : ` DfE's interface cannot remove ${titlesOf(inTwoSteps)} alone: this run asks DfE to remove the block around it (the child's details, the episode, the assessment or the placement), and the next run sends that block again without it. Request that run as soon as this one has ended. DfE has not published what it makes of this, so ask DfE to confirm it.`;
  return `These categories are no longer shared, and DfE holds them: ${named.join(', ')}. This run asks DfE to remove them. Approve it if they are left out on purpose (AGREEMENT_CATEGORIES, CATEGORIES_LEFT_OUT).${how}`;
};

/** For how many children DfE holds the most common of some attributes. */
function mostHeld(vanished: Readonly<Record<string, number>>, paths: readonly string[]): number {
  const held = Object.entries(vanished).flatMap(([path, children]) =>
    isUnder(paths, path) ? [children] : [],
  );
  return Math.max(0, ...held);
}
