import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addToDate, isPlainDate, londonDate, plainDate } from '../../shared/child/dates.js';

describe('the date in London', () => {
  const instants = [
    ['is the UTC date in winter, to the last millisecond', '2026-01-15T23:59:59.999Z', '2026-01-15'],
    ['changes at midnight UTC in winter', '2026-01-16T00:00:00Z', '2026-01-16'],
    ['is still yesterday just before 23:00 UTC in summer', '2026-07-15T22:59:59.999Z', '2026-07-15'],
    ['changes at 23:00 UTC in summer', '2026-07-15T23:00:00Z', '2026-07-16'],
    ['changes at midnight UTC on the day the clocks go forward', '2026-03-29T00:00:00Z', '2026-03-29'],
    ['changes at 23:00 UTC on the evening of that day', '2026-03-29T23:00:00Z', '2026-03-30'],
    ['changes at 23:00 UTC before the clocks go back', '2026-10-24T23:00:00Z', '2026-10-25'],
    ['changes at midnight UTC after the clocks went back', '2026-10-25T23:30:00Z', '2026-10-25'],
    ['enters the new year with UTC', '2026-12-31T23:59:59Z', '2026-12-31'],
  ] as const;
  for (const [what, instant, date] of instants) {
    it(what, () => assert.equal(londonDate(new Date(instant)), date));
  }
});

describe('a plain date', () => {
  for (const text of ['2024-02-29', '2026-12-31', '0001-01-01']) {
    it(`is ${text}`, () => {
      assert.ok(isPlainDate(text));
      assert.equal(plainDate(text), text);
    });
  }
  for (const text of [
    '2023-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '2026-01-01T00:00:00',
    ' 2026-01-01',
    '01/02/2026',
    '',
  ]) {
    it(`is not "${text}"`, () => assert.equal(isPlainDate(text), false));
  }

  it('that is wrong is refused with an error that does not repeat it', () => {
    assert.throws(
      () => plainDate('2012-31-12'),
      (error: unknown) => {
        assert.ok(error instanceof RangeError);
        assert.ok(!error.message.includes('2012'));
        return true;
      },
    );
  });

  it('two years before a 29 February is the 28 February', () => {
    assert.equal(addToDate('2028-02-29', { months: -24 }), '2026-02-28');
  });

  it('a day before 1 March of a leap year is the 29 February', () => {
    assert.equal(addToDate('2028-03-01', { days: -1 }), '2028-02-29');
  });
});
