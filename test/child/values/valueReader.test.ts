import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unknown } from '../../../shared/child/draft.js';
import { classOf, type Finding } from '../../../shared/child/findings.js';
import { ValueReader } from '../../../shared/child/values/valueReader.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aConference,
  aCpPlan,
  aDisability,
  aFormerUpn,
  anAddress,
  anAssessment,
  anEpisode,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  aSection47,
  someFactors,
} from '../aPerson.js';
import { builtOf, findingsOf, payloadOf, placementsSent, rulesOn, theEpisode, today } from '../aPayload.js';

const source = { table: 'ssd_cin_episodes', rowId: 'R1' } as const;
const referralSource = (value: string | null) => {
  const values = new ValueReader(rulesOn(today), aPerson());
  const code = values.code('referralSource', value, null, source, 'cine_referral_source_code');
  return { code: code === unknown ? undefined : code, rules: values.findings.map(({ rule }) => rule) };
};

describe('a coded value', () => {
  const sent: readonly (readonly [string, string])[] = [
    ['1A', '1A'],
    ['  1a ', '1A'],
    ['10', '10'],
    ['1A - Individual', '1A'],
    ['1a: family member', '1A'],
    ['1A — relative', '1A'],
    ['4 - Housing', '4'],
    // As SystemC writes its descriptions.
    ['1A Individual', '1A'],
    ['10 Unknown', '10'],
  ];
  for (const [value, code] of sent) {
    it(`"${value}" is sent as ${code}`, () => assert.deepEqual(referralSource(value), { code, rules: [] }));
  }

  for (const value of ['1E', '1AB', 'Individual - 1A', '41', '4711 - Police', '1A– relative', '-', '1A1A']) {
    it(`"${value}" is left out and reported`, () =>
      assert.deepEqual(referralSource(value), { code: undefined, rules: ['code-unknown'] }));
  }

  for (const value of ['H5', ' p2 ', 'Z1 - Other placement']) {
    it(`"${value}" of an earlier year is left out and reported as retired`, () => {
      const placement = aPlacement({ clap_cla_placement_type: value });
      const rows = aPerson({
        ssd_cin_episodes: [anEpisode()],
        ssd_cla_episodes: [aCareEpisode()],
        ssd_cla_placement: [placement],
      });
      assert.equal(placementsSent(rows)[0]?.placement_type, undefined);
      assert.deepEqual(findingsOf(rows), [
        { rule: 'code-retired', table: 'ssd_cla_placement', rowId: 'L1', column: 'clap_cla_placement_type' },
      ]);
    });
  }

  for (const value of [null, '', '   ']) {
    it(`that is missing is left out and no fault (${JSON.stringify(value)})`, () =>
      assert.deepEqual(referralSource(value), { code: undefined, rules: [] }));
  }
});

