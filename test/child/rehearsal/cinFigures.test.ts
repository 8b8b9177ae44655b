import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Child, Episode } from '../../../shared/child/payload.js';
import { aChild, anEpisode, counted } from './aChild.js';

const childWith = (...episodes: Partial<Episode>[]): Child => aChild(episodes.map(anEpisode));
const isNfa = { referral_no_further_action_flag: true };

/** A figure, what a child has, and how much of the figure that is on 31 March 2026. */
const cases: readonly (readonly [code: string, what: string, child: Child, expected: number])[] = [
  ['in-need', 'two open referrals', childWith({}, { social_care_episode_id: 'R2' }), 1],
  ['in-need', 'a referral on the day', childWith({ referral_date: '2026-03-31' }), 1],
  ['in-need', 'a referral on the next day', childWith({ referral_date: '2026-04-01' }), 0],
  ['in-need', 'a closure on the next day', childWith({ closure_date: '2026-04-01' }), 1],
  ['in-need', 'a closure on the day', childWith({ closure_date: '2026-03-31' }), 0],
  ['in-need', 'no further action', childWith(isNfa), 0],
  ['in-need', 'a referral without a date', childWith({ referral_date: undefined }), 0],
  ['referrals', 'one on the first day of the year', childWith({ referral_date: '2025-04-01' }), 1],
  ['referrals', 'one on the last day of the year before', childWith({ referral_date: '2025-03-31' }), 0],
  [
    'referrals',
    'two in the year, one of no further action',
    childWith({ referral_date: '2025-05-01', ...isNfa }, { referral_date: '2025-06-01' }),
    2,
  ],
  ['referrals-no-action', 'one', childWith({ referral_date: '2025-05-01', ...isNfa }), 1],
  ['referrals-no-action', 'one without the flag', childWith({ referral_date: '2025-05-01' }), 0],
  ['need-started', 'a referral in the year', childWith({ referral_date: '2025-05-01' }), 1],
  ['need-started', 'no further action', childWith({ referral_date: '2025-05-01', ...isNfa }), 0],
  ['need-ended', 'a closure in the year', childWith({ closure_date: '2026-03-31' }), 1],
  ['need-ended', 'no further action', childWith({ closure_date: '2026-03-31', ...isNfa }), 0],
  ['need-ended', 'an open referral', childWith({}), 0],
  ['assessments', 'one authorised in the year', withAssessment({ authorisation_date: '2025-07-01' }), 1],
  ['assessments', 'one started in the year', withAssessment({ start_date: '2025-07-01' }), 0],
  ['section-47', 'one started in the year', withEnquiry({ start_date: '2025-07-01' }), 1],
  ['section-47', 'one ended in the year', withEnquiry({ end_date: '2025-07-01' }), 0],
  ['initial-conferences', 'one in the year', withEnquiry({ icpc_date: '2025-07-01' }), 1],
  ['initial-conferences', 'an enquiry without one', withEnquiry({ start_date: '2025-07-01' }), 0],
  [
    'cin-plans',
    'two open plans',
    withCinPlans({ start_date: '2025-01-01' }, { start_date: '2025-02-01' }),
    1,
  ],
  ['cin-plans', 'a plan that ends on the day', withCinPlans(period('2025-01-01', '2026-03-31')), 0],
  ['cp-plans', 'an open plan', withCpPlans({ start_date: '2025-01-01' }), 1],
  ['cp-plans', 'a plan that has ended', withCpPlans(period('2025-01-01', '2025-05-01')), 0],
  ['cp-plans-started', 'two', withCpPlans({ start_date: '2025-05-01' }, { start_date: '2026-01-01' }), 2],
  ['cp-plans-started', 'one of the year before', withCpPlans({ start_date: '2025-03-31' }), 0],
  ['cp-plans-ended', 'one', withCpPlans(period('2024-01-01', '2025-05-01')), 1],
  ['cp-plans-ended', 'an open one', withCpPlans({ start_date: '2025-05-01' }), 0],
];

interface Dates {
  readonly start_date?: string;
  readonly end_date?: string;
}

function period(start: string, end: string): Dates {
  return { start_date: start, end_date: end };
}

function withAssessment(dates: Dates & { readonly authorisation_date?: string }): Child {
  return childWith({
    child_and_family_assessments: [{ child_and_family_assessment_id: 'A1', ...dates, purge: false }],
  });
}

function withEnquiry(dates: Dates & { readonly icpc_date?: string }): Child {
  return childWith({ section_47_assessments: [{ section_47_assessment_id: 'S1', ...dates, purge: false }] });
}

function withCinPlans(...plans: readonly Dates[]): Child {
  return childWith({
    child_in_need_plans: plans.map((dates, index) => ({
      child_in_need_plan_id: `N${index}`,
      ...dates,
      purge: false,
    })),
  });
}

function withCpPlans(...plans: readonly Dates[]): Child {
  return childWith({
    child_protection_plans: plans.map((dates, index) => ({
      child_protection_plan_id: `C${index}`,
      ...dates,
      purge: false,
    })),
  });
}

describe('the figures of the children in need census', () => {
  for (const [code, what, child, expected] of cases) {
    test(`${code} counts ${expected} for a child with ${what}`, () => {
      assert.equal(counted(code, child), expected);
    });
  }

  test('count a past day by what was open then', () => {
    const child = childWith({ referral_date: '2024-06-01', closure_date: '2025-06-01' });
    assert.equal(counted('in-need', child, '2025-05-31'), 1);
    assert.equal(counted('in-need', child), 0);
  });
});
