import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import bankHolidays from '../../../shared/child/rules/bankHolidays.json';
import { plainDate } from '../../../shared/child/dates.js';
import { newestCodeLists } from '../../../shared/child/codes/codeLists.js';
import {
  birthday,
  censusDays,
  daysBetween,
  isWeekend,
  workingDaysBefore,
} from '../../../shared/child/rules/censusDays.js';

describe('working days', () => {
  it('leave out weekends and the bank holidays of England, with those that were proclaimed or moved', () => {
    assert.equal(workingDaysBefore('2026-11-30', 1), '2026-11-27');
    // Good Friday and Easter Monday.
    assert.equal(workingDaysBefore('2026-04-07', 1), '2026-04-02');
    // Boxing Day was a Saturday: Monday is its substitute.
    assert.equal(workingDaysBefore('2026-12-29', 3), '2026-12-22');
    // The jubilee, and the holiday that was moved to it.
    assert.equal(workingDaysBefore('2022-06-06', 1), '2022-06-01');
    assert.equal(workingDaysBefore('2023-05-09', 2), '2023-05-04');
  });

  it('are known for years after the newest code lists', () => {
    const lastYear = Number(newestCodeLists.collectionYear.slice(0, 4)) + 3;
    for (let year = 2021; year <= lastYear; year += 1) {
      const ofYear = bankHolidays.days.filter((day) => day.startsWith(`${String(year)}-`));
      assert.ok(ofYear.length >= 8, `add the bank holidays of ${String(year)}`);
      assert.ok(!ofYear.some((day) => isWeekend(plainDate(day))));
    }
  });
});

describe('the days that the rules judge by', () => {
  it('are those of the collection year that the run is in', () => {
    const { year, yearStart, yearEnd, schoolDay, schoolDayBefore } = censusDays('2026-08-11');
    assert.deepEqual(
      [year, yearStart, yearEnd, schoolDay, schoolDayBefore],
      ['2026-27', '2026-04-01', '2027-03-31', '2026-08-31', '2025-08-31'],
    );
    assert.deepEqual([censusDays('2027-03-31').year, censusDays('2027-04-01').year], ['2026-27', '2027-28']);
  });
});

describe('a birthday', () => {
  it('of 29 February is on the 28th where there is no 29th', () => {
    assert.equal(birthday('2012-02-29', 4), '2016-02-29');
    assert.equal(birthday('2012-02-29', 18), '2030-02-28');
    assert.equal(birthday('2096-02-29', 4), '2100-02-28');
    assert.equal(birthday('2011-02-28', 1), '2012-02-28');
  });

  it('stays in the calendar at its ends', () => {
    assert.equal(birthday('0001-01-01', 18), '0019-01-01');
    assert.equal(birthday('9999-12-31', 18), '9999-12-31');
    assert.equal(daysBetween('2024-02-28', '2024-03-01'), 2);
  });
});