describe('an id', () => {
  const sendable = ['A', '1', 'a_b-C', 'x'.repeat(36), '0x1', '0x1g2', '_', '-'];
  for (const id of sendable) {
    it(`"${id}" of an item is sent`, () => {
      const episode = theEpisode(aPerson({ ssd_cin_episodes: [anEpisode({ cine_referral_id: id })] }));
      assert.equal(episode.social_care_episode_id, id);
    });
  }

  const refused = ['x'.repeat(37), 'R 1', 'R/1', 'R.1', 'Ré', '0x12ab', 'A-0Xabc-9', 'R1;'];
  for (const id of refused) {
    it(`"${id}" of an item leaves the item out, reports it and sends the rest`, () => {
      const rows = aPerson({
        ssd_cin_episodes: [
          anEpisode({ cine_referral_id: id }),
          anEpisode({ cine_referral_id: 'R2', cine_close_date: '2025-06-01', cine_close_reason: 'RC1' }),
        ],
      });
      assert.equal(theEpisode(rows).social_care_episode_id, 'R2');
      assert.deepEqual(findingsOf(rows), [
        { rule: 'item-id', table: 'ssd_cin_episodes', rowId: id, column: 'cine_referral_id' },
      ]);
    });
  }

  for (const id of [null, '', ' ']) {
    it(`that is missing leaves the item out and reports it (${JSON.stringify(id)})`, () => {
      const rows = aPerson({ ssd_cin_episodes: [anEpisode({ cine_referral_id: id })] });
      assert.equal(payloadOf(rows).social_care_episodes, undefined);
      assert.deepEqual(
        findingsOf(rows).map(({ rule }) => rule),
        ['item-id'],
      );
    });
  }

  it('that is 36 long may be the management system’s own id of a child, and 37 leaves only that out', () => {
    const longest = 'L'.repeat(36);
    assert.equal(payloadOf(aPerson({ person: { pers_legacy_id: longest } })).mis_child_id, longest);
    const rows = aPerson({ person: { pers_legacy_id: `${longest}L` } });
    assert.equal(payloadOf(rows).mis_child_id, undefined);
    assert.equal(findingsOf(rows)[0]?.column, 'pers_legacy_id');
  });

  for (const id of ['1', 'a'.repeat(20)]) {
    it(`of a child is sent with ${id.length} characters`, () => {
      assert.equal(payloadOf(aPerson({ person: { pers_person_id: id } })).la_child_id, id);
    });
  }

  for (const id of [null, '', ' ', '1001 ', ' 1001', 'a'.repeat(21), '10/01', '0x12ab']) {
    it(`of a child holds the child and reports it (${JSON.stringify(id)})`, () => {
      const rows = aPerson({ person: { pers_person_id: id }, ssd_cin_episodes: [anEpisode()] });
      const { child, findings } = builtOf(rows);
      assert.equal(child, undefined);
      assert.deepEqual(
        findings.map(({ rule, table, rowId, column, found }) => ({ rule, table, rowId, column, found })),
        [{ rule: 'child-id', table: 'ssd_person', rowId: id, column: 'pers_person_id', found: classOf(id) }],
      );
    });
  }

  for (const [id, sent] of [
    ['SW1234567890', true],
    ['SW12345678901', false],
    ['SW 123456', false],
    ['0x12ab', false],
  ] as const) {
    it(`"${id}" of a worker is ${sent ? 'sent' : 'left out and reported'}`, () => {
      const rows = aPerson({
        ssd_cin_episodes: [anEpisode()],
        ssd_cin_plans: [aCinPlan()],
        ssd_involvements: [anInvolvement({ prof_social_worker_registration_no: id })],
      });
      const workers = theEpisode(rows).care_worker_details;
      assert.deepEqual(
        workers?.map((worker) => worker.worker_id),
        sent ? [id] : undefined,
      );
      assert.deepEqual(
        findingsOf(rows).map(({ rule, rowId }) => [rule, rowId]),
        sent ? [] : [['item-id', 'I1']],
      );
    });
  }

  it('that two rows share is sent once, and reported when the rows differ', () => {
    const plans = [aCinPlan(), aCinPlan({ cinp_cin_plan_end_date: '2025-12-01' })];
    const rows = aPerson({ ssd_cin_episodes: [anEpisode()], ssd_cin_plans: plans });
    assert.equal(theEpisode(rows).child_in_need_plans?.length, 1);
    assert.deepEqual(findingsOf(rows), [
      { rule: 'duplicate-id', table: 'ssd_cin_plans', rowId: 'N1', column: 'cinp_cin_plan_id' },
    ]);
  });

  it('that two equal rows share is sent once and is no fault', () => {
    const rows = aPerson({ ssd_cin_episodes: [anEpisode()], ssd_cin_plans: [aCinPlan(), aCinPlan()] });
    assert.equal(theEpisode(rows).child_in_need_plans?.length, 1);
    assert.deepEqual(findingsOf(rows), []);
  });
});

describe('a name', () => {
  it('of 128 characters is sent whole', () => {
    const name = 'é'.repeat(128);
    assert.equal(payloadOf(aPerson({ person: { pers_surname: name } })).child_details.surname, name);
  });

  it('of 129 characters is left out, never cut, and reported', () => {
    const rows = aPerson({ person: { pers_forename: 'x'.repeat(129) } });
    assert.equal(payloadOf(rows).child_details.first_name, undefined);
    assert.deepEqual(findingsOf(rows), [
      { rule: 'text-too-long', table: 'ssd_person', rowId: '1001', column: 'pers_forename' },
    ]);
  });

  it('with half a character, which has no UTF-8 form, is left out and reported', () => {
    const rows = aPerson({ person: { pers_surname: 'x\ud842' } });
    assert.equal(payloadOf(rows).child_details.surname, undefined);
    assert.equal(findingsOf(rows).length, 1);
  });

  it('of nothing but blanks is left out and no fault', () => {
    const rows = aPerson({ person: { pers_forename: '   ', pers_surname: '' } });
    assert.equal(payloadOf(rows).child_details.first_name, undefined);
    assert.equal(payloadOf(rows).child_details.surname, undefined);
    assert.deepEqual(findingsOf(rows), []);
  });
});

