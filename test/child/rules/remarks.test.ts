import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareText } from '../../../shared/child/ordering.js';
import { findingRules } from '../../../shared/child/findingRules.js';
import type { Finding } from '../../../shared/child/findings.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aConference,
  aCpPlan,
  aDisability,
  aFormerUpn,
  anAdoption,
  anAssessment,
  anEpisode,
  anSdqScore,
  aPerson,
  aPlacement,
  aSection47,
} from '../aPerson.js';
import { acknowledgedTextOf, builtOf, findingsOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { anyPerson, inAnotherOrder } from '../anyPerson.js';
import { personsIn } from '../syntheticPersons.js';

/** `rule: table row column` of each finding. */
function told(rows: PersonRows): string[] {
  return findingsOf(rows).map(
    ({ rule, table, rowId, column }) => `${rule}: ${table} ${String(rowId)} ${column}`,
  );
}

function remarksOf(rows: PersonRows): readonly Finding[] {
  return builtOf(rows).findings.filter(({ rule }) => findingRules[rule].severity === 'remark');
}

/** Of rows with one id the order says nothing. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

/** A person with one open episode and whatever else. */
function inOneEpisode(rows: Parameters<typeof aPerson>[0] = {}): PersonRows {
  return aPerson({ ssd_cin_episodes: [anEpisode()], ...rows });
}

/** Placements of one period of care under the referral `R1`. */
function placed(...placements: PersonRows['ssd_cla_placement'][number][]): PersonRows {
  return inOneEpisode({
    ssd_cla_episodes: [aCareEpisode({ clae_cla_placement_id: null })],
    ssd_cla_placement: placements,
  });
}

describe('the order of dates', () => {
  it('keeps back an episode that closes before its referral', () => {
    const closed = (day: '2025-04-30' | '2025-05-01') =>
      aPerson({
        ssd_cin_episodes: [anEpisode({ cine_close_date: day, cine_close_reason: 'RC1' })],
      });
    assert.deepEqual(told(closed('2025-04-30')), ['end-before-start: ssd_cin_episodes R1 cine_close_date']);
    assert.deepEqual(told(closed('2025-05-01')), []);
  });

  it('is asked about when an assessment is authorised before it starts', () => {
    const authorised = (day: '2025-05-01' | '2025-05-02') =>
      inOneEpisode({ ssd_cin_assessments: [anAssessment({ cina_assessment_auth_date: day })] });
    assert.deepEqual(told(authorised('2025-05-01')), [
      'authorisation-before-start: ssd_cin_assessments A1 cina_assessment_auth_date',
    ]);
    assert.deepEqual(told(authorised('2025-05-02')), []);
  });

  it('is asked about when the conference that is sent is before its enquiry', () => {
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

  it('is in order for a child that was referred while expected, and asked about for what only the born have', () => {
    assert.deepEqual(told(everything({ pers_dob: '2026-01-01' })), onlyForTheBorn);
  });

  it('is asked about for all that is more than 40 weeks before', () => {
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

  it('is measured by the expected date of an unborn child where a pregnancy sets the limit, and else not', () => {
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

  it('is not asked about when nothing is known of the birth', () => {
    assert.deepEqual(told(everything({ pers_dob: null, pers_expected_dob: null })), []);
  });
});

describe('a date of birth', () => {
  const born = (pers_dob: '2026-08-11' | '2026-08-12' | '2000-08-11' | '2000-08-12' | '1899-12-31') =>
    aPerson({ person: { pers_dob }, ssd_cin_episodes: [] });

  it('after today is asked about', () => {
    assert.deepEqual(told(born('2026-08-12')), ['birth-in-future: ssd_person 1001 pers_dob']);
    assert.deepEqual(told(born('2026-08-11')), []);
  });

  it('of 26 years ago, or of 1899, is asked about where an episode is open', () => {
    const open = [anEpisode()];
    const asked = ['open-after-25: ssd_person 1001 pers_dob'];
    assert.deepEqual(told({ ...born('2000-08-11'), ssd_cin_episodes: open }), asked);
    assert.deepEqual(told({ ...born('1899-12-31'), ssd_cin_episodes: open }), asked);
    assert.deepEqual(told({ ...born('2000-08-12'), ssd_cin_episodes: open }), []);
    const closed = [anEpisode({ cine_close_date: '2025-06-01', cine_close_reason: 'RC1' })];
    assert.deepEqual(told({ ...born('2000-08-11'), ssd_cin_episodes: closed }), []);
  });

  it('more than 40 weeks from the expected one is asked about, in both directions and at the ends of the calendar', () => {
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

describe('NONE', () => {
  const recorded = (...codes: string[]) =>
    aPerson({
      ssd_disability: codes.map((disa_disability_code, index) =>
        aDisability({ disa_table_id: `DI${String(index + 1)}`, disa_disability_code }),
      ),
    });

  it('with a disability is asked about, however it is kept', () => {
    const asked = ['none-beside-disability: ssd_disability DI2 disa_disability_code'];
    assert.deepEqual(told(recorded('AUT', 'NONE')), asked);
    assert.deepEqual(told(recorded('AUT', 'none - no disability')), asked);
  });

  it('in two equal rows is asked about once', () => {
    const none = aDisability({ disa_table_id: 'DI2', disa_disability_code: 'NONE' });
    assert.deepEqual(told(aPerson({ ssd_disability: [none, aDisability(), none] })), [
      'none-beside-disability: ssd_disability DI2 disa_disability_code',
    ]);
  });

  it('alone, or twice, is in order', () => {
    assert.deepEqual(told(recorded('NONE')), []);
    assert.deepEqual(told(recorded('NONE', 'NONE')), []);
  });
});

describe('the check letter of a UPN', () => {
  const asked = ['upn-check-letter: ssd_person 1001 pers_upn'];
  const numbered = (pers_upn: string) => told(aPerson({ person: { pers_upn } }));

  for (const upn of ['A950000178301', 'H243278544154', 'P207000016049', 'U301744115569', 'P00000000000B']) {
    it(`of ${upn} is right`, () => assert.deepEqual(numbered(upn), []));
  }
  for (const upn of ['R247962919251', 'X428558133462', 'B207000016049', 'A00000000000B', 'A00000A000000']) {
    it(`of ${upn} is asked about, and the UPN is sent`, () => {
      assert.deepEqual(numbered(upn), asked);
      const { child_details: details } = payloadOf(aPerson({ person: { pers_upn: upn } }));
      assert.equal(details.unique_pupil_number, upn);
    });
  }

  it('is asked about in the former UPN that is sent, and in no other', () => {
    const former = [
      aFormerUpn({ link_table_id: 'LI1', link_identifier_value: 'X428558133462' }),
      aFormerUpn({
        link_table_id: 'LI2',
        link_identifier_value: 'R247962919251',
        link_valid_from_date: '2019-09-01',
      }),
    ];
    assert.deepEqual(told(aPerson({ ssd_linked_identifiers: former })), [
      'upn-check-letter: ssd_linked_identifiers LI1 link_identifier_value',
    ]);
  });
});

describe('episodes', () => {
  const two = (earlier: Partial<ReturnType<typeof anEpisode>>) =>
    told(
      aPerson({
        ssd_cin_episodes: [
          anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-06-01' }),
          anEpisode(earlier),
        ],
      }),
    );

  it('that are open at the same time are asked about, except the latest', () => {
    assert.deepEqual(two({}), ['open-episodes: ssd_cin_episodes R1 cine_close_date']);
  });

  it('may be open with another after a referral without further action', () => {
    assert.deepEqual(two({ cine_referral_nfa: 'Y' }), []);
  });

  it('that closed with a date want a reason', () => {
    assert.deepEqual(two({ cine_close_date: '2025-05-20' }), [
      'closure-without-reason: ssd_cin_episodes R1 cine_close_reason',
    ]);
    assert.deepEqual(two({ cine_close_date: '2025-05-20', cine_close_reason: 'RC1' }), []);
  });

  it('whose reason cannot be sent are reported once', () => {
    assert.deepEqual(two({ cine_close_date: '2025-05-20', cine_close_reason: 'moved away' }), [
      'code-unknown: ssd_cin_episodes R1 cine_close_reason',
    ]);
  });

  it('that closed with a reason want a date', () => {
    assert.deepEqual(told(aPerson({ ssd_cin_episodes: [anEpisode({ cine_close_reason: 'RC1' })] })), [
      'closure-without-date: ssd_cin_episodes R1 cine_close_date',
    ]);
  });

  it('outside the window are not asked about', () => {
    const old = anEpisode({
      cine_referral_id: 'R9',
      cine_referral_date: '2014-01-01',
      cine_close_date: '2015-01-01',
    });
    assert.deepEqual(told(aPerson({ ssd_cin_episodes: [old] })), []);
  });
});

describe('placements', () => {
  const second = aPlacement({
    clap_cla_placement_id: 'L2',
    clap_cla_placement_start_date: '2025-08-01',
  });
  const asked = ['placements-overlap: ssd_cla_placement L1 clap_cla_placement_end_date'];

  it('that are open at the same time are asked about, except the latest', () => {
    assert.deepEqual(told(placed(aPlacement(), second)), asked);
  });

  it('that end after the next one began are asked about', () => {
    assert.deepEqual(told(placed(aPlacement({ clap_cla_placement_end_date: '2025-08-02' }), second)), asked);
  });

  it('may end on the day the next one begins', () => {
    assert.deepEqual(told(placed(aPlacement({ clap_cla_placement_end_date: '2025-08-01' }), second)), []);
  });

  it('are compared across the episodes of the child', () => {
    const rows = aPerson({
      ssd_cin_episodes: [
        anEpisode({ cine_close_date: '2025-07-15', cine_close_reason: 'RC1' }),
        anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-07-20' }),
      ],
      ssd_cla_episodes: [
        aCareEpisode(),
        aCareEpisode({
          clae_cla_episode_id: 'E2',
          clae_cla_placement_id: 'L2',
          clae_referral_id: 'R2',
          clae_cla_episode_start_date: '2025-08-01',
        }),
      ],
      ssd_cla_placement: [aPlacement(), second],
    });
    assert.deepEqual(told(rows), asked);
  });

  it('that are there twice do not overlap themselves', () => {
    assert.deepEqual(told(placed(aPlacement(), aPlacement())), []);
  });
});

describe('the remarks', () => {
  it('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(anyPerson, fc.integer({ min: 2, max: 1008 }), (rows, salt) => {
        assert.deepEqual(inOrder(remarksOf(inAnotherOrder(rows, salt))), inOrder(remarksOf(rows)));
      }),
      { numRuns: 400 },
    );
  });

  it('name no date, code or number of the row, nor do other findings', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        for (const { found } of builtOf(rows).findings) assert.doesNotMatch(found, /\d{3}/);
      }),
      { numRuns: 200 },
    );
  });

  it('are not made about a child that is held', () => {
    const rows = aPerson({
      person: { pers_person_id: '10/01', pers_dob: '2026-08-12' },
    });
    const rules = builtOf(rows).findings.map(({ rule }) => rule);
    assert.deepEqual(rules, ['child-id']);
  });

  it('are few for 500 synthetic children', () => {
    const remarks: Finding[] = personsIn(
      generateSsd({ children: 500, seed: 'checks', today }).entries(),
    ).flatMap(remarksOf);
    assert.ok(remarks.length < 25);
  });
});
