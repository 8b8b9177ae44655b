import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newestCodeLists } from '../../../shared/child/codes/codeLists.js';
import { aConference, anAssessment, anEpisode, aPerson, aSection47, someFactors } from '../aPerson.js';
import {
  acknowledgedTextOf,
  builtOf,
  findingsOf,
  payloadOf,
  rulesOn,
  theEpisode,
  today,
} from '../aPayload.js';

function personWithFactors(...texts: (string | null)[]) {
  return aPerson({
    ssd_cin_episodes: [anEpisode()],
    ssd_cin_assessments: [anAssessment()],
    ssd_assessment_factors: texts.map((text, index) =>
      someFactors({ cinf_table_id: `F${index}`, cinf_assessment_factors_json: text }),
    ),
  });
}
const factorsOf = (...texts: (string | null)[]) =>
  theEpisode(personWithFactors(...texts)).child_and_family_assessments?.[0]?.factors;
const rulesBroken = (...texts: (string | null)[]) =>
  findingsOf(personWithFactors(...texts)).map(({ rule }) => rule);

describe('assessment factors', () => {
  const readable: readonly (readonly [string, string | null, readonly string[]])[] = [
    ['a JSON array', '["2B", "1A"]', ['1A', '2B']],
    ['an array with nulls and blanks', '[null, "1A", null, "", " "]', ['1A']],
    ['an array with duplicates', '["1A", "1a", " 1A "]', ['1A']],
    [
      'an array of codes with descriptions',
      '["1A - Alcohol: child", "22A: child sexual abuse"]',
      ['1A', '22A'],
    ],
    ['an empty array', '[]', []],
    ['an object of code to Yes or No', '{"1A":"Yes","2B":"No","3C":"Y","4A":null}', ['1A', '3C']],
    ['an object of code to true or false', '{"1A":true,"2B":false}', ['1A']],
    ['comma text', '2B, 1A ,,1A', ['1A', '2B']],
    ['a single code', '21', ['21']],
    ['a missing value', null, []],
    ['blanks', '   ', []],
    ['the JSON null', 'null', []],
  ];
  for (const [what, text, factors] of readable) {
    it(`are read from ${what}, in code order, without a remark`, () => {
      assert.deepEqual(factorsOf(text), factors);
      assert.deepEqual(rulesBroken(text), []);
    });
  }

  it('are an empty list for an assessment without a row of them', () => assert.deepEqual(factorsOf(), []));

  it('stay an empty list at DfE while the assessments cannot be seen', () => {
    const before = payloadOf(personWithFactors());
    const rows = aPerson({ ssd_cin_episodes: [anEpisode()] });
    const rules = { ...rulesOn(today), absentTables: new Set(['ssd_cin_assessments']) };
    const { child } = builtOf(rows, rules, [acknowledgedTextOf(before)]);
    assert.deepEqual(child, before);
  });

  it('are not counted outside the window for another record of their assessment that is', () => {
    const old = anAssessment({ cina_assessment_start_date: '2020-01-01' });
    for (const assessments of [
      [old, anAssessment()],
      [anAssessment(), old],
    ]) {
      const rows = aPerson({
        ssd_cin_episodes: [anEpisode()],
        ssd_cin_assessments: assessments,
        ssd_assessment_factors: [someFactors()],
      });
      const { child, rowsOutOfScope } = builtOf(rows);
      assert.deepEqual(child?.social_care_episodes?.[0]?.child_and_family_assessments?.[0]?.factors, ['1A']);
      assert.deepEqual(rowsOutOfScope, { ssd_cin_assessments: { outsideWindow: 1 } });
    }
  });

  it('are gathered from every row of the assessment', () => {
    assert.deepEqual(factorsOf('["1A"]', '2B,1A'), ['1A', '2B']);
  });

  it('are not those of another assessment', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_assessments: [anAssessment(), anAssessment({ cina_assessment_id: 'A2' })],
      ssd_assessment_factors: [someFactors({ cinf_assessment_id: 'A2' })],
    });
    const sent = theEpisode(rows).child_and_family_assessments?.map((item) => item.factors);
    assert.deepEqual(sent, [[], ['1A']]);
  });

  for (const retired of ['18A', '19A']) {
    it(`leave out ${retired}, which is retired, and report it`, () => {
      assert.deepEqual(factorsOf(`["1A","${retired}"]`), ['1A']);
      assert.deepEqual(rulesBroken(`["1A","${retired}"]`), ['code-retired']);
    });
  }

  for (const text of ['["1A"', '{"1A":"Yes"', '[1A]']) {
    it(`that are broken JSON are reported (${text}) and do not spoil other rows`, () => {
      assert.deepEqual(factorsOf(text, '["2B"]'), ['2B']);
      assert.deepEqual(rulesBroken(text, '["2B"]'), ['factors-unreadable']);
    });
  }

  const all = [...newestCodeLists.assessmentFactor];
  it('may be 41', () => {
    const most = all.slice(0, 41);
    assert.deepEqual(factorsOf(JSON.stringify(most)), most.toSorted());
    assert.deepEqual(rulesBroken(JSON.stringify(most)), []);
  });

  it('are reported and never cut when they are more than 41', () => {
    assert.equal(all.length, 42);
    assert.equal(factorsOf(JSON.stringify(all))?.length ?? 0, 0);
    assert.deepEqual(rulesBroken(JSON.stringify(all)), ['factors-too-many']);
  });

  for (const [what, text] of [
    ['too many', JSON.stringify(all)],
    ['unreadable', '["1A"'],
  ] as const) {
    it(`that are ${what} are not said to be none`, () => assert.equal(factorsOf(text), undefined));
  }

  it('are counted once each', () => {
    const most = all.slice(0, 41);
    assert.equal(factorsOf(JSON.stringify([...most, ...most, null]))?.length, 41);
  });

  for (const text of ['{"1A":true,"1A":false}', '{"1A":"Y","1a":"N"}', '{"":"Y"}']) {
    it(`are unknown when ${text} says two things`, () => {
      assert.equal(factorsOf(text), undefined);
    });
  }

  it('are read from numbers as well', () =>
    assert.deepEqual(factorsOf('["1A", 20, 21]'), ['1A', '20', '21']));
});

