import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aConference,
  aCpPlan,
  anAdoption,
  anAssessment,
  anEpisode,
  anSdqScore,
  aPlacement,
  aSection47,
} from '../aPerson.js';
import { acknowledgedTextOf, builtOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { soundly as aPerson } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingBirths } from './breaking/birth.js';
import { inOneEpisode, told as toldOfAll } from './remarksOf.js';

/** What is asked about the birth: such a child breaks other rules as well. */
const told = (rows: PersonRows) => toldOfAll(rows).filter((text) => text.startsWith('before-'));

describe('of the birth,', () => {
  itAsks(breakingBirths);
});

describe('what happened before the birth', () => {
  const everything = (person: Partial<PersonRows['person']>) =>
    aPerson({
      person,
      ssd_sdq_scores: [anSdqScore()],
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_assessments: [anAssessment()],
      ssd_s47_enquiry: [aSection47()],
      ssd_initial_cp_conference: [aConference()],
      ssd_cin_plans: [aCinPlan({ cinp_cin_plan_start_date: '2025-05-30' })],
      ssd_cp_plans: [aCpPlan()],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [aPlacement()],
      ssd_permanence: [
        anAdoption({ perm_matched_date: '2025-10-02', perm_placed_for_adoption_date: '2025-10-03' }),
      ],
      ssd_care_leavers: [aCareLeaverContact()],
    });
  const onlyForTheBorn = [
    'before-birth: ssd_care_leavers CL1 clea_care_leaver_latest_contact',
    'before-birth: ssd_cla_placement L1 clap_cla_placement_start_date',
    'before-birth: ssd_permanence PE1 perm_adm_decision_date',
    'before-birth: ssd_permanence PE1 perm_matched_date',
    'before-birth: ssd_permanence PE1 perm_placed_for_adoption_date',
    'before-birth: ssd_sdq_scores SD1 csdq_sdq_completed_date',
  ];

  it('is in order for a child that was referred while expected, and queried for what only a child who is born can have', () => {
    assert.deepEqual(told(everything({ pers_dob: '2026-01-01' })), onlyForTheBorn);
  });

  it('is queried for all that is more than 40 weeks before', () => {
    assert.deepEqual(
      told(everything({ pers_dob: '2026-03-15' })),
      [
        ...onlyForTheBorn,
        'before-pregnancy: ssd_cin_assessments A1 cina_assessment_start_date',
        'before-pregnancy: ssd_cin_episodes R1 cine_referral_date',
        'before-pregnancy: ssd_cin_plans N1 cinp_cin_plan_start_date',
        'before-pregnancy: ssd_cp_plans P1 cppl_cp_plan_start_date',
        'before-pregnancy: ssd_initial_cp_conference C1 icpc_icpc_date',
        'before-pregnancy: ssd_s47_enquiry S1 s47e_s47_start_date',
      ].sort((a, b) => {
        const place = (text: string) => text.slice(text.indexOf(' '));
        return place(a) < place(b) ? -1 : 1;
      }),
    );
  });

  it('is asked about for a score outside the window that is sent again, because another score cannot be read', () => {
    const early = anSdqScore({ csdq_sdq_completed_date: '2024-03-31' });
    const unread = anSdqScore({ csdq_table_id: 'SD2', csdq_sdq_score: 'high' });
    const rows = (...scores: PersonRows['ssd_sdq_scores']) =>
      inOneEpisode({ person: { pers_dob: '2024-04-01' }, ssd_sdq_scores: scores });
    const held = acknowledgedTextOf(payloadOf(rows(early), rulesOn('2025-08-11')));
    const rulesOfFindings = (...scores: PersonRows['ssd_sdq_scores']) =>
      builtOf(rows(...scores), rulesOn(today), [held]).findings.map(
        ({ rule, rowId }) => `${rule} ${String(rowId)}`,
      );
    assert.deepEqual(rulesOfFindings(early, unread), ['sdq-score SD2', 'before-birth SD1']);
    assert.deepEqual(rulesOfFindings(early), []);
  });

  it('is asked about whatever blanks are before the ids of the rows', () => {
    const rows = inOneEpisode({
      person: { pers_dob: '2026-03-15' },
      ssd_cin_episodes: [anEpisode({ cine_referral_id: ' R1' })],
    });
    assert.deepEqual(told(rows), ['before-pregnancy: ssd_cin_episodes  R1 cine_referral_date']);
  });

  it('may be on the day of the birth', () => {
    assert.deepEqual(
      told(inOneEpisode({ person: { pers_dob: '2025-06-01' }, ssd_sdq_scores: [anSdqScore()] })),
      [],
    );
  });

  it('is counted to the day: 280 are in order, 281 are not', () => {
    const referred = (birth: '2026-02-05' | '2026-02-06') =>
      told(inOneEpisode({ person: { pers_dob: birth } }));
    assert.deepEqual(referred('2026-02-05'), []);
    assert.deepEqual(referred('2026-02-06'), ['before-pregnancy: ssd_cin_episodes R1 cine_referral_date']);
  });

  it('is measured by the expected date of an unborn child only where a pregnancy sets the limit', () => {
    const unborn = { pers_dob: null, pers_expected_dob: '2026-08-12', pers_sex: 'U' } as const;
    const referred = (day: '2025-11-05' | '2025-11-04') =>
      aPerson({
        person: unborn,
        ssd_cin_episodes: [anEpisode({ cine_referral_date: day })],
        ssd_cla_episodes: [aCareEpisode()],
        ssd_cla_placement: [aPlacement({ clap_cla_placement_start_date: '2026-08-01' })],
      });
    assert.deepEqual(told(referred('2025-11-05')), []);
    assert.deepEqual(told(referred('2025-11-04')), [
      'before-pregnancy: ssd_cin_episodes R1 cine_referral_date',
    ]);
  });

  it('is not measured by the expected date where the date of birth cannot be read', () => {
    const rows = inOneEpisode({ person: { pers_dob: absentColumn, pers_expected_dob: '2026-08-12' } });
    assert.deepEqual(told(rows), []);
  });

  it('is not queried when nothing is known of the birth', () => {
    assert.deepEqual(told(everything({ pers_dob: null, pers_expected_dob: null })), []);
  });
});
