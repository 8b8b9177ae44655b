import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareText } from '../../../shared/child/ordering.js';
import { findingRules } from '../../../shared/child/findingRules.js';
import type { Finding } from '../../../shared/child/findings.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { aPerson } from '../aPerson.js';
import { builtOf, today } from '../aPayload.js';
import { anyPerson, inAnotherOrder } from '../anyPerson.js';
import { personsIn } from '../syntheticPersons.js';

function remarksOf(rows: PersonRows): readonly Finding[] {
  return builtOf(rows).findings.filter(({ rule }) => findingRules[rule].severity === 'remark');
}

/** Of rows with one id the order says nothing. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

describe('the remarks', () => {
  it('do not depend on the order of the rows', () => {
    fc.assert(
      fc.property(anyPerson, fc.integer({ min: 2, max: 1008 }), (rows, salt) => {
        assert.deepEqual(inOrder(remarksOf(inAnotherOrder(rows, salt))), inOrder(remarksOf(rows)));
      }),
      { numRuns: 250 },
    );
  });

  it('name no date, code or number of the row, nor do other findings', () => {
    fc.assert(
      fc.property(anyPerson, (rows) => {
        for (const { found } of builtOf(rows).findings) assert.doesNotMatch(found, /\d{3}/);
      }),
      { numRuns: 200 },
    );
  });

  it('are not made about a child that is held back', () => {
    const rows = aPerson({
      person: { pers_person_id: '10/01', pers_dob: '2026-08-12' },
    });
    const rules = builtOf(rows).findings.map(({ rule }) => rule);
    assert.deepEqual(rules, ['child-id']);
  });

  it('are few for 500 synthetic children', () => {
    const remarks: Finding[] = personsIn(
      generateSsd({ children: 500, seed: 'checks', today }).entries(),
    ).flatMap(remarksOf);
    assert.ok(remarks.length < 25);
  });
});
