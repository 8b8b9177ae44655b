import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isPlaceholder, normalised, placeholderKey } from '../../../shared/child/codes/localValues.js';

describe('two spellings of a local value', () => {
  for (const [one, other] of [
    ['Unaccompanied asylum-seeking child', 'UNACCOMPANIED  ASYLUM SEEKING CHILD'],
    ['With parent(s) or relative(s).', 'with parents or relatives'],
    ['Gypsy/Roma', 'Gypsy / Roma'],
    ['White & Asian', 'White and Asian'],
    ['Adopted – consent dispensed with', 'Adopted - consent dispensed with'],
    ['child’s health', 'childs health'],
    ['Semi-independent, transitional accommodation', 'Semi independent transitional accommodation'],
  ] as const) {
    test(`"${one}" and "${other}" are one`, () => assert.equal(normalised(one), normalised(other)));
  }

  for (const [one, other] of [
    ['REL.ALLOC', 'REL ALLOC'],
    ['Aged 16', 'Aged 1.6'],
    ['Parents', 'Parent'],
    ['F1', 'F 1'],
  ] as const) {
    test(`"${one}" and "${other}" are two`, () => assert.notEqual(normalised(one), normalised(other)));
  }

  test('that are one stay so when they are written as they are compared', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(normalised(normalised(text)), normalised(text));
      }),
    );
  });

  test('are compared at once, however long they are', () => {
    for (const sign of ['.', ',', '(S)', "'", ' ', '-']) {
      const begun = performance.now();
      normalised(sign.repeat(500_000));
      assert.ok(performance.now() - begun < 2000, sign);
    }
  });
});

test('a placeholder is known in any case, and only with all its signs', () => {
  const placeholders = new Set(['SSD_PH', '??'].map(placeholderKey));
  assert.ok(isPlaceholder(placeholders, ' ssd_ph '));
  assert.ok(isPlaceholder(placeholders, '??'));
  assert.ok(!isPlaceholder(placeholders, '?'));
  assert.ok(!isPlaceholder(placeholders, ''));
});
