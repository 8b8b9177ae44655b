import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { categoryNames } from '../../shared/child/categories.js';
import { settingsSchema } from '../../shared/settings/settings.js';
import { inclusionSetsBy, leftOutBy, leftOutIn, termsOf, whyNotAgreed } from '../../shared/settings/terms.js';
import { agreedTerms, inventedTerms } from './someTerms.js';

const today = '2026-08-11';
const schema = settingsSchema.pick({
  AGREEMENT_REFERENCE: true,
  AGREEMENT_DATE: true,
  AGREEMENT_CATEGORIES: true,
  AGREEMENT_WINDOW_MONTHS: true,
  AGREEMENT_RECEIVERS: true,
  CATEGORIES_LEFT_OUT: true,
  SSD_SYNTHETIC: true,
  DFE_RECEIVER: true,
  COHORT_WINDOW_MONTHS: true,
  COHORT_PLANS_MONTHS: true,
  COHORT_PLACEMENTS_MONTHS: true,
  COHORT_INCLUSION_SETS: true,
  CARE_WORKER_GATES: true,
});
const signed = {
  DFE_RECEIVER: 'live',
  AGREEMENT_REFERENCE: 'DSA-2026-014',
  AGREEMENT_DATE: '2026-07-01',
  AGREEMENT_CATEGORIES: 'all',
  AGREEMENT_WINDOW_MONTHS: '24',
  AGREEMENT_RECEIVERS: 'test,live',
};
const read = (given: Readonly<Record<string, string | undefined>>) => schema.parse({ ...signed, ...given });
const whyNot = (given: Readonly<Record<string, string | undefined>>) =>
  whyNotAgreed(termsOf(read(given)), today);

describe('without a signed agreement', () => {
  it('nothing about a real child may leave, whichever of its settings is missing', () => {
    assert.equal(whyNot({}), undefined);
    for (const setting of Object.keys(signed).filter((name) => name.startsWith('AGREEMENT_'))) {
      assert.match(whyNot({ [setting]: undefined }) ?? '', new RegExp(`${setting} is not given`));
    }
  });

  it('invented children may be sent', () => {
    assert.equal(whyNotAgreed(inventedTerms, today), undefined);
  });

  it('nothing may leave before its date, to a receiver it does not cover, or from a longer time than it covers', () => {
    assert.match(whyNot({ AGREEMENT_DATE: '2026-08-12' }) ?? '', /dated 2026-08-12/);
    assert.equal(whyNot({ AGREEMENT_DATE: today }), undefined);
    assert.match(whyNot({ AGREEMENT_RECEIVERS: 'test' }) ?? '', /does not cover the live receiver/);
    assert.equal(whyNot({ AGREEMENT_RECEIVERS: 'test', DFE_RECEIVER: 'test' }), undefined);
    assert.match(whyNot({ COHORT_WINDOW_MONTHS: '36' }) ?? '', /24 months.*36/);
    assert.equal(whyNotAgreed({ ...agreedTerms, window: { months: 36 } }, today), undefined);
  });
});

describe('the categories that are left out', () => {
  it('are those that the agreement does not cover, and those that the council names', () => {
    assert.deepEqual(leftOutBy(read({})), []);
    assert.deepEqual(leftOutBy(read({ AGREEMENT_CATEGORIES: undefined })), []);
    assert.deepEqual(
      leftOutBy(read({ AGREEMENT_CATEGORIES: categoryNames.filter((name) => name !== 'sdq').join(', ') })),
      ['sdq'],
    );
    assert.deepEqual(leftOutBy(read({ CATEGORIES_LEFT_OUT: 'adoption, careWorkers' })), [
      'adoption',
      'careWorkers',
    ]);
  });

  it('have the factors with the assessments', () => {
    assert.deepEqual(leftOutBy(read({ CATEGORIES_LEFT_OUT: 'assessments' })), [
      'assessments',
      'assessmentFactors',
    ]);
  });

  it('have the care workers with the child in need plans while their gate would show who has a plan', () => {
    const settings = { CATEGORIES_LEFT_OUT: 'childInNeedPlans' };
    assert.deepEqual(leftOutBy(read(settings)), ['childInNeedPlans', 'careWorkers']);
    assert.deepEqual(leftOutBy(read({ ...settings, CARE_WORKER_GATES: 'role' })), ['childInNeedPlans']);
    assert.deepEqual(leftOutIn(settings), ['childInNeedPlans', 'careWorkers']);
  });

  it('take the inclusion sets with them that rest on them', () => {
    const on = (leftOut: string) => inclusionSetsBy(read({ CATEGORIES_LEFT_OUT: leftOut }));
    assert.deepEqual(on('none'), [
      'referral',
      'openReferralWithoutAssessment',
      'childInNeedPlan',
      'lookedAfter',
      'careLeaver',
    ]);
    assert.deepEqual(on('placements,careLeavers'), [
      'referral',
      'openReferralWithoutAssessment',
      'childInNeedPlan',
    ]);
    assert.deepEqual(on('assessments,childInNeedPlans,placements,careLeavers'), ['referral']);
  });

  it('are known where another setting is wrong, and none where these are', () => {
    assert.deepEqual(leftOutIn({ CATEGORIES_LEFT_OUT: 'sdq', LA_CODE: 'wrong' }), ['sdq']);
    assert.deepEqual(leftOutIn({ CATEGORIES_LEFT_OUT: 'names' }), []);
  });

  it('must be names of categories, and the reference one that may be shown', () => {
    for (const wrong of [
      { CATEGORIES_LEFT_OUT: 'sdq,names' },
      { AGREEMENT_CATEGORIES: 'none' },
      { AGREEMENT_REFERENCE: 'the "agreement"' },
      { AGREEMENT_DATE: '1 July 2026' },
      { AGREEMENT_RECEIVERS: 'both' },
    ]) {
      assert.equal(schema.safeParse({ ...signed, ...wrong }).success, false, JSON.stringify(wrong));
    }
  });
});
