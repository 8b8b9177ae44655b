import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GuardFacts } from '../../shared/guards/guard.js';
import { explanation, guardsThatPause, limits, objections, off, rows } from './anOrdinaryRun.js';

describe('the guard against an SSD that has shrunk', () => {
  const fallen = (before: number, after: number): Partial<GuardFacts> => ({
    rowsBefore: { ...rows, ssd_address: before },
    rowsAtBegin: { ...rows, ssd_address: after },
    rowsAtEnd: { ...rows, ssd_address: after },
  });

  test('allows a table to lose the share of its rows that is set, and no more', () => {
    assert.deepEqual(objections(fallen(1000, 700)), []);
    const text = explanation('ssdShrunk', fallen(1000, 699));
    assert.match(
      text,
      /the 30 % that the setting MAX_TABLE_FALL_PERCENT allows: ssd_address from 1000 to 699 rows \(-30\.1 %\)/,
    );
    assert.doesNotMatch(text, /ssd_person/);
  });

  test('allows a table to lose twenty rows, however small it is', () => {
    const none = { ...limits, maxTableFallPercent: 0 };
    assert.deepEqual(objections(fallen(22, 2), none), []);
    assert.deepEqual(guardsThatPause(fallen(1000, 979), none), ['ssdShrunk']);
    assert.deepEqual(guardsThatPause(fallen(22, 1)), ['ssdShrunk']);
  });

  test('pauses the run when a table of more than five rows is emptied or has gone, whatever the limit', () => {
    assert.deepEqual(objections(fallen(5, 0)), []);
    assert.deepEqual(guardsThatPause(fallen(6, 0), off), ['ssdShrunk']);
    assert.deepEqual(guardsThatPause({ rowsBefore: { ...rows, ssd_address: 6 } }, off), ['ssdShrunk']);
  });

  test('is otherwise switched off by 100, and allows a table to grow or appear', () => {
    assert.deepEqual(objections(fallen(1000, 1), off), []);
    assert.deepEqual(objections(fallen(10, 1000)), []);
    assert.deepEqual(objections({ rowsBefore: {} }), []);
  });
});
