import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { overlapping, within } from '../../shared/child/inTime.js';
import { windowOf } from '../../shared/child/window.js';
import { answersOfSets } from '../../shared/ssd/cohort.js';
import { rulesOn, theEpisode, today } from './aPayload.js';
import { aCareEpisode, aCinPlan, aCpPlan, anAssessment, anEpisode, aPerson, aPlacement } from './aPerson.js';

const anyDay = fc
  .integer({ min: 0, max: 365 * 60 })
  .map((days) => addToDate(plainDate('2010-01-01'), { days }));

describe('the window', () => {
  const windows: readonly (readonly [PlainDate, PlainDate, PlainDate, readonly PlainDate[]])[] = [
    ['2026-03-31', '2023-04-01', '2026-04-01', ['2024-03-31', '2025-03-31', '2026-03-31']],
    ['2026-04-01', '2024-04-01', '2026-04-02', ['2025-03-31', '2026-03-31']],
    ['2028-02-29', '2025-04-01', '2028-03-01', ['2026-03-31', '2027-03-31']],
    ['2025-12-31', '2023-04-01', '2026-01-01', ['2024-03-31', '2025-03-31']],
    ['2026-01-01', '2023-04-01', '2026-01-02', ['2024-03-31', '2025-03-31']],
    ['2026-03-29', '2023-04-01', '2026-03-30', ['2024-03-31', '2025-03-31']],
    ['2026-03-30', '2023-04-01', '2026-03-31', ['2024-03-31', '2025-03-31', '2026-03-31']],
    ['2026-08-11', '2024-04-01', '2026-08-12', ['2025-03-31', '2026-03-31']],
  ];
  for (const [today, start, end, censusDates] of windows) {
    it(`of ${today} runs from ${start} to ${end}, with ${censusDates.length} census days`, () => {
      const startsToo = { plansStart: start, placementsStart: start };
      assert.deepEqual(windowOf(today), { today, start, end, censusDates, ...startsToo });
    });
  }

  it('starts on a 1 April, 24 to 36 months back, and ends tomorrow', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const { start, end } = windowOf(today);
        assert.equal(start.slice(4), '-04-01');
        assert.ok(start <= addToDate(today, { months: -24 }));
        assert.ok(addToDate(start, { years: 1 }) > addToDate(today, { months: -24 }));
        assert.equal(end, addToDate(today, { days: 1 }));
      }),
    );
  });

  it('goes back by as many months as it is given, with every census day inside it', () => {
    assert.deepEqual(windowOf('2026-08-11', { months: 36 }), {
      today: '2026-08-11',
      start: '2023-04-01',
      end: '2026-08-12',
      censusDates: ['2024-03-31', '2025-03-31', '2026-03-31'],
      plansStart: '2023-04-01',
      placementsStart: '2023-04-01',
    });
    assert.equal(windowOf('2026-03-31', { months: 36 }).start, '2022-04-01');
    assert.equal(windowOf('2026-04-01', { months: 30 }).start, '2023-04-01');
    assert.deepEqual(windowOf('2026-08-11', { months: 24 }), windowOf('2026-08-11'));
  });

  it('counts every 31 March inside it and no other day, at any time of the year', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const window = windowOf(today);
        const inside: string[] = [];
        for (let day = window.start; day <= window.end; day = addToDate(day, { days: 1 })) {
          if (day.endsWith('-03-31')) inside.push(day);
        }
        assert.deepEqual(window.censusDates, inside);
      }),
      { numRuns: 25 },
    );
  });
});

