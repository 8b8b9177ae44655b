import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlainDate } from '../../shared/child/dates.js';
import { windowOf } from '../../shared/child/window.js';
import {
  ageGateAnswer,
  ageGateOf,
  answersOfSets,
  defaultInclusionSets,
  inclusionSets,
  type InclusionSet,
} from '../../shared/ssd/cohort.js';
import type { PersonRows } from '../../shared/child/sourceRows.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aCpPlan,
  aDisability,
  anAssessment,
  anEpisode,
  aPerson,
  aPlacement,
} from '../child/aPerson.js';
import { personsIn } from '../child/syntheticPersons.js';
import { generateSsd } from '../../infra/syntheticSsd/generate.js';

/** From 1 April 2024 to 12 August 2026. */
const window = windowOf('2026-08-11');
/** Whether one of the sets that are on lets the child in. */
const isInCohort = (rows: PersonRows, during: typeof window, sets: readonly InclusionSet[]): boolean =>
  [...answersOfSets(rows, during)].some(([set, answer]) => answer === 'yes' && sets.includes(set));
const isIn = (set: InclusionSet, rows: PersonRows) => isInCohort(rows, window, [set]);

function passesAgeGate({ person }: PersonRows, day: PlainDate = '2026-08-11'): boolean {
  return ageGateAnswer(person, ageGateOf(windowOf(day))) === 'passed';
}

const spans: readonly (readonly [string, PlainDate | null, PlainDate | null, boolean])[] = [
  ['in when it ended on the window’s first day', '2020-01-01', '2024-04-01', true],
  ['out when it ended the day before', '2020-01-01', '2024-03-31', false],
  ['in when it is open, however old', '2009-01-01', null, true],
  ['in when it starts tomorrow', '2026-08-12', null, true],
  ['out when it starts the day after tomorrow', '2026-08-13', null, false],
  ['out without a start', null, null, false],
];

describe('the set "referral"', () => {
  for (const [what, from, to, expected] of spans) {
    it(`has a referral ${what}`, () => {
      const episode = anEpisode({ cine_referral_date: from, cine_close_date: to });
      assert.equal(isIn('referral', aPerson({ ssd_cin_episodes: [episode] })), expected);
    });
  }
  it('is out without any referral', () => assert.equal(isIn('referral', aPerson()), false));
  it('needs one referral among several', () => {
    const old = anEpisode({ cine_referral_date: '2010-01-01', cine_close_date: '2011-01-01' });
    assert.equal(isIn('referral', aPerson({ ssd_cin_episodes: [old, anEpisode()] })), true);
  });
});

describe('the set "openReferralWithoutAssessment"', () => {
  const set = 'openReferralWithoutAssessment';
  it('has an open referral without an assessment, however old', () => {
    const rows = aPerson({ ssd_cin_episodes: [anEpisode({ cine_referral_date: '2010-01-01' })] });
    assert.equal(isIn(set, rows), true);
  });
  it('does not have a closed one', () => {
    const rows = aPerson({ ssd_cin_episodes: [anEpisode({ cine_close_date: '2026-01-01' })] });
    assert.equal(isIn(set, rows), false);
  });
  it('does not have one whose assessment has started', () => {
    const rows = aPerson({ ssd_cin_episodes: [anEpisode()], ssd_cin_assessments: [anAssessment()] });
    assert.equal(isIn(set, rows), false);
  });
  it('has one whose assessment has no start yet', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_assessments: [anAssessment({ cina_assessment_start_date: null })],
    });
    assert.equal(isIn(set, rows), true);
  });
  it('has one when only another referral was assessed', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode(), anEpisode({ cine_referral_id: 'R2', cine_close_date: '2025-06-01' })],
      ssd_cin_assessments: [anAssessment({ cina_referral_id: 'R2' })],
    });
    assert.equal(isIn(set, rows), true);
  });
});

describe('the set "childInNeedPlan"', () => {
  for (const [what, from, to, expected] of spans) {
    it(`has a plan ${what}`, () => {
      const plan = aCinPlan({ cinp_cin_plan_start_date: from, cinp_cin_plan_end_date: to });
      assert.equal(isIn('childInNeedPlan', aPerson({ ssd_cin_plans: [plan] })), expected);
    });
  }
});

describe('the set "childProtectionPlan"', () => {
  for (const [what, from, to, expected] of spans) {
    it(`has a plan ${what}`, () => {
      const plan = aCpPlan({ cppl_cp_plan_start_date: from, cppl_cp_plan_end_date: to });
      assert.equal(isIn('childProtectionPlan', aPerson({ ssd_cp_plans: [plan] })), expected);
    });
  }
});

describe('the set "lookedAfter"', () => {
  for (const [what, from, to, expected] of spans) {
    it(`has a placement ${what}`, () => {
      const placement = aPlacement({ clap_cla_placement_start_date: from, clap_cla_placement_end_date: to });
      assert.equal(isIn('lookedAfter', aPerson({ ssd_cla_placement: [placement] })), expected);
    });
    it(`has a period of care whose referral is ${what}`, () => {
      const rows = aPerson({
        ssd_cin_episodes: [anEpisode({ cine_referral_date: from, cine_close_date: to })],
        ssd_cla_episodes: [aCareEpisode()],
      });
      assert.equal(isIn('lookedAfter', rows), expected);
    });
  }
  it('does not have a period of care on no referral, or on another', () => {
    for (const referral of [null, 'R9']) {
      const rows = aPerson({
        ssd_cin_episodes: [anEpisode()],
        ssd_cla_episodes: [aCareEpisode({ clae_referral_id: referral })],
      });
      assert.equal(isIn('lookedAfter', rows), false);
    }
  });
});

