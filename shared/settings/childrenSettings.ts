import { z } from 'zod';
import { careWorkerGates, unregisteredWorkerRules, type CareWorkerGate } from '../child/buildRules.js';
import { collectionYears, isCollectionYear } from '../child/codes/codeLists.js';
import { submissionModeSchema } from '../child/submissionMode.js';
import { defaultWindowMonths } from '../child/window.js';
import { isInPackage } from '../host/packageFolder.js';
import {
  defaultAgeLimit,
  defaultInclusionSets,
  inclusionSets,
  isInclusionSet,
  type InclusionSet,
} from '../ssd/cohort.js';
import { registrationColumn } from '../ssd/profile.js';
import { commaList, isOneOf, needed, sqlName, tableName, wholeNumber } from './fields.js';
import { itsValue, seenBySupport } from './seenBySupport.js';

/** Which children are sent, and how much of each. */
export const childrenSettings = {
  SUBMISSION_MODE: z
    .enum(submissionModeSchema.options, 'must be changes, snapshot or partial')
    .default('changes')
    .describe(
      '`changes`: each new or changed child whole; `snapshot`: every child of the cohort whole, in each run; `partial`: only the changed parts of a changed child, for when DfE asks for it.',
    )
    .register(seenBySupport, itsValue),
  COLLECTION_YEAR: z
    .string()
    .refine(isCollectionYear, `must be ${collectionYears.join(', ')}`)
    .optional()
    .describe(
      "The collection year whose national code lists are used for any date. Without it, the one that the run's date is in (it begins on 1 April). Where this release has no lists for that year, it uses the newest it has, and the preflight warns.",
    )
    .register(seenBySupport, itsValue),
  COHORT_INCLUSION_SETS: commaList(defaultInclusionSets)
    .refine(
      (names): names is InclusionSet[] => names.every(isInclusionSet),
      `must be a comma list of ${Object.keys(inclusionSets).join(', ')}`,
    )
    .describe('Which inclusion sets of the cohort are on, as a comma list.')
    .register(seenBySupport, itsValue),
  COHORT_AGE_LIMIT: wholeNumber(18, 30)
    .default(defaultAgeLimit)
    .describe(
      'The age limit: people whose birthday of this age is after the first day of the window are in the cohort.',
    )
    .register(seenBySupport, itsValue),
  COHORT_WINDOW_MONTHS: wholeNumber(1, 36)
    .default(defaultWindowMonths)
    .describe(
      "The least number of months that the window goes back: it begins on the 1 April on or before that day (`@months_back` in Data to Insight's builder). More months send more children and items. With fewer months DfE is asked to remove what is no longer in the window, and the safety check `leavers` pauses the run if more leave than `MAX_LEAVERS_PERCENT` allows.",
    )
    .register(seenBySupport, itsValue),
  COHORT_PLANS_MONTHS: wholeNumber(1, 36)
    .optional()
    .describe(
      'The same for child in need plans and child protection plans, where the agreement covers fewer months of them. Without it, `COHORT_WINDOW_MONTHS`.',
    )
    .register(seenBySupport, itsValue),
  COHORT_PLACEMENTS_MONTHS: wholeNumber(1, 36)
    .optional()
    .describe(
      'The same for placements, where the agreement covers fewer months of them. Without it, `COHORT_WINDOW_MONTHS`.',
    )
    .register(seenBySupport, itsValue),
  COHORT_LIST_TABLE: tableName('dbo.statutory_returns_cohort')
    .optional()
    .describe(
      "A table with a column `person_id`: the authority's own list of the cohort, as in its statutory returns. Only children on it are sent; the run's cohort report counts the differences in both directions.",
    )
    .register(seenBySupport, itsValue),
  COHORT_ALLOW_LIST_TABLE: tableName('dbo.first_children')
    .optional()
    .describe(
      'A table with a column `person_id`: the few children to start with before going live. No other child is sent, changed or purged.',
    )
    .register(seenBySupport, itsValue),
  CARE_WORKER_GATES: commaList(careWorkerGates)
    .transform((names) => names.filter((name) => name !== ''))
    .refine(
      (names): names is CareWorkerGate[] => names.every(isOneOf(careWorkerGates)),
      `must be a comma list of ${careWorkerGates.join(', ')}`,
    )
    .describe(
      'Which conditions a care worker must meet to be sent, as a comma list: `role` (a role of the profile), `censusDay` (active on a 31 March inside the window), `childInNeedPlan` (the referral has a child in need plan in the window).',
    )
    .register(seenBySupport, itsValue),
  UNREGISTERED_WORKERS: z
    .enum(unregisteredWorkerRules, `must be ${unregisteredWorkerRules.join(' or ')}`)
    .default('leaveOut')
    .describe(
      "What is sent about a care worker without a Social Work England number. `leaveOut`: nothing, with a finding; Data to Insight's builder leaves them out, too. `sendWorkerId`: the professional's own id, if it fits the 12 characters that DfE allows; agree this with DfE first.",
    )
    .register(seenBySupport, itsValue),
  WORKER_REGISTRATION_COLUMN: sqlName('prof_staff_id')
    .default(registrationColumn)
    .describe(
      "The column of `ssd_professionals` that is sent as a worker's registration, where the number is not in the column that the SSD specification names, such as `prof_staff_id`.",
    )
    .register(seenBySupport, itsValue),
  RULES_FILE: needed
    .refine((path) => path.endsWith('.json'), 'must be a file that ends in .json')
    .refine(isInPackage, 'must be the path of a file in the package, such as rules/ours.json')
    .optional()
    .describe(
      'The file in which the council changes rules about what DfE would ask, given by its path in the package: `rules/ours.json`. Such a rule holds the children that it is about, or is silenced, with a reason and a date ([findings.md](findings.md#change-a-rule)). Without it, no rule is changed.',
    )
    // The name of a file is the council's own.
    .register(seenBySupport, { words: () => 'a file' }),
};
