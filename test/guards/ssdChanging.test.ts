import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explanation, off, rows } from './aQuietNight.js';

describe('the guard against an SSD that changes while it is read', () => {
  test('objects when any table has gained or lost a row, and names the tables that have', () => {
    const text = explanation('ssdChanging', {
      rowsAtEnd: { ...rows, ssd_person: 999, ssd_cin_episodes: 801 },
      rowsBefore: undefined,
    });
    assert.match(text, /ssd_person from 1000 to 999 rows \(-0\.1 %\)/);
    assert.match(text, /ssd_cin_episodes from 800 to 801 rows \(\+0\.1 %\)/);
    assert.doesNotMatch(text, /ssd_care_leavers/);
  });

  test('objects when the rows are as many, and the ids that were read are other ones', () => {
    assert.match(explanation('ssdChanging', { idsAsAtBegin: false }, off), /other ids are in ssd_person/);
  });

  test('objects when a table is filled that was empty, when one goes, and when one comes', () => {
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