describe('the set "careLeaver"', () => {
  const careLeaver = (
    born: PlainDate | null,
    contact: PlainDate | null = '2025-09-01',
    episode = anEpisode(),
  ) =>
    isIn(
      'careLeaver',
      aPerson({
        person: { pers_dob: born },
        ssd_cin_episodes: [episode],
        ssd_care_leavers: [aCareLeaverContact({ clea_care_leaver_latest_contact: contact })],
      }),
    );

  it('has a young person of 20', () => assert.equal(careLeaver('2005-11-11'), true));
  it('has one who is 16 today, and not one who will be the day after tomorrow', () => {
    assert.equal(careLeaver('2010-08-11'), true);
    assert.equal(careLeaver('2010-08-13'), false);
  });
  it('has one who turned 26 on the second day of the window, and not one who did before it', () => {
    assert.equal(careLeaver('1998-04-02'), true);
    assert.equal(careLeaver('1998-03-31'), false);
  });
  it('has no child whose date of birth is unknown', () => assert.equal(careLeaver(null), false));
  it('has one with a contact on the window’s first day or today, not before it or after its end', () => {
    assert.equal(careLeaver('2005-11-11', '2024-04-01'), true);
    assert.equal(careLeaver('2005-11-11', '2026-08-11'), true);
    assert.equal(careLeaver('2005-11-11', '2024-03-31'), false);
    assert.equal(careLeaver('2005-11-11', '2026-08-13'), false);
    assert.equal(careLeaver('2005-11-11', null), false);
  });
  it('needs an open episode', () => {
    const closed = anEpisode({ cine_close_date: '2026-08-01' });
    assert.equal(careLeaver('2005-11-11', '2025-09-01', closed), false);
  });
  it('has one with a contact tomorrow, the last day of the window', () =>
    assert.equal(careLeaver('2005-11-11', '2026-08-12'), true));
});

describe('the set "disabled"', () => {
  it('has a child with a disability', () =>
    assert.equal(isIn('disabled', aPerson({ ssd_disability: [aDisability()] })), true));
  it('does not have a child without', () => assert.equal(isIn('disabled', aPerson()), false));
  it('does not have a child for whom NONE is recorded', () => {
    const none = aDisability({ disa_disability_code: 'NONE' });
    assert.equal(isIn('disabled', aPerson({ ssd_disability: [none] })), false);
  });
});

describe('the default sets', () => {
  it('are all but child protection plans and disability', () => {
    const off: readonly string[] = ['childProtectionPlan', 'disabled'];
    const on = Object.keys(inclusionSets).filter((set) => !off.includes(set));
    assert.deepEqual([...defaultInclusionSets].sort(), on.sort());
  });

  it('leave out a child with a child protection plan or a disability alone', () => {
    const rows = aPerson({ ssd_cp_plans: [aCpPlan()], ssd_disability: [aDisability()] });
    assert.equal(isInCohort(rows, window, defaultInclusionSets), false);
    assert.equal(isInCohort(rows, window, [...defaultInclusionSets, 'childProtectionPlan']), true);
    assert.equal(isInCohort(rows, window, [...defaultInclusionSets, 'disabled']), true);
  });

  it('leave out a child when only the name is known', () =>
    assert.equal(isInCohort(aPerson(), window, defaultInclusionSets), false));

  it('include no child when every set is off', () =>
    assert.equal(isInCohort(aPerson({ ssd_cin_episodes: [anEpisode()] }), window, []), false));
});

describe('the age gate', () => {
  const born = (pers_dob: PlainDate | null, pers_expected_dob: PlainDate | null = null) =>
    passesAgeGate(aPerson({ person: { pers_dob, pers_expected_dob } }));

  it('is three dates that bare columns are compared with', () => {
    assert.deepEqual(ageGateOf(window), {
      bornFrom: '1998-04-02',
      expectedFrom: '2024-04-01',
      before: '2026-08-13',
    });
  });
  it('keeps out who turned 26 on the window’s first day and lets in who did the day after', () => {
    assert.equal(born('1998-04-01'), false);
    assert.equal(born('1998-04-02'), true);
  });
  it('lets in a child born today or tomorrow, and no later', () => {
    assert.equal(born('2026-08-11'), true);
    assert.equal(born('2026-08-12'), true);
    assert.equal(born('2026-08-13'), false);
  });
  it('lets in an unborn child expected from the window’s first day to tomorrow', () => {
    assert.equal(born(null, '2024-03-31'), false);
    assert.equal(born(null, '2024-04-01'), true);
    assert.equal(born(null, '2026-08-12'), true);
    assert.equal(born(null, '2026-08-13'), false);
  });
  it('keeps out a person without any date', () => assert.equal(born(null), false));
  it('goes by the date of birth when both are known', () => {
    assert.equal(born('1990-01-01', '2025-01-01'), false);
    assert.equal(born('2012-01-01', '1995-01-01'), true);
  });
});

describe('the default cohort', () => {
  for (const day of ['2026-08-11', '2026-03-31', '2026-04-01', '2028-02-29'] as const) {
    it(`of ${day} is that of the synthetic children’s stories`, () => {
      const ssd = generateSsd({ children: 400, seed: 'cohort', today: day });
      const told = new Map([...ssd.truth()].map((truth) => [truth.personId, truth]));
      const wrong = personsIn(ssd.entries())
        .map((rows) => ({
          truth: told.get(rows.person.pers_person_id ?? ''),
          isIn: passesAgeGate(rows, day) && isInCohort(rows, windowOf(day), defaultInclusionSets),
        }))
        .filter(({ truth, isIn }) => truth?.inCohort !== isIn)
        .map(({ truth }) => truth?.persona);
      assert.deepEqual(wrong, []);
    });
  }
});
