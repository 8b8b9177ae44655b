import type { IdKind } from '../child/changes/idChurn.js';
import { pathsOf } from '../child/categories.js';
import { itemLists, lists } from '../child/lists.js';
import { tooFewToJudge, type Guard } from './guard.js';
import { outOf, share } from './share.js';
import { windowMoved } from './windowMoved.js';

export const idChurn: Guard = (facts, { maxIdChurnPercent }) => {
  // What is left out on purpose has a check of its own.
  const notShared = pathsOf(facts.leftOut);
  const isShared = (kind: IdKind) =>
    !itemLists.some(
      (list) => lists[list].kind === kind && notShared.some((path) => path.endsWith(`.${list}`)),
    );
  const churned = idKinds
    .filter(([kind]) => isShared(kind))
    .filter(([kind]) => {
      const { held, gone } = facts.idChurn[kind];
      return held > tooFewToJudge && gone > share(held, maxIdChurnPercent);
    });
  if (churned.length === 0) return undefined;
  const kinds = churned.map(([kind, ids]) => {
    const { held, gone, new: come } = facts.idChurn[kind];
    return `${outOf(gone, held, ids)} are gone, and there are ${String(come)} new ones`;
  });
  return `Of the ids that DfE holds for children who are still in the cohort, more than the ${String(maxIdChurnPercent)} % that the setting MAX_ID_CHURN_PERCENT allows are gone: ${kinds.join('; ')}. Where there are about as many new ids as are gone, the SSD may give the same records other ids, as after a change of the case management system. This run would ask DfE to remove each record, and send it again under its new id.${windowMoved(facts)}`;
};

/** Each kind of id, and what to call its ids. */
const idKinds: readonly (readonly [IdKind, string])[] = [
  ['episodes', 'ids of social care episodes'],
  ['assessments', 'ids of child and family assessments'],
  ['childInNeedPlans', 'ids of child in need plans'],
  ['section47', 'ids of section 47 assessments'],
  ['childProtectionPlans', 'ids of child protection plans'],
  ['placements', 'ids of placements'],
];
