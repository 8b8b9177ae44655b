import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, guardsThatObject, off } from './aQuietNight.js';

describe('the guard against an attribute that has gone', () => {
  test('objects when nothing is left of a whole class that DfE holds, in words', () => {
    const text = explanation(
      'vanished',
      { vanished: { 'social_care_episodes.child_in_need_plans': 6 } },
      off,
    );
    assert.match(
      text,
      /no child has any of them in the SSD now: child in need plans \(social_care_episodes\.child_in_need_plans, 6 children\)\./,
    );
    assert.match(text, /DfE would be told to remove all of them/);
  });

  test('lets a handful of a class go, and twenty of an attribute', () => {
    const plans = 'social_care_episodes.child_in_need_plans';
    assert.deepEqual(guardsThatObject({ vanished: { [plans]: 5 } }), []);
    assert.deepEqual(guardsThatObject({ vanished: { 'child_details.sex': 20 } }), []);
    assert.deepEqual(guardsThatObject({ vanished: { 'child_details.sex': 21 } }), ['vanished']);
  });

  test('names a class that is gone, and not each attribute in it', () => {
    const plans = 'social_care_episodes.child_in_need_plans';
    const text = explanation('vanished', { vanished: { [plans]: 90, [`${plans}.end_date`]: 80 } });
    assert.doesNotMatch(text, /end_date/);
  });
});
