import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../../../shared/child/rules/catalogue.js';
import { builtOf, rulesOn, today } from '../../aPayload.js';
import { publishedAboutCare } from './care.js';
import { publishedAboutOthers } from './others.js';
import type { PublishedCase } from './inTheSsd.js';

const cases = [...publishedAboutCare, ...publishedAboutOthers];

/** The numbers of the rows that our rule asks about: 1 for `L1` or `E1`. */
function asked({ rule, rows, today: day = today }: PublishedCase): number[] {
  const { findings } = builtOf(rows, { ...rulesOn(day), careWorkerGates: ['role'] });
  const numbers = findings
    .filter((finding) => finding.rule === rule)
    .map(({ rowId }) => Number(/\d+$/.exec(rowId ?? '')?.[0]));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

describe('the public validator of the SSDA903 and our rules', () => {
  for (const one of cases) {
    const { rule, what, theirs, ours } = one;
    const says = ours === undefined ? 'agree' : `differ, as ${ours.because}`;
    it(`${says}: ${rule} on ${what}`, () => {
      assert.deepEqual(asked(one), ours?.asked ?? theirs);
    });
  }

  it('are compared on every rule of one child', () => {
    const compared = new Set<string>(cases.map(({ rule }) => rule));
    const ofReturn = rules.filter(({ published }) => published.some((one) => one.in === 'SSDA903'));
    // Which UPNs are shared, the databases say: `test/ssd/sharedUpns.test.ts`.
    assert.deepEqual(
      ofReturn.map(({ code }) => code).filter((code) => !compared.has(code)),
      ['upn-shared'],
    );
  });

  it('each ask about a child, and leave one in peace', () => {
    // The only child about whom the public validator asks by rule 234 is one about whom ours differs.
    const ours = new Set<string>(cases.map(({ rule }) => rule));
    for (const rule of ours) {
      const its = cases.filter((one) => one.rule === rule);
      assert.ok(its.some((one) => asked(one).length > 0) || rule === 'ssda903-234', `${rule} asks nobody`);
      assert.ok(
        its.some((one) => asked(one).length === 0),
        `${rule} asks everybody`,
      );
    }
  });
});
