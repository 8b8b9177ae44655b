import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, off, rows } from './anOrdinaryRun.js';

describe('the guard against an SSD that changes while it is read', () => {
  test('pauses the run when any table has gained or lost a row, and names the tables that have', () => {
    const text = explanation('ssdChanging', {
      rowsAtEnd: { ...rows, ssd_person: 999, ssd_cin_episodes: 801 },
      rowsBefore: undefined,
    });
    assert.match(text, /ssd_person from 1000 to 999 rows \(-0\.1 %\)/);
    assert.match(text, /ssd_cin_episodes from 800 to 801 rows \(\+0\.1 %\)/);
    assert.doesNotMatch(text, /ssd_care_leavers/);
  });

  test('pauses the run when there are as many rows, and the ids that were read are others', () => {
    assert.match(
      explanation('ssdChanging', { idsAsAtBegin: false }, off),
      /the ids in ssd_person, or on a list of children, are not the same/,
    );
  });

  test('pauses the run when an empty table is filled, when a table goes, and when one appears', () => {
    const filled = { rowsAtBegin: { ...rows, ssd_person: 0 } };
    assert.match(explanation('ssdChanging', filled, off), /ssd_person from 0 to 1000 rows\./);
    assert.match(
      explanation('ssdChanging', { rowsAtBegin: { ...rows, ssd_address: 3 } }),
      /ssd_address from 3 to 0 rows/,
    );
    assert.match(
      explanation('ssdChanging', { rowsAtEnd: { ...rows, ssd_address: 3 } }),
      /ssd_address from 0 to 3 rows/,
    );
  });
});
