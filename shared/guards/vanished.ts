import { isUnder, pathsOf } from '../child/categories.js';
import { aHandful, tooFewToJudge, type Guard } from './guard.js';

export const vanished: Guard = ({ vanished, leftOut }) => {
  // What is left out on purpose has a check of its own.
  const notShared = pathsOf(leftOut);
  const gone = Object.entries(vanished).filter(([path, held]) => {
    if (isUnder(notShared, path)) return false;
    const block = path.slice(0, Math.max(0, path.lastIndexOf('.')));
    // Where a whole block is gone, naming the block is enough.
    return held > (classes.has(path) ? aHandful : tooFewToJudge) && !Object.hasOwn(vanished, block);
  });
  if (gone.length === 0) return undefined;
  const named = gone.map(([path, held]) => `${nameOf(path)} (${path}, ${String(held)} children)`).join(', ');
  return `DfE holds these for children who are still in the cohort, and no child has any of them in the SSD now: ${named}. A table or column of the SSD was emptied, its values can no longer be read, or its rows no longer match a child. This run would ask DfE to remove all of them. The run's page shows which columns they come from, and how many rows match a child.`;
};

/** What makes a class of its own: a single attribute of few children may be gone by chance. */
const classes: ReadonlySet<string> = new Set([
  'child_details.disabilities',
  'health_and_wellbeing.sdq_assessments',
  'social_care_episodes',
  'social_care_episodes.care_worker_details',
  'social_care_episodes.child_and_family_assessments',
  'social_care_episodes.child_and_family_assessments.factors',
  'social_care_episodes.child_in_need_plans',
  'social_care_episodes.section_47_assessments',
  'social_care_episodes.child_protection_plans',
  'social_care_episodes.child_looked_after_placements',
  'social_care_episodes.adoption',
  'social_care_episodes.care_leavers',
]);

/** `child in need plans` for `social_care_episodes.child_in_need_plans`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replaceAll('_', ' ');
}
