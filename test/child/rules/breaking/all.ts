import type { Breaking } from '../breaking.js';
import { breakingAssessments } from './assessment.js';
import { breakingBirths } from './birth.js';
import { breakingIdentities } from './identity.js';
import { breakingPlans } from './plans.js';
import { breakingReferrals } from './referral.js';
import { breakingEnquiries } from './section47.js';

/** By theme, as in the catalogue. */
export const breakings: readonly Breaking[] = [
  ...breakingIdentities,
  ...breakingBirths,
  ...breakingReferrals,
  ...breakingAssessments,
  ...breakingEnquiries,
  ...breakingPlans,
];
