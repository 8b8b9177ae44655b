import type { Check } from './check.js';
import { agreement } from './checks/agreement.js';
import { changedRules } from './checks/changedRules.js';
import { clock } from './checks/clock.js';
import { codeLists } from './checks/codeLists.js';
import { cohortLists } from './checks/cohortLists.js';
import { database } from './checks/database.js';
import { dfe } from './checks/dfe.js';
import { pseudonyms } from './checks/pseudonyms.js';
import { queues } from './checks/queues.js';
import { secrets } from './checks/secrets.js';
import { settings } from './checks/settings.js';
import { ssdFreshness } from './checks/ssdFreshness.js';
import { ssdIndexes } from './checks/ssdIndexes.js';
import { ssdRelease } from './checks/ssdRelease.js';
import { ssdRelations } from './checks/ssdRelations.js';
import { ssdRows } from './checks/ssdRows.js';
import { ssdTables } from './checks/ssdTables.js';
import { ssdTypes } from './checks/ssdTypes.js';
import { stagingRights } from './checks/stagingRights.js';
import { stagingTable } from './checks/stagingTable.js';
import { storage } from './checks/storage.js';

/**
 * Those about the SSD alone, before a run that only compares: they ask nothing of DfE, of storage and of the staging table.
 * How rows are linked, the run itself says.
 */
export const checksOfSsd = [
  codeLists,
  database,
  ssdTables,
  ssdTypes,
  ssdIndexes,
  ssdRows,
  ssdFreshness,
  cohortLists,
] as const satisfies readonly Check[];

/** All of them, in the order of the answer; what a check needs comes before it. */
export const checks = [
  settings,
  agreement,
  codeLists,
  changedRules,
  secrets,
  pseudonyms,
  database,
  ssdTables,
  ssdRelease,
  ssdTypes,
  ssdIndexes,
  ssdRows,
  ssdRelations,
  ssdFreshness,
  cohortLists,
  stagingTable,
  stagingRights,
  dfe,
  storage,
  queues,
  clock,
] as const satisfies readonly Check[];
