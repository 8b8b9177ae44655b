import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GuardFacts } from '../../shared/guards/guard.js';
import {
  anOrdinaryRun,
  allIds,
  explanation,
  guardsThatPause,
  limits,
  objections,
  off,
} from './anOrdinaryRun.js';

describe('the guard against a change of most ids', () => {
  const churned = (held: number, gone: number, come = gone): Partial<GuardFacts> => ({
    idChurn: { ...anOrdinaryRun.idChurn, placements: { held, gone, new: come } },
  });

  test('allows the share of ids to go that is set, and no more, and says how many are new', () => {
    assert.deepEqual(objections(churned(200, 40)), []);
    const text = explanation('idChurn', churned(200, 41, 39));
    assert.match(text, /the 20 % that the setting MAX_ID_CHURN_PERCENT allows/);
    assert.match(text, /: 41 of 200 ids of placements \(20\.5 %\) are gone, and there are 39 new ones\./);
    assert.doesNotMatch(text, /ids of social care episodes/);
  });

  test('does not check a kind of which DfE holds twenty or fewer', () => {
    assert.deepEqual(objections(churned(20, 20)), []);
    assert.deepEqual(guardsThatPause(churned(21, 21)), ['idChurn']);
  });

  test('is switched off by 100, and with 0 pauses the run at the first id', () => {
    assert.deepEqual(objections(churned(200, 200), off), []);
    const none = { ...limits, maxIdChurnPercent: 0 };
    const gone = (ids: number) => ({ idChurn: allIds({ held: 200, gone: ids, new: 9 }) });
    assert.deepEqual(guardsThatPause(gone(1), none), ['idChurn']);
    assert.deepEqual(guardsThatPause(gone(0), none), []);
  });

  test('names each kind that has changed', () => {
    const text = explanation('idChurn', { idChurn: allIds({ held: 100, gone: 90, new: 88 }) });
    assert.equal(text.match(/90 of 100 ids of [a-z0-9 ]+ \(90\.0 %\) are gone/g)?.length, 6);
  });
});
