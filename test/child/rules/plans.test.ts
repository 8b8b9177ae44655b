import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import { rulesOn, today } from '../aPayload.js';
import { protectedChild, soundPerson, withFirst, withoutRowsOf } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingPlans } from './breaking/plans.js';
import { told, inOneEpisode } from './remarksOf.js';
import { aCinPlan, aCpPlan } from '../aPerson.js';

describe('of plans,', () => {
  itAsks(breakingPlans);
});

describe('a plan', () => {
  it('that ends before it starts is reported once', () => {
    const rows = inOneEpisode({
      person: { pers_upn: 'G383200001001' },
      ssd_cin_plans: [aCinPlan({ cinp_cin_plan_end_date: '2025-05-31' })],
      ssd_cp_plans: [aCpPlan({ cppl_cp_plan_start_date: '2025-06-01', cppl_cp_plan_end_date: '2025-05-31' })],
    });
    assert.deepEqual(told(rows), [
      'end-before-start: ssd_cin_plans N1 cinp_cin_plan_end_date',
      'end-before-start: ssd_cp_plans P1 cppl_cp_plan_end_date',
    ]);
  });

  it('is compared with conferences only where they are known', () => {
    const inApril = soundPerson([{ ...protectedChild, referred: '2026-04-01' }]);
    const rows = withFirst(inApril, 'ssd_cp_plans', { cppl_cp_plan_start_date: '2026-04-23' });
    const without = { ...rulesOn(today), absentTables: new Set(['ssd_initial_cp_conference'] as const) };
    assert.equal(told(rows).length, 1);
    assert.deepEqual(told(rows, without), []);
    assert.deepEqual(
      told(withFirst(rows, 'ssd_initial_cp_conference', { icpc_icpc_date: absentColumn })),
      [],
    );
    const enquiry = withFirst(rows, 'ssd_s47_enquiry', {
      s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"N"}',
    });
    assert.deepEqual(told(withoutRowsOf(enquiry, 'ssd_initial_cp_conference')), []);
  });
});
