import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdSum, type IdsRead } from '../../shared/ssd/idSum.js';

const none: IdsRead = { ssd_person: [], cohortList: [], allowList: [] };

function sumOf(persons: readonly string[], others: Partial<IdsRead> = {}): string {
  const sum = new IdSum();
  sum.add({ ...none, ssd_person: persons, ...others });
  return sum.text();
}

test('the same ids give the same sum, in any order and ranges, also when the sum is continued', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.nat(), (ids, at) => {
      const first = new IdSum();
      first.add({ ...none, ssd_person: ids.slice(at) });
      const second = new IdSum(first.text());
      second.add({ ...none, ssd_person: ids.slice(0, at) });
      assert.equal(second.text(), sumOf(ids));
    }),
  );
});

test('another id, one more, one less, one twice, and one on another list give another sum', () => {
  const sums = [
    sumOf([]),
    sumOf(['A', 'B']),
    sumOf(['A', 'C']),
    sumOf(['A', 'B', 'C']),
    sumOf(['A']),
    sumOf(['A', 'A']),
    sumOf(['A', 'A', 'B']),
    sumOf(['AB']),
    sumOf([], { cohortList: ['A', 'B'] }),
    sumOf([], { allowList: ['A', 'B'] }),
    sumOf(['A'], { allowList: ['B'] }),
  ];
  assert.equal(new Set(sums).size, sums.length);
});
