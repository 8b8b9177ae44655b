import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GuardFacts } from '../../shared/guards/guard.js';
import {
  aQuietNight,
  allIds,
  explanation,
  guardsThatObject,
  limits,
  objections,
  off,
} from './aQuietNight.js';

describe('the guard against a change of most ids', () => {
  const churned = (held: number, gone: number, come = gone): Partial<GuardFacts> => ({
    idChurn: { ...aQuietNight.idChurn, placements: { held, gone, new: come } },
  });

  test('lets the asked-for share of ids go, and no more, and tells how many have come instead', () => {
    assert.deepEqual(objections(churned(200, 40)), []);
    const text = explanation('idChurn', churned(200, 41, 39));
    assert.match(text, /the 20 % that the setting MAX_ID_CHURN_PERCENT allows/);
    assert.match(
      text,
      /: 41 of 200 ids of placements \(20\.5 %\) are gone, and 39 new ones have come instead\./,
    );
    assert.doesNotMatch(text, /ids of social care episodes/);
  });

  test('passes over a kind of which DfE holds twenty or fewer', () => {
    assert.deepEqual(objections(churned(20, 20)), []);
    assert.deepEqual(guardsThatObject(churned(21, 21)), ['idChurn']);
  });

  test('is switched off by 100, and with 0 objects to the first id', () => {
    assert.deepEqual(objections(churned(200, 200), off), []);
    const none = { ...limits, maxIdChurnPercent: 0 };
    const gone = (ids: number) => ({ idChurn: allIds({ held: 200, gone: ids, new: 9 }) });
    assert.deepEqual(guardsThatObject(gone(1), none), ['idChurn']);
    assert.deepEqual(guardsThatObject(gone(0), none), []);
  });

  test('tells of each kind that has changed', () => {
    const text = explanation('idChurn', { idChurn: allIds({ held: 100, gone: 90, new: 88 }) });
    assert.equal(text.match(/90 of 100 ids of [a-z0-9 ]+ \(90\.0 %\) are gone/g)?.length, 6);
  });
});
