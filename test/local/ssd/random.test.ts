import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { randomFrom } from '../../../infra/syntheticSsd/random.js';

describe('a random stream', () => {
  it('is the same for the same key, and another for another', () => {
    const draw = (...key: (string | number)[]): number[] => {
      const random = randomFrom(...key);
      return Array.from({ length: 20 }, () => random.int(0, 1_000_000));
    };
    assert.deepEqual(draw('a', 1), draw('a', 1));
    assert.notDeepEqual(draw('a', 1), draw('a', 2));
    assert.notDeepEqual(draw('a', 11), draw('a1', 1));
  });

  it('stays within its bounds and reaches both', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(5), (seed, least, width) => {
        const random = randomFrom(seed);
        const seen = new Set(Array.from({ length: 400 }, () => random.int(least, least + width)));
        assert.deepEqual(
          [...seen].sort((one, other) => one - other),
          Array.from({ length: width + 1 }, (_, at) => least + at),
        );
      }),
    );
  });

  it('picks as often as the weights say', () => {
    const random = randomFrom('weights');
    let heavy = 0;
    for (let draw = 0; draw < 10_000; draw += 1) {
      if (
        random.weighted([
          ['heavy', 9],
          ['light', 1],
        ]) === 'heavy'
      )
        heavy += 1;
    }
    assert.ok(heavy > 8_800 && heavy < 9_200, `${heavy} of 10,000`);
  });

  it('has nothing to give from an empty list', () => {
    assert.throws(() => randomFrom('empty').pick([]), RangeError);
    assert.throws(() => randomFrom('empty').weighted([]), RangeError);
  });
});