describe('a postcode', () => {
  const sent: readonly (readonly [string, string])[] = [
    ['LS1 1UR', 'LS1 1UR'],
    ['LS11UR', 'LS1 1UR'],
    [' ls1  1ur ', 'LS1 1UR'],
    ['sw1a1aa', 'SW1A 1AA'],
    ['M1 1AE', 'M1 1AE'],
    ['EC1A 1BB', 'EC1A 1BB'],
    ['GIR0AA', 'GIR 0AA'],
  ];
  for (const [value, postcode] of sent) {
    it(`"${value}" is sent as ${postcode}`, () => {
      const rows = aPerson({ ssd_address: [anAddress({ addr_address_postcode: value })] });
      assert.equal(payloadOf(rows).child_details.postcode, postcode);
      assert.deepEqual(findingsOf(rows), []);
    });
  }

  for (const value of ['unknown', 'LS1', 'LS1 1U', '1LS 1UR', 'LS1 1UR LS2', 'XX', 'A', 'LS1-1UR']) {
    it(`"${value}" is left out and reported`, () => {
      const rows = aPerson({ ssd_address: [anAddress({ addr_address_postcode: value })] });
      assert.equal(payloadOf(rows).child_details.postcode, undefined);
      assert.deepEqual(findingsOf(rows), [
        { rule: 'postcode-shape', table: 'ssd_address', rowId: 'AD1', column: 'addr_address_postcode' },
      ]);
    });
  }
});

describe('a Strengths and Difficulties score', () => {
  const scoresOf = (value: string | null) => {
    const rows = aPerson({ ssd_sdq_scores: [anSdqScore({ csdq_sdq_score: value })] });
    return {
      scores: payloadOf(rows).health_and_wellbeing?.sdq_assessments.map(({ score }) => score),
      rules: findingsOf(rows).map(({ rule }) => rule),
    };
  };
  for (const [value, score] of [
    ['0', 0],
    ['40', 40],
    [' 7 ', 7],
    ['12.0', 12],
    ['007', 7],
  ] as const) {
    it(`"${value}" is sent as ${score}`, () =>
      assert.deepEqual(scoresOf(value), { scores: [score], rules: [] }));
  }
  for (const value of ['41', '12.5', 'twelve', '1e1', '12/40', '0x10']) {
    it(`"${value}" is left out and reported`, () =>
      assert.deepEqual(scoresOf(value), { scores: undefined, rules: ['sdq-score'] }));
  }
  it('of -1 means none', () =>
    assert.deepEqual(scoresOf('-1'), { scores: undefined, rules: ['placeholder'] }));
  it('that is missing leaves a row without anything to send, which is said', () =>
    assert.deepEqual(scoresOf(null), { scores: undefined, rules: ['sdq-score'] }));
});

describe('a yes or no', () => {
  const flagOf = (value: string | null) => {
    const rows = aPerson({ ssd_cin_episodes: [anEpisode({ cine_referral_nfa: value })] });
    return {
      flag: theEpisode(rows).referral_no_further_action_flag,
      rules: findingsOf(rows).map(({ rule }) => rule),
    };
  };
  for (const value of ['Y', 'y', 'T', '1', 'TRUE', 'true', ' Y ']) {
    it(`is yes for "${value}"`, () => assert.deepEqual(flagOf(value), { flag: true, rules: [] }));
  }
  for (const value of ['N', 'n', 'F', '0', 'FALSE', 'false']) {
    it(`is no for "${value}"`, () => assert.deepEqual(flagOf(value), { flag: false, rules: [] }));
  }
  for (const value of ['maybe', '2', '-']) {
    it(`is left out and reported for "${value}"`, () =>
      assert.deepEqual(flagOf(value), { flag: undefined, rules: ['flag-unknown'] }));
  }
  it('is left out and no fault when missing', () =>
    assert.deepEqual(flagOf(null), { flag: undefined, rules: [] }));
});