describe('the conference flag of a section 47 enquiry', () => {
  const personWithOutcome = (outcome: string | null) =>
    aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_s47_enquiry: [aSection47({ s47e_s47_outcome_json: outcome })],
    });
  const flagOf = (outcome: string | null) =>
    theEpisode(personWithOutcome(outcome)).section_47_assessments?.[0]?.icpc_required_flag;
  const rulesOfOutcome = (outcome: string | null) =>
    findingsOf(personWithOutcome(outcome)).map(({ rule }) => rule);

  for (const key of ['CP_CONFERENCE_FLAG', 'OUTCOME_CP_CONFERENCE_FLAG']) {
    for (const [value, flag] of [
      ['"Y"', true],
      ['"T"', true],
      ['"1"', true],
      ['"true"', true],
      ['1', true],
      ['true', true],
      ['"N"', false],
      ['"F"', false],
      ['"0"', false],
      ['"false"', false],
      ['0', false],
      ['false', false],
    ] as const) {
      it(`is ${String(flag)} when ${key} is ${value}`, () => {
        const outcome = `{"OUTCOME_NFA":"N","${key}":${value}}`;
        assert.equal(flagOf(outcome), flag);
        assert.deepEqual(rulesOfOutcome(outcome), []);
      });
    }
  }

  for (const outcome of [null, '', '{}', '{"CP_CONFERENCE_FLAG":null}', '{"CP_CONFERENCE_FLAG":""}']) {
    it(`is left out, and no fault, when the outcome says nothing of it (${JSON.stringify(outcome)})`, () => {
      assert.equal(flagOf(outcome), undefined);
      assert.deepEqual(rulesOfOutcome(outcome), []);
    });
  }

  for (const outcome of [
    'Legal action, CP conference',
    '["CP_CONFERENCE_FLAG"]',
    '{"CP_CONFERENCE_FLAG":',
    '{"CP_CONFERENCE_FLAG":"Y","CP_CONFERENCE_FLAG":"N"}',
    '{"CP_CONFERENCE_FLAG":"Y","OUTCOME_CP_CONFERENCE_FLAG":"N"}',
  ]) {
    it(`is left out and reported when the outcome cannot be read (${outcome})`, () => {
      assert.equal(flagOf(outcome), undefined);
      assert.deepEqual(rulesOfOutcome(outcome), ['outcome-unreadable']);
    });
  }

  it('is left out and reported when it is neither yes nor no', () => {
    assert.equal(flagOf('{"CP_CONFERENCE_FLAG":"P"}'), undefined);
    assert.deepEqual(rulesOfOutcome('{"CP_CONFERENCE_FLAG":"P"}'), ['flag-unknown']);
  });
});

