import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, guardsThatPause, limits, objections, off } from './anOrdinaryRun.js';

describe('the guard against leavers', () => {
  test('allows the share of leavers that is set, and no more', () => {
    assert.deepEqual(objections({ leavers: 50 }), []);
    assert.match(
      explanation('leavers', { leavers: 51 }),
      /51 of 1000 children that DfE holds \(5\.1 %\) have left the cohort, more than the 5 % that the setting MAX_LEAVERS_PERCENT allows/,
    );
  });

  test('allows a few to leave a small authority, unless none may leave at all', () => {
    assert.deepEqual(objections({ leavers: 5, acknowledged: 10 }), []);
    assert.deepEqual(guardsThatPause({ leavers: 6, acknowledged: 10 }), ['leavers']);
    const none = { ...limits, maxLeaversPercent: 0 };
    assert.deepEqual(guardsThatPause({ leavers: 1 }, none), ['leavers']);
    assert.deepEqual(objections({ leavers: 0 }, none), []);
  });

  test('is switched off by 100', () => {
    assert.deepEqual(objections({ leavers: 1000 }, off), []);
  });
});
