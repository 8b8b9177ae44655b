import { codeListsOn } from '../child/codes/codeLists.js';
import type { PlainDate } from '../child/dates.js';
import type { ChangedRule } from '../child/rules/changedRules.js';
import { vocabularyWith } from '../dfe/keptWords.js';
import type { Settings } from '../settings/settings.js';
import { inclusionSetsBy } from '../settings/terms.js';
import type { Profile } from '../ssd/profile.js';
import { leastMsPerPost } from './dfe.js';

/** What the settings say of how runs are made and sent. */
export function runRules(settings: Settings, profile: Profile, changedRules: readonly ChangedRule[]) {
  return {
    vocabulary: vocabularyWith(settings.DFE_VOCABULARY),
    codesOn: (day: PlainDate) => codeListsOn(day, settings.COLLECTION_YEAR).lists,
    profile,
    inclusionSets: inclusionSetsBy(settings),
    careWorkerGates: settings.CARE_WORKER_GATES,
    unregisteredWorkers: settings.UNREGISTERED_WORKERS,
    changedRules,
    mode: settings.SUBMISSION_MODE,
    chunkLimits: { maxChildren: settings.CHUNK_MAX_CHILDREN, maxBytes: settings.CHUNK_MAX_BYTES },
    guardLimits: {
      maxLeaversPercent: settings.MAX_LEAVERS_PERCENT,
      maxTableFallPercent: settings.MAX_TABLE_FALL_PERCENT,
      maxIdChurnPercent: settings.MAX_ID_CHURN_PERCENT,
    },
    leaversKeptDays: settings.STAGING_LEAVERS_KEPT_DAYS,
    rangeSize: settings.EXTRACT_RANGE_SIZE,
    lanes: settings.DFE_POSTS_IN_FLIGHT,
    leastMsPerPost: leastMsPerPost(settings),
  };
}
