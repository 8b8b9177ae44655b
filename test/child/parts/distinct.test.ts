import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { distinct } from '../../../shared/child/parts/distinct.js';
import { unknown } from '../../../shared/child/draft.js';

interface Item {
  readonly id: string;
  readonly date?: string | undefined;
  readonly source?: string | undefined;
}

const item = fc.record(
  {
    id: fc.constantFrom('A', 'B'),
    date: fc.constantFrom('2026-01-01', '2026-02-01', undefined),
    source: fc.constantFrom('1A', '5B', undefined),
  },
  { noNullPrototype: true },
);

function chosen(items: readonly Item[]): readonly Item[] {
  const ignored = { asDuplicate: () => undefined, asTheSame: () => undefined };
  return distinct(
    items.map((each) => ({ row: each, item: each })),
    ({ id }) => id,
    ignored,
  ).map(({ item: each }) => each);
}

const known = (each: Item) => Object.values(each).filter((value) => value !== undefined).length;

describe('Of several rows with one id', () => {
  test('the one that says most is sent', () => {
    const rows = [
      { id: 'A', date: '2026-01-01', source: '5B' },
      { id: 'A', source: '5B' },
    ];
    assert.deepEqual(chosen(rows), [rows[0]]);
  });

  test('one that cannot be read says nothing', () => {
    const readable = { id: 'A', date: '2026-01-01', source: undefined };
    const unreadable = { id: 'A', date: unknown, source: undefined };
    const ignored = { asDuplicate: () => undefined, asTheSame: () => undefined };
    const rows = [unreadable, readable].map((each) => ({ row: each, item: each }));
    assert.deepEqual(
      distinct<unknown, typeof readable | typeof unreadable>(rows, ({ id }) => id, ignored).map(
        ({ item: { date } }) => date,
      ),
      ['2026-01-01'],
    );
  });

  test('none that is left out says more than the one that is sent, in any order', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), (items) => {
        const sent = chosen(items);
        assert.deepEqual(sent, chosen([...items].reverse()));
        for (const each of items) {
          const same = sent.filter(({ id }) => id === each.id);
          assert.equal(same.length, 1);
          assert.ok(same.every((other) => known(other) >= known(each)));
        }
      }),
    );
  });
});