describe('something overlaps the window', () => {
  const window = windowOf('2026-08-11');
  const spans: readonly (readonly [string, PlainDate | null, PlainDate | null, boolean])[] = [
    ['when it ends on the first day', '2020-01-01', '2024-04-01', true],
    ['but not when it ends the day before', '2020-01-01', '2024-03-31', false],
    ['when it began long ago and has no end', '2001-01-01', null, true],
    ['when it starts tomorrow', '2026-08-12', null, true],
    ['but not when it starts the day after tomorrow', '2026-08-13', null, false],
    ['when it lies across the whole of it', '2020-01-01', '2030-01-01', true],
    ['when it starts and ends on the first day', '2024-04-01', '2024-04-01', true],
    ['but not without a start', null, null, false],
    ['but not without a start, even with an end inside', null, '2025-01-01', false],
  ];
  for (const [what, from, to, expected] of spans) {
    it(what, () => assert.equal(overlapping(window, from, to) === 'yes', expected));
  }
});

describe('a day is within the window', () => {
  const window = windowOf('2026-08-11');
  const days: readonly (readonly [string, PlainDate | null, boolean])[] = [
    ['when it is the first day', '2024-04-01', true],
    ['but not the day before', '2024-03-31', false],
    ['when it is today', '2026-08-11', true],
    ['when it is tomorrow', '2026-08-12', true],
    ['but not the day after tomorrow', '2026-08-13', false],
    ['but not when it is unknown', null, false],
  ];
  for (const [what, day, expected] of days) {
    it(what, () => assert.equal(within(window, day) === 'yes', expected));
  }
});

describe('fewer months of plans or placements', () => {
  const window = windowOf(today, { months: 36, plans: 12, placements: 24 });
  const rules = { ...rulesOn(today), window };
  const days = (from: PlainDate, to: PlainDate) => ({ from, to });
  const oldest = days('2023-05-01', '2024-03-01');
  const older = days('2024-05-01', '2025-03-01');
  const recent = days('2025-05-01', '2026-03-01');
  const rows = aPerson({
    ssd_cin_episodes: [anEpisode({ cine_referral_date: '2023-04-10' })],
    ssd_cin_assessments: [anAssessment({ cina_assessment_start_date: oldest.from })],
    ssd_cin_plans: [oldest, older, recent].map(({ from, to }, index) =>
      aCinPlan({
        cinp_cin_plan_id: `N${String(index)}`,
        cinp_cin_plan_start_date: from,
        cinp_cin_plan_end_date: to,
      }),
    ),
    ssd_cp_plans: [oldest, older, recent].map(({ from, to }, index) =>
      aCpPlan({
        cppl_cp_plan_id: `P${String(index)}`,
        cppl_cp_plan_start_date: from,
        cppl_cp_plan_end_date: to,
      }),
    ),
    ssd_cla_episodes: [aCareEpisode({ clae_cla_placement_id: null })],
    ssd_cla_placement: [oldest, older, recent].map(({ from, to }, index) =>
      aPlacement({
        clap_cla_placement_id: `L${String(index)}`,
        clap_cla_placement_start_date: from,
        clap_cla_placement_end_date: to,
      }),
    ),
  });

  it('leave out what ended before them, and keep the rest of the window', () => {
    const episode = theEpisode(rows, rules);
    assert.equal(window.start, '2023-04-01');
    assert.equal(episode.child_and_family_assessments?.length, 1);
    assert.deepEqual(
      episode.child_in_need_plans?.map((plan) => plan.child_in_need_plan_id),
      ['N2'],
    );
    assert.deepEqual(
      episode.child_protection_plans?.map((plan) => plan.child_protection_plan_id),
      ['P2'],
    );
    assert.deepEqual(
      episode.child_looked_after_placements?.map((one) => one.child_looked_after_placement_id),
      ['L1', 'L2'],
    );
  });

  it('let no one into the cohort by what they leave out', () => {
    const inSets = answersOfSets({ ...rows, ssd_cin_plans: rows.ssd_cin_plans.slice(0, 2) }, window);
    assert.equal(inSets.get('childInNeedPlan'), 'no');
    assert.equal(answersOfSets(rows, window).get('childInNeedPlan'), 'yes');
  });
});
