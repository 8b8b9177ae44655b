import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, objections, off } from './aQuietNight.js';

describe('the guard against an empty cohort', () => {
  test('objects while DfE holds children, whatever the limits', () => {
    const facts = { cohort: 0, leavers: 0 };
    assert.match(explanation('emptyCohort', facts, off), /no child of the cohort, while DfE holds 1000/);
  });

  test('lets a cohort of one child go', () => {
    assert.deepEqual(objections({ cohort: 1 }), []);
  });

  test('lets an authority begin that has none yet', () => {
    assert.deepEqual(objections({ cohort: 0, leavers: 0, acknowledged: 0 }), []);
  });
});
