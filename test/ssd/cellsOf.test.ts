import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isUnreadable } from '../../shared/child/cells.js';
import { dateCell, idOf, longestText, textCell } from '../../shared/ssd/cellsOf.js';

const placeholders = new Set(['1900-01-01', '2999-12-31']);
const kindOfDate = (value: unknown) => {
  const cell = dateCell(value, placeholders);
  return isUnreadable(cell) ? cell.unreadable : cell;
};

describe('a date of the SSD', () => {
  const day = '2025-05-31';
  const readable: readonly (readonly [unknown, string | null])[] = [
    [new Date('2025-05-31T00:00:00Z'), day],
    [new Date('2025-05-31T23:59:59.999Z'), day],
    ['2025-05-31', day],
    [' 2025-05-31  ', day],
    ['2025-05-31T00:00:00', day],
    ['2025-05-31 13:45', day],
    ['2025-05-31 13:45:00.0000000', day],
    ['2025-05-31T23:30:00+01:00', day],
    ['2025-05-31T23:30:00Z', day],
    ['2025-05-31 00:00:00+01', day],
    ['2024-02-29', '2024-02-29'],
    [null, null],
    [undefined, null],
    ['', null],
    ['  ', null],
  ];
  for (const [value, expected] of readable) {
    it(`is ${String(expected)} of ${typeof value === 'string' ? `"${value}"` : String(value)}`, () => {
      assert.equal(kindOfDate(value), expected);
    });
  }

  const unreadable: readonly unknown[] = [
    '31/05/2025',
    '05/31/2025',
    '2025-5-31',
    '20250531',
    '2025-02-29',
    '2025-05-31 and later',
    '2025-05-31x',
    'May 2025',
    'infinity',
    20250531,
    true,
    new Date(Number.NaN),
    new Date(8.64e15),
    Buffer.from('2025-05-31'),
    { a: 1 },
  ];
  for (const value of unreadable) {
    it(`is unreadable as ${typeof value} ${typeof value === 'string' ? value : ''}`, () => {
      assert.equal(kindOfDate(value), 'form');
    });
  }

  it('is no day when it means that there is none, in any form', () => {
    for (const value of [
      '1900-01-01',
      '1900-01-01T00:00:00',
      new Date('1900-01-01'),
      '2999-12-31',
      '9999-12-31',
    ]) {
      assert.equal(kindOfDate(value), 'placeholder');
    }
    assert.equal(kindOfDate('1900-01-02'), '1900-01-02');
  });
});

describe('a text of the SSD', () => {
  const kindOfText = (value: unknown) => {
    const cell = textCell(value);
    return isUnreadable(cell) ? cell.unreadable : cell;
  };

  it('is unchanged', () => {
    for (const text of ['', ' Łucja ', 'a\nb', '\ud83d']) assert.equal(textCell(text), text);
    assert.equal(textCell(null), null);
    assert.equal(textCell(undefined), null);
  });

  it('is what a number, a flag or a document is written as', () => {
    assert.equal(textCell(12), '12');
    assert.equal(textCell(9007199254740993n), '9007199254740993');
    assert.equal(textCell(true), 'true');
    assert.equal(textCell({ a: ['1A', null] }), '{"a":["1A",null]}');
  });

  it('is unreadable when it is not text, or cannot be written', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const value of [Buffer.from('x'), new ArrayBuffer(1), deep, circle, Symbol('x'), () => 1, 'a\0b']) {
      assert.equal(kindOfText(value), 'form');
    }
  });

  it('is unreadable when it is longer than anything that could be sent', () => {
    assert.equal(kindOfText('x'.repeat(longestText)), 'x'.repeat(longestText));
    assert.equal(kindOfText('x'.repeat(longestText + 1)), 'form');
  });

  it('does not show what it is when it cannot be read', () => {
    const cell = dateCell('Ann Example', placeholders);
    assert.ok(isUnreadable(cell) && !cell.found.includes('Ann'));
  });
});

describe('an id of the SSD', () => {
  it('is a text without the blanks behind it', () => {
    assert.equal(idOf('A1  '), 'A1');
    assert.equal(idOf(' A1'), ' A1');
    assert.equal(idOf(12), '12');
  });

  it('is empty when nothing is left', () => {
    for (const value of [null, undefined, '', '   ', Buffer.from('1'), () => 1])
      assert.equal(idOf(value), null);
  });

  it('never becomes another’s because of a character that cannot be stored', () => {
    assert.notEqual(idOf('A\u00001'), 'A1');
    assert.ok(idOf('A\u00001')?.includes('\0') === false);
  });
});