describe('a conference', () => {
  it('in the window that belongs to no enquiry of the child is reported', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_s47_enquiry: [aSection47()],
      ssd_initial_cp_conference: [
        aConference(),
        aConference({ icpc_icpc_id: 'LOST', icpc_s47_enquiry_id: 'ELSEWHERE' }),
        aConference({ icpc_icpc_id: 'LOOSE', icpc_s47_enquiry_id: null }),
        aConference({ icpc_icpc_id: 'OLD', icpc_s47_enquiry_id: null, icpc_icpc_date: '2001-01-01' }),
      ],
    });
    const reported = findingsOf(rows).filter(({ rule }) => rule === 'no-enquiry');
    assert.deepEqual(
      reported.map(({ rowId }) => rowId),
      ['LOST', 'LOOSE'],
    );
  });

  it('that has lost its enquiry leaves an enquiry and a referral that were sent because of it', () => {
    const closed = (enquiry: string | null) =>
      aPerson({
        ssd_cin_episodes: [
          anEpisode(),
          anEpisode({
            cine_referral_id: 'R2',
            cine_referral_date: '2023-12-01',
            cine_close_date: '2024-03-20',
          }),
        ],
        ssd_s47_enquiry: [
          aSection47({
            s47e_referral_id: 'R2',
            s47e_s47_start_date: '2024-03-01',
            s47e_s47_end_date: '2024-03-20',
          }),
        ],
        ssd_initial_cp_conference: [
          aConference({ icpc_s47_enquiry_id: enquiry, icpc_icpc_date: '2024-04-05' }),
        ],
      });
    const before = payloadOf(closed(aSection47().s47e_s47_enquiry_id));
    const { child } = builtOf(closed(null), rulesOn(today), [acknowledgedTextOf(before)]);
    const enquiries = (sent: typeof child) =>
      sent?.social_care_episodes?.map((episode) => [
        episode.social_care_episode_id,
        episode.section_47_assessments?.map((item) => item.section_47_assessment_id),
      ]);
    assert.equal(enquiries(before)?.length, 2);
    assert.deepEqual(enquiries(child), enquiries(before));
  });

  it('that has lost its enquiry leaves the date that DfE holds', () => {
    const withConference = (enquiry: string | null) =>
      aPerson({
        ssd_cin_episodes: [anEpisode()],
        ssd_s47_enquiry: [aSection47()],
        ssd_initial_cp_conference: [aConference({ icpc_s47_enquiry_id: enquiry })],
      });
    const before = payloadOf(withConference(aSection47().s47e_s47_enquiry_id));
    const held = acknowledgedTextOf(before);
    const { child } = builtOf(withConference(null), rulesOn(today), [held]);
    const dateIn = (sent: typeof child) =>
      sent?.social_care_episodes?.[0]?.section_47_assessments?.[0]?.icpc_date;
    assert.ok(dateIn(before));
    assert.equal(dateIn(child), dateIn(before));
  });
});
