import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import type { RuleCode } from '../../../shared/child/rules/catalogue.js';
import { told } from './remarksOf.js';

/**
 * One change to a person about whom no rule asks, after which a rule asks, and the nearest one after which none does. Each
 * theme has a list of them in `breaking/`, with one or more for each of its rules.
 */
export interface Breaking {
  readonly rule: RuleCode;
  /** What the rule asks about, to be read after its number. */
  readonly when: string;
  /** The person that it begins with. */
  readonly sound: PersonRows;
  readonly broken: (rows: PersonRows) => PersonRows;
  /** Every remark afterwards, as `rule: table row column`: that of the rule, and those that follow from it by logic. */
  readonly told: readonly string[];
  /** What is near and in order. */
  readonly butNot: string;
  readonly kept: (rows: PersonRows) => PersonRows;
}

/** A test for each. */
export function itAsks(breakings: readonly Breaking[]): void {
  for (const { rule, when, sound, broken, told: asked, butNot, kept } of breakings) {
    it(`${rule} asks about ${when}, and not about ${butNot}`, () => {
      assert.deepEqual(told(sound), []);
      assert.deepEqual(told(broken(sound)), asked);
      assert.deepEqual(told(kept(sound)), []);
    });
  }
}