describe('a finding', () => {
  const wrong = 'Zq Secret 9';
  const rows = aPerson({
    person: {
      pers_legacy_id: wrong,
      pers_upn: wrong,
      pers_upn_unknown: wrong,
      pers_surname: wrong.repeat(20),
      pers_sex: wrong,
      pers_ethnicity: wrong,
    },
    ssd_address: [anAddress({ addr_address_postcode: wrong })],
    ssd_disability: [aDisability({ disa_disability_code: wrong })],
    ssd_linked_identifiers: [aFormerUpn({ link_identifier_value: wrong })],
    ssd_sdq_scores: [anSdqScore({ csdq_sdq_score: wrong })],
    ssd_cin_episodes: [
      anEpisode({
        cine_referral_source_code: wrong,
        cine_referral_nfa: wrong,
        cine_close_reason: wrong,
      }),
    ],
    ssd_cin_assessments: [anAssessment()],
    ssd_assessment_factors: [
      someFactors({ cinf_assessment_factors_json: JSON.stringify([wrong]) }),
      someFactors({ cinf_table_id: 'F2', cinf_assessment_factors_json: `{${wrong}` }),
    ],
    ssd_cin_plans: [aCinPlan()],
    ssd_involvements: [anInvolvement({ prof_social_worker_registration_no: wrong })],
    ssd_s47_enquiry: [
      aSection47({ s47e_s47_outcome_json: wrong }),
      aSection47({
        s47e_s47_enquiry_id: 'S2',
        s47e_s47_outcome_json: JSON.stringify({ CP_CONFERENCE_FLAG: wrong }),
      }),
    ],
    ssd_initial_cp_conference: [aConference()],
    ssd_cp_plans: [aCpPlan()],
    ssd_cla_episodes: [
      aCareEpisode({ clae_cla_episode_start_reason: wrong, clae_cla_episode_ceased_reason: wrong }),
    ],
    ssd_cla_placement: [
      aPlacement({
        clap_cla_placement_postcode: wrong,
        clap_cla_placement_type: wrong,
        clap_cla_placement_change_reason: wrong,
      }),
    ],
    ssd_care_leavers: [
      aCareLeaverContact({ clea_care_leaver_activity: wrong, clea_care_leaver_accommodation: wrong }),
    ],
  });
  const findings = findingsOf(rows);

  it('names table, row id, column and rule of each value that cannot be sent', () => {
    const named = ({ table, rowId, column, rule }: Omit<Finding, 'found'>) =>
      `${table} ${String(rowId)} ${column}: ${rule}`;
    assert.deepEqual(findings.map(named).sort(), [
      'ssd_address AD1 addr_address_postcode: postcode-shape',
      'ssd_assessment_factors F1 cinf_assessment_factors_json: code-unknown',
      'ssd_assessment_factors F2 cinf_assessment_factors_json: factors-unreadable',
      'ssd_care_leavers CL1 clea_care_leaver_accommodation: code-unknown',
      'ssd_care_leavers CL1 clea_care_leaver_activity: code-unknown',
      'ssd_cin_episodes R1 cine_close_reason: code-unknown',
      'ssd_cin_episodes R1 cine_referral_nfa: flag-unknown',
      'ssd_cin_episodes R1 cine_referral_source_code: code-unknown',
      'ssd_cla_episodes E1 clae_cla_episode_ceased_reason: code-unknown',
      'ssd_cla_episodes E1 clae_cla_episode_start_reason: code-unknown',
      'ssd_cla_placement L1 clap_cla_placement_change_reason: code-unknown',
      'ssd_cla_placement L1 clap_cla_placement_postcode: postcode-shape',
      'ssd_cla_placement L1 clap_cla_placement_type: code-unknown',
      'ssd_disability DI1 disa_disability_code: code-unknown',
      'ssd_involvements I1 prof_social_worker_registration_no: item-id',
      'ssd_linked_identifiers LI1 link_identifier_value: upn-shape',
      'ssd_person 1001 pers_ethnicity: code-unknown',
      'ssd_person 1001 pers_legacy_id: item-id',
      'ssd_person 1001 pers_sex: code-unknown',
      'ssd_person 1001 pers_surname: text-too-long',
      'ssd_person 1001 pers_upn: upn-shape',
      'ssd_person 1001 pers_upn_unknown: code-unknown',
      'ssd_s47_enquiry S1 s47e_s47_outcome_json: outcome-unreadable',
      'ssd_s47_enquiry S2 s47e_s47_outcome_json: flag-unknown',
      'ssd_sdq_scores SD1 csdq_sdq_score: sdq-score',
    ]);
  });

  it('never repeats the value', () => {
    assert.ok(!/secret/i.test(JSON.stringify(findings)));
  });

  it('describes a value that is not sent', () => {
    assert.ok(!/secret/i.test(JSON.stringify(payloadOf(rows))));
  });
});

describe('the class of a value', () => {
  it('says its length and what it is made of, and nothing about the value', () => {
    assert.equal(classOf(null), 'nothing');
    assert.equal(classOf(''), 'an empty text');
    assert.equal(classOf(' \t'), 'only blanks');
    assert.equal(classOf('7'), '1 character: digits');
    assert.equal(classOf('1A - Individual'), '15 characters: letters, digits, blanks, signs');
    assert.equal(classOf('علي'), '3 characters: letters');
  });
});
