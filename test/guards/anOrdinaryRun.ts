import assert from 'node:assert/strict';
import type { IdChange, IdChanges } from '../../shared/child/changes/idChurn.js';
import type { GuardFacts, GuardLimits } from '../../shared/guards/guard.js';
import { guardsAgainst, type GuardName } from '../../shared/guards/guards.js';
import type { Receiver } from '../../shared/records/receiver.js';

export const rows = { ssd_person: 1000, ssd_cin_episodes: 800, ssd_care_leavers: 5 };
export const receiver: Receiver = { receiver: 'live', baseUrl: 'https://dfe.example/children/' };

/** The same change for the ids of every kind. */
export function allIds(change: IdChange): IdChanges {
  return {
    episodes: change,
    assessments: change,
    childInNeedPlans: change,
    section47: change,
    childProtectionPlans: change,
    placements: change,
  };
}

/** A run before which next to nothing has changed. */
export const anOrdinaryRun: GuardFacts = {
  cohort: 1000,
  leavers: 2,
  acknowledged: 1000,
  rowsAtBegin: rows,
  rowsAtEnd: rows,
  idsAsAtBegin: true,
  rowsBefore: rows,
  idChurn: allIds({ held: 1000, gone: 2, new: 3 }),
  vanished: {},
  windowStart: '2024-04-01',
  windowStartBefore: '2024-04-01',
  receiver,
  receiverBefore: receiver,
  stagingTable: 'ssd_api_data_staging',
  leftOut: [],
  leftOutBefore: [],
  notAgreed: undefined,
};
export const limits: GuardLimits = { maxLeaversPercent: 5, maxTableFallPercent: 30, maxIdChurnPercent: 20 };
export const off: GuardLimits = { maxLeaversPercent: 100, maxTableFallPercent: 100, maxIdChurnPercent: 100 };
export const strict: GuardLimits = { maxLeaversPercent: 0, maxTableFallPercent: 0, maxIdChurnPercent: 0 };

export function objections(facts: Partial<GuardFacts>, itsLimits = limits) {
  return guardsAgainst({ ...anOrdinaryRun, ...facts }, itsLimits);
}

export function guardsThatPause(facts: Partial<GuardFacts>, itsLimits = limits): GuardName[] {
  return objections(facts, itsLimits).map(({ guard }) => guard);
}

/** What the one guard says that pauses the run. */
export function explanation(guard: GuardName, facts: Partial<GuardFacts>, itsLimits = limits): string {
  const found = objections(facts, itsLimits);
  assert.deepEqual(
    found.map((objection) => objection.guard),
    [guard],
  );
  return found[0]?.explanation ?? '';
}
