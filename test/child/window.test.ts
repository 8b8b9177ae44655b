import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addToDate, plainDate, type PlainDate } from '../../shared/child/dates.js';
import { overlapping, within } from '../../shared/child/inTime.js';
import { windowOf } from '../../shared/child/window.js';

const anyDay = fc
  .integer({ min: 0, max: 365 * 60 })
  .map((days) => addToDate(plainDate('2010-01-01'), { days }));

describe('the window', () => {
  const windows: readonly (readonly [PlainDate, PlainDate, PlainDate, readonly PlainDate[]])[] = [
    ['2026-03-31', '2023-04-01', '2026-04-01', ['2024-03-31', '2025-03-31', '2026-03-31']],
    ['2026-04-01', '2024-04-01', '2026-04-02', ['2025-03-31', '2026-03-31']],
    ['2028-02-29', '2025-04-01', '2028-03-01', ['2026-03-31', '2027-03-31']],
    ['2025-12-31', '2023-04-01', '2026-01-01', ['2024-03-31', '2025-03-31']],
    ['2026-01-01', '2023-04-01', '2026-01-02', ['2024-03-31', '2025-03-31']],
    ['2026-03-29', '2023-04-01', '2026-03-30', ['2024-03-31', '2025-03-31']],
    ['2026-03-30', '2023-04-01', '2026-03-31', ['2024-03-31', '2025-03-31', '2026-03-31']],
    ['2026-08-11', '2024-04-01', '2026-08-12', ['2025-03-31', '2026-03-31']],
  ];
  for (const [today, start, end, censusDates] of windows) {
    it(`of ${today} runs from ${start} to ${end}, with ${censusDates.length} census days`, () => {
      assert.deepEqual(windowOf(today), { today, start, end, censusDates });
    });
  }

  it('starts on a 1 April, 24 to 36 months back, and ends tomorrow', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const { start, end } = windowOf(today);
        assert.equal(start.slice(4), '-04-01');
        assert.ok(start <= addToDate(today, { months: -24 }));
        assert.ok(addToDate(start, { years: 1 }) > addToDate(today, { months: -24 }));
        assert.equal(end, addToDate(today, { days: 1 }));
      }),
    );
  });

  it('goes back by as many months as it is given, with every census day inside it', () => {
    assert.deepEqual(windowOf('2026-08-11', 36), {
      today: '2026-08-11',
      start: '2023-04-01',
      end: '2026-08-12',
      censusDates: ['2024-03-31', '2025-03-31', '2026-03-31'],
    });
    assert.equal(windowOf('2026-03-31', 36).start, '2022-04-01');
    assert.equal(windowOf('2026-04-01', 30).start, '2023-04-01');
    assert.deepEqual(windowOf('2026-08-11', 24), windowOf('2026-08-11'));
  });

  it('counts every 31 March inside it and no other day, at any time of the year', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const window = windowOf(today);
        const inside: string[] = [];
        for (let day = window.start; day <= window.end; day = addToDate(day, { days: 1 })) {
          if (day.endsWith('-03-31')) inside.push(day);
        }
        assert.deepEqual(window.censusDates, inside);
      }),
      { numRuns: 25 },
    );
  });
});

describe('something overlaps the window', () => {
  const window = windowOf('2026-08-11');
  const spans: readonly (readonly [string, PlainDate | null, PlainDate | null, boolean])[] = [
    ['when it ends on the first day', '2020-01-01', '2024-04-01', true],
    ['but not when it ends the day before', '2020-01-01', '2024-03-31', false],
    ['when it began long ago and has no end', '2001-01-01', null, true],
    ['when it starts tomorrow', '2026-08-12', null, true],
    ['but not when it starts the day after tomorrow', '2026-08-13', null, false],
    ['when it lies across the whole of it', '2020-01-01', '2030-01-01', true],
    ['when it starts and ends on the first day', '2024-04-01', '2024-04-01', true],
    ['but not without a start', null, null, false],
    ['but not without a start, even with an end inside', null, '2025-01-01', false],
  ];
  for (const [what, from, to, expected] of spans) {
    it(what, () => assert.equal(overlapping(window, from, to) === 'yes', expected));
  }
});

describe('a day is within the window', () => {
  const window = windowOf('2026-08-11');
  const days: readonly (readonly [string, PlainDate | null, boolean])[] = [
    ['when it is the first day', '2024-04-01', true],
    ['but not the day before', '2024-03-31', false],
    ['when it is today', '2026-08-11', true],
    ['when it is tomorrow', '2026-08-12', true],
    ['but not the day after tomorrow', '2026-08-13', false],
    ['but not when it is unknown', null, false],
  ];
  for (const [what, day, expected] of days) {
    it(what, () => assert.equal(within(window, day) === 'yes', expected));
  }
});
