import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import { acknowledgedTextOf, builtOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { aCinPlan, aConference, aCpPlan, anAssessment, anEpisode, aSection47 } from '../aPerson.js';
import { inNeed, soundPerson, soundly, withFirst } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingReferrals } from './breaking/referral.js';
import { told } from './remarksOf.js';

describe('of referrals,', () => {
  itAsks(breakingReferrals);
});

describe('a referral', () => {
  const two = (earlier: Partial<ReturnType<typeof anEpisode>>) =>
    told(
      soundly({
        ssd_cin_episodes: [
          anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-06-01' }),
          anEpisode(earlier),
        ],
      }),
    );

  it('whose reason for closure cannot be sent is reported once', () => {
    assert.deepEqual(two({ cine_close_date: '2025-05-20', cine_close_reason: 'moved away' }), [
      'code-unknown: ssd_cin_episodes R1 cine_close_reason',
    ]);
  });

  it('that closes before it begins is reported once', () => {
    const rows = soundly({
      ssd_cin_episodes: [anEpisode({ cine_close_date: '2025-04-30', cine_close_reason: 'RC1' })],
    });
    assert.deepEqual(told(rows), ['end-before-start: ssd_cin_episodes R1 cine_close_date']);
  });

  it('outside the window is not asked about', () => {
    const old = anEpisode({
      cine_referral_id: 'R9',
      cine_referral_date: '2014-01-01',
      cine_close_date: '2015-01-01',
      cine_referral_nfa: null,
      cine_referral_source_code: null,
    });
    assert.deepEqual(told(soundly({ ssd_cin_episodes: [old] })), []);
  });

  it('that does not say whether it led to action may be open with another one', () => {
    assert.deepEqual(two({ cine_referral_nfa: null }), ['cin-8568: ssd_cin_episodes R1 cine_referral_nfa']);
  });

  it('of one day with another is the earlier one by its id', () => {
    assert.deepEqual(two({ cine_referral_date: '2025-06-01' }), [
      'open-episodes: ssd_cin_episodes R1 cine_close_date',
      'cin-8820: ssd_cin_episodes R1 cine_referral_date',
      'cin-8820: ssd_cin_episodes R2 cine_referral_date',
    ]);
  });

  it('of before 1 April 2013 needs no source', () => {
    const opened = (cine_referral_date: '2013-03-31' | '2013-04-01') =>
      told(
        soundly({ ssd_cin_episodes: [anEpisode({ cine_referral_date, cine_referral_source_code: null })] }),
      );
    assert.deepEqual(opened('2013-03-31'), []);
    assert.deepEqual(opened('2013-04-01'), ['cin-8866: ssd_cin_episodes R1 cine_referral_source_code']);
  });

  it('without a date is asked about where something under it is sent', () => {
    const rows = soundly({
      ssd_cin_episodes: [anEpisode({ cine_referral_date: null })],
      ssd_cin_plans: [aCinPlan()],
    });
    assert.deepEqual(told(rows), ['cin-8600: ssd_cin_episodes R1 cine_referral_date']);
  });

  it('of RC8 or RC9 needs no assessment where the SSD has no table of them', () => {
    const rows = soundly({
      ssd_cin_episodes: [anEpisode({ cine_close_date: '2025-06-01', cine_close_reason: 'RC8' })],
    });
    const rules = rulesOn(today);
    assert.equal(told(rows).length, 1);
    assert.deepEqual(told(rows, { ...rules, absentTables: new Set(['ssd_cin_assessments']) }), []);
    assert.deepEqual(told(rows, { ...rules, leftOut: ['assessments'] }), []);
  });

  it('is not asked about what DfE holds, where the column cannot be read', () => {
    const held = acknowledgedTextOf(
      payloadOf(soundly({ ssd_cin_episodes: [anEpisode({ cine_referral_nfa: 'Y' })] })),
    );
    const unread = withFirst(soundPerson([inNeed]), 'ssd_cin_episodes', { cine_referral_nfa: absentColumn });
    const { child, findings } = builtOf(unread, rulesOn(today), [held]);
    assert.equal(child?.social_care_episodes?.[0]?.referral_no_further_action_flag, true);
    assert.deepEqual(findings, []);
  });
});

describe('a closed referral', () => {
  it('has nothing under it that is dated later', () => {
    const rows = soundly({
      ssd_cin_episodes: [anEpisode({ cine_close_date: '2025-05-01', cine_close_reason: 'RC7' })],
      ssd_cin_assessments: [anAssessment({ cina_assessment_auth_date: '2025-05-03' })],
      ssd_s47_enquiry: [aSection47()],
      ssd_initial_cp_conference: [aConference()],
      ssd_cin_plans: [
        aCinPlan({ cinp_cin_plan_start_date: '2025-05-03', cinp_cin_plan_end_date: '2025-05-19' }),
      ],
      ssd_cp_plans: [aCpPlan({ cppl_cp_plan_end_date: '2025-06-19' })],
    });
    assert.deepEqual(told(rows), [
      'cin-8565: ssd_cin_assessments A1 cina_assessment_auth_date',
      'cin-8565: ssd_cin_assessments A1 cina_assessment_start_date',
      'cin-8565: ssd_cin_plans N1 cinp_cin_plan_end_date',
      'cin-8565: ssd_cin_plans N1 cinp_cin_plan_start_date',
      'cin-8565: ssd_cp_plans P1 cppl_cp_plan_end_date',
      'cin-8565: ssd_initial_cp_conference C1 icpc_icpc_date',
      'cin-8565: ssd_s47_enquiry S1 s47e_s47_start_date',
    ]);
  });
});
