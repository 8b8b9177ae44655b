import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readJson } from '../../shared/host/packageFolder.js';

const read = (text: string) =>
  readJson(
    'ours.json',
    () => text,
    ({ why }) => new Error(why),
  );

describe('a JSON file of the package', () => {
  test('says what JSON says, whatever names and values it has', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        assert.deepEqual(read(text), JSON.parse(text));
      }),
    );
  });

  const twice: readonly [string, string, RegExp][] = [
    [
      'of which the parser would drop the first',
      '{ "rules": [{ "a": 1 }], "rules": [] }',
      /^: "rules" is there twice/,
    ],
    ['deep inside', '[{ "a": { "b": "a", "c" : [], "b"\n: 2 } }]', /^: "b" is there twice/],
    ['written in another way', String.raw`{ "a\"b": 1, "\u0061\"b": 2 }`, /^: "a\\"b" is there twice/],
    ['that every object has', '{ "__proto__": 1, "__proto__": 2 }', /^: "__proto__" is there twice/],
  ];
  for (const [what, text, expected] of twice) {
    test(`is refused with a name ${what}`, () => assert.throws(() => read(text), { message: expected }));
  }

  test('may have the same name in several objects, and as a value', () => {
    const text = '{ "a": { "a": "a" }, "b": ["a", "a:", "\\"a\\":"] }';
    assert.deepEqual(read(text), { a: { a: 'a' }, b: ['a', 'a:', '"a":'] });
  });

  test('is refused without a word of what it says', () => {
    for (const text of [
      'Jane Doe',
      '{ "reason": Jane Doe }',
      '{ "reason": “Jane Doe of Elm Road” }',
      'x'.repeat(99),
    ]) {
      assert.throws(
        () => read(text),
        ({ message }: Error) => message !== '' && !/Jane|Doe|Elm|reason|xx/.test(message),
      );
    }
  });
});
