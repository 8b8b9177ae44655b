import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import { builtOf, rulesOn, today } from '../aPayload.js';
import { protectedChild, soundPerson, withFirst, withoutRowsOf } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingPlans } from './breaking/plans.js';
import { told, inOneEpisode } from './remarksOf.js';
import { aCinPlan, aCpPlan, anEpisode, aPerson } from '../aPerson.js';

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

  it('that is there under two referrals is asked about alike in any order of the rows', () => {
    const plans = ['R1', 'R2'].map((referral) => aCpPlan({ cppl_referral_id: referral }));
    const open = ['R1', 'R2'].map((referral) => aCinPlan({ cinp_referral_id: referral }));
    const referrals = ['R1', 'R2'].map((id) => anEpisode({ cine_referral_id: id }));
    const found = (ssd_cp_plans: typeof plans, ssd_cin_plans: typeof open) =>
      builtOf(aPerson({ ssd_cin_episodes: referrals, ssd_cp_plans, ssd_cin_plans })).findings.filter(
        ({ rule }) => rule === 'cin-8935' || rule === 'cin-4004',
      );
    assert.deepEqual(
      found(plans, open).map(({ rule, parentId }) => `${rule} ${String(parentId)}`),
      ['cin-4004 R1', 'cin-8935 R1'],
    );
    assert.deepEqual(found(plans.toReversed(), open.toReversed()), found(plans, open));
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
