import { adoptionRules } from './adoption.js';
import { assessmentRules } from './assessment.js';
import { birthRules } from './birth.js';
import { careLeaverRules } from './careLeavers.js';
import { cohortRules } from './cohort.js';
import { identityRules } from './identity.js';
import { lookedAfterRules } from './lookedAfter.js';
import { placementRules } from './placements.js';
import { planRules } from './plans.js';
import { referralRules } from './referral.js';
import type { Rule, RuleText } from './rule.js';
import { section47Rules } from './section47.js';
import { temporaryPlacementRules } from './temporaryPlacements.js';
import { workerRules } from './workers.js';

/** The rules about one child, by theme. */
export const ruleThemes = {
  'who the child is': identityRules,
  'before the birth': birthRules,
  referrals: referralRules,
  assessments: assessmentRules,
  'section 47 enquiries and conferences': section47Rules,
  plans: planRules,
  'looked-after children': lookedAfterRules,
  placements: placementRules,
  'temporary placements': temporaryPlacementRules,
  adoption: adoptionRules,
  'care leavers': careLeaverRules,
  'social workers': workerRules,
} as const satisfies Readonly<Record<string, readonly Rule[]>>;

const themes = Object.values(ruleThemes);

/** The code of a rule about one child, or about all of them. */
export type RuleCode = (typeof themes)[number][number]['code'] | (typeof cohortRules)[number]['code'];

export const rules: readonly Rule<RuleCode>[] = themes.flat();

/** Every rule, those about the whole cohort last. */
export const allRules: readonly RuleText<RuleCode>[] = [...rules, ...cohortRules];
