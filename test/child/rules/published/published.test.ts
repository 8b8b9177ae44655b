import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../../shared/child/rules/catalogue.js';
import { rulesOn } from '../../aPayload.js';
import { told } from '../remarksOf.js';
import { differences } from './differences.js';
import { publishedExamples } from './examples.js';
import { rowsOf } from './rowsOf.js';

function codeOf(number: string): string {
  const found = rules.find(({ published }) =>
    published.some((one) => one.in === 'CIN census' && one.number === number),
  );
  assert.ok(found, `no rule has the number ${number}`);
  return found.code;
}

describe('the examples of the public validator', () => {
  for (const { number, on, children } of publishedExamples) {
    const differing = new Map(Object.entries(differences[number] ?? {}));
    const but = differing.size === 0 ? '' : `, apart from ${[...differing.keys()].join(', ')}`;
    it(`of rule ${number} are asked about here as there${but}`, () => {
      const code = codeOf(number);
      const otherwise = children.filter((one) => {
        const isAsked = told(rowsOf(one, on), rulesOn(on)).some((text) => text.startsWith(`${code}:`));
        return isAsked !== one.isAsked;
      });
      assert.deepEqual(
        otherwise.map(({ child }) => child),
        [...differing.keys()],
      );
    });
  }
});
