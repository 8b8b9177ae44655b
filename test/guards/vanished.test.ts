import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, guardsThatPause, off } from './anOrdinaryRun.js';

describe('the guard against an attribute that has gone', () => {
  test('pauses the run when nothing is left of a whole class that DfE holds, and names the class', () => {
    const text = explanation(
      'vanished',
      { vanished: { 'social_care_episodes.child_in_need_plans': 6 } },
      off,
    );
    assert.match(
      text,
      /no child has any of them in the SSD now: child in need plans \(social_care_episodes\.child_in_need_plans, 6 children\)\./,
    );
    assert.match(text, /This run would ask DfE to remove all of them/);
  });

  test('allows five of a class to go, and twenty of an attribute', () => {
    const plans = 'social_care_episodes.child_in_need_plans';
    assert.deepEqual(guardsThatPause({ vanished: { [plans]: 5 } }), []);
    assert.deepEqual(guardsThatPause({ vanished: { 'child_details.sex': 20 } }), []);
    assert.deepEqual(guardsThatPause({ vanished: { 'child_details.sex': 21 } }), ['vanished']);
  });

  test('names a class that is gone, and not each attribute in it', () => {
    const plans = 'social_care_episodes.child_in_need_plans';
    const text = explanation('vanished', { vanished: { [plans]: 90, [`${plans}.end_date`]: 80 } });
    assert.doesNotMatch(text, /end_date/);
  });
});
