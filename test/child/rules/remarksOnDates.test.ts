import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
  aPerson,
  aPlacement,
  aSection47,
} from '../aPerson.js';
import { acknowledgedTextOf, builtOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { told, inOneEpisode, placed } from './remarksOf.js';

describe('the order of dates', () => {
  it('keeps back an episode that closes before its referral', () => {
    const closed = (day: '2025-04-30' | '2025-05-01') =>
      aPerson({
        ssd_cin_episodes: [anEpisode({ cine_close_date: day, cine_close_reason: 'RC1' })],
      });
    assert.deepEqual(told(closed('2025-04-30')), ['end-before-start: ssd_cin_episodes R1 cine_close_date']);
    assert.deepEqual(told(closed('2025-05-01')), []);
  });

  it('is queried when an assessment is authorised before it starts', () => {
    const authorised = (day: '2025-05-01' | '2025-05-02') =>
      inOneEpisode({ ssd_cin_assessments: [anAssessment({ cina_assessment_auth_date: day })] });
    assert.deepEqual(told(authorised('2025-05-01')), [
      'authorisation-before-start: ssd_cin_assessments A1 cina_assessment_auth_date',
    ]);
    assert.deepEqual(told(authorised('2025-05-02')), []);
  });

  it('is queried when the conference that is sent is before its enquiry', () => {
    const met = (...days: ('2025-05-09' | '2025-05-10')[]) =>
      inOneEpisode({
        ssd_s47_enquiry: [aSection47()],
        ssd_initial_cp_conference: days.map((day, index) =>
          aConference({ icpc_icpc_id: `C${String(index + 1)}`, icpc_icpc_date: day }),
        ),
      });
    assert.deepEqual(told(met('2025-05-09')), [
      'conference-before-enquiry: ssd_initial_cp_conference C1 icpc_icpc_date',
    ]);
    assert.deepEqual(told(met('2025-05-09', '2025-05-10')), []);
  });

  it('keeps back an enquiry, a child in need plan or a protection plan that ends before it starts', () => {
    const ended = (enquiry: '2025-05-09' | '2025-05-10', plan: '2025-05-31' | '2025-06-01') =>
      inOneEpisode({
        ssd_s47_enquiry: [aSection47({ s47e_s47_end_date: enquiry })],
        ssd_cin_plans: [aCinPlan({ cinp_cin_plan_end_date: plan })],
        ssd_cp_plans: [aCpPlan({ cppl_cp_plan_start_date: '2025-06-01', cppl_cp_plan_end_date: plan })],
      });
    assert.deepEqual(told(ended('2025-05-09', '2025-05-31')), [
      'end-before-start: ssd_cin_plans N1 cinp_cin_plan_end_date',
      'end-before-start: ssd_s47_enquiry S1 s47e_s47_end_date',
      'end-before-start: ssd_cp_plans P1 cppl_cp_plan_end_date',
    ]);
    assert.deepEqual(told(ended('2025-05-10', '2025-06-01')), []);
  });

  it('of a placement is reported once, for the value that is left out', () => {
    const reversed = aPlacement({ clap_cla_placement_end_date: '2025-06-30' });
    const later = aPlacement({
      clap_cla_placement_id: 'L2',
      clap_cla_placement_start_date: '2025-08-01',
    });
    assert.deepEqual(told(placed(reversed, later)), [
      'end-before-start: ssd_cla_placement L1 clap_cla_placement_end_date',
    ]);
  });
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

  it('is not queried when nothing is known of the birth', () => {
    assert.deepEqual(told(everything({ pers_dob: null, pers_expected_dob: null })), []);
  });
});

describe('a date of birth', () => {
  const born = (pers_dob: '2026-08-11' | '2026-08-12' | '2000-08-11' | '2000-08-12' | '1899-12-31') =>
    aPerson({ person: { pers_dob }, ssd_cin_episodes: [] });

  it('after today is queried', () => {
    assert.deepEqual(told(born('2026-08-12')), ['birth-in-future: ssd_person 1001 pers_dob']);
    assert.deepEqual(told(born('2026-08-11')), []);
  });

  it('of 26 years ago, or of 1899, is queried where an episode is open', () => {
    const open = [anEpisode()];
    const asked = ['open-after-25: ssd_person 1001 pers_dob'];
    assert.deepEqual(told({ ...born('2000-08-11'), ssd_cin_episodes: open }), asked);
    assert.deepEqual(told({ ...born('1899-12-31'), ssd_cin_episodes: open }), asked);
    assert.deepEqual(told({ ...born('2000-08-12'), ssd_cin_episodes: open }), []);
    const closed = [anEpisode({ cine_close_date: '2025-06-01', cine_close_reason: 'RC1' })];
    assert.deepEqual(told({ ...born('2000-08-11'), ssd_cin_episodes: closed }), []);
  });

  it('more than 40 weeks from the expected one is queried, in both directions and at the ends of the calendar', () => {
    const expected = (
      pers_expected_dob: '0001-01-01' | '1900-01-02' | '2011-09-09' | '2013-03-22' | '9999-12-31',
    ) => told(aPerson({ person: { pers_expected_dob } }));
    const asked = ['expected-birth-far-off: ssd_person 1001 pers_expected_dob'];
    assert.deepEqual(expected('0001-01-01'), asked);
    assert.deepEqual(expected('1900-01-02'), asked);
    assert.deepEqual(expected('2011-09-09'), []);
    assert.deepEqual(expected('2013-03-22'), []);
    assert.deepEqual(expected('9999-12-31'), asked);
  });

  it('that is missing when there is an expected one goes with the sex U', () => {
    const unborn = (pers_sex: string | null) =>
      told(aPerson({ person: { pers_dob: null, pers_expected_dob: '2026-08-12', pers_sex } }));
    assert.deepEqual(unborn('F'), ['unborn-with-sex: ssd_person 1001 pers_sex']);
    assert.deepEqual(unborn('U'), []);
    assert.deepEqual(unborn(null), []);
  });
});
