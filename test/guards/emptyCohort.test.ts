import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, objections, off } from './anOrdinaryRun.js';

describe('the guard against an empty cohort', () => {
  test('pauses the run while DfE holds children, whatever the limits', () => {
    const facts = { cohort: 0, leavers: 0 };
    assert.match(explanation('emptyCohort', facts, off), /no child of the cohort, while DfE holds 1000/);
  });

  test('does not pause a cohort of one child', () => {
    assert.deepEqual(objections({ cohort: 1 }), []);
  });

  test('does not pause the run of an authority that has no children yet', () => {
    assert.deepEqual(objections({ cohort: 0, leavers: 0, acknowledged: 0 }), []);
  });
});
