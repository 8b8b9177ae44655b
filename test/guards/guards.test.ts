import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { howToGoOn } from '../../shared/records/runStatus.js';
import type { GuardFacts } from '../../shared/guards/guard.js';
import { allIds, explanation, guardsThatPause, objections, receiver, strict, rows } from './anOrdinaryRun.js';

describe('the guards', () => {
  test('do not pause an ordinary run', () => {
    assert.deepEqual(objections({}), []);
  });

  test('do not pause the very first run, before which nothing is known', () => {
    const first = {
      leavers: 0,
      acknowledged: 0,
      rowsBefore: undefined,
      windowStartBefore: undefined,
      receiverBefore: undefined,
      idChurn: allIds({ held: 0, gone: 0, new: 0 }),
    };
    assert.deepEqual(objections(first, strict), []);
  });

  test('all give their reasons, not only the first', () => {
    const facts: Partial<GuardFacts> = {
      cohort: 0,
      leavers: 1000,
      rowsAtEnd: {},
      idChurn: allIds({ held: 1000, gone: 1000, new: 0 }),
      receiverBefore: { ...receiver, receiver: 'test' },
    };
    assert.deepEqual(guardsThatPause(facts), [
      'emptyCohort',
      'leavers',
      'ssdChanging',
      'ssdShrunk',
      'idChurn',
      'otherReceiver',
    ]);
  });

  test('say what to do in one text for all, with the address of the approval', () => {
    const advice = howToGoOn('20260811T020000000Z-abcdef');
    assert.match(advice, /nothing has left the authority/);
    assert.match(advice, /POST \/api\/runs\/20260811T020000000Z-abcdef\/approval/);
    for (const { explanation: text } of objections({ cohort: 0, leavers: 1000 })) {
      assert.doesNotMatch(text, /approval|left the authority/);
    }
  });
});

describe('a window that has moved', () => {
  const april = { windowStart: '2025-04-01' };
  const moved = /first day was 2024-04-01 and is now 2025-04-01\..* expect figures like these/;

  test('is named as the likely reason for leavers and for ids that are gone', () => {
    assert.match(explanation('leavers', { ...april, leavers: 300 }), moved);
    const idChurn = allIds({ held: 900, gone: 400, new: 1 });
    assert.match(explanation('idChurn', { ...april, idChurn }), moved);
  });

  test('is not named when it has not moved, without a run before, or when it has moved back', () => {
    assert.doesNotMatch(explanation('leavers', { leavers: 300 }), /window/);
    for (const windowStartBefore of [undefined, april.windowStart]) {
      assert.doesNotMatch(explanation('leavers', { leavers: 300, windowStartBefore }), /window/);
    }
  });

  test('does not pause a run by itself, and does not explain rows that are gone', () => {
    assert.deepEqual(objections(april), []);
    const text = explanation('ssdShrunk', { ...april, rowsBefore: { ...rows, ssd_person: 5000 } });
    assert.doesNotMatch(text, /window/);
  });
});
