import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { categoryNames } from '../../../shared/child/categories.js';
import { absentColumn, type TextCell } from '../../../shared/child/cells.js';
import { newestCodeLists } from '../../../shared/child/codes/codeLists.js';
import type { Child } from '../../../shared/child/payload.js';
import { CohortCensus, cohortCensusSchema, cohortFindings } from '../../../shared/child/rules/cohort.js';
import { payloadOf, rulesOn, today } from '../aPayload.js';
import { aDisability, aPerson } from '../aPerson.js';

const rules = rulesOn(today);

interface SomeChild {
  readonly sex?: TextCell;
  readonly isUnborn?: boolean;
  readonly disabilities?: readonly string[];
}

/** As it is sent. */
function aChild({ sex = 'F', isUnborn = false, disabilities = [] }: SomeChild = {}): Child {
  return payloadOf(
    aPerson({
      person: isUnborn
        ? { pers_sex: sex, pers_dob: null, pers_expected_dob: '2026-10-01' }
        : { pers_sex: sex },
      ssd_disability: disabilities.map((disa_disability_code, index) =>
        aDisability({ disa_table_id: `DI${String(index)}`, disa_disability_code }),
      ),
    }),
  );
}

function times(count: number, child: SomeChild = {}): Child[] {
  const one = aChild(child);
  return Array.from({ length: count }, () => one);
}

function censusOf(children: readonly Child[], before?: ReturnType<CohortCensus['counts']>): CohortCensus {
  const census = new CohortCensus(before);
  for (const child of children) census.add(child);
  return census;
}

function told(children: readonly Child[], by: Parameters<typeof cohortFindings>[1] = rules): string[] {
  return cohortFindings(censusOf(children).counts(), by).map(({ rule }) => rule);
}

describe('the children without a sex', () => {
  it('are asked about when they are more than 2% of at least 20', () => {
    assert.deepEqual(told([...times(49), ...times(1, { sex: null })]), []);
    assert.deepEqual(told([...times(48), ...times(1, { sex: null })]), ['cin-2886Q']);
    assert.deepEqual(told([...times(48), ...times(1, { sex: 'U' })]), ['cin-2886Q']);
    assert.deepEqual(told([...times(18), ...times(1, { sex: 'U' })]), []);
    assert.deepEqual(told([...times(19), ...times(1, { sex: 'U' })]), ['cin-2886Q']);
  });

  it('are not those whose sex cannot be read or sent', () => {
    assert.deepEqual(told(times(20, { sex: absentColumn })), []);
    assert.deepEqual(told(times(20, { sex: 'unclear' })), []);
  });

  it('are not those who are not born yet', () => {
    assert.deepEqual(told([...times(20), ...times(5, { sex: 'U', isUnborn: true })]), []);
  });
});

describe('the disabilities of the children', () => {
  const codes = [...newestCodeLists.disability].filter((code) => code !== 'NONE');
  const withCodes = (count: number) =>
    Array.from({ length: 20 }, (_, index) =>
      aChild({ disabilities: index === 0 ? codes.slice(0, 2) : [codes[index % count] ?? ''] }),
    );

  it('are asked about when fewer than 8 codes are used by at least 20 children', () => {
    assert.deepEqual(told(withCodes(8)), []);
    assert.deepEqual(told(withCodes(7)), ['cin-2887Q']);
    assert.deepEqual(told(withCodes(7).slice(1)), []);
  });

  it('are asked about when no child has more than one, NONE aside', () => {
    const single = codes.slice(0, 8).flatMap((code) => times(3, { disabilities: [code] }));
    assert.deepEqual(told(single), ['cin-2888Q']);
    assert.deepEqual(told([...single, ...times(1, { disabilities: codes.slice(0, 2) })]), []);
    assert.deepEqual(told(times(40, { disabilities: ['NONE'] })), []);
  });
});

describe('what is asked about all children', () => {
  const all = [...times(20, { disabilities: ['AUT'], sex: 'U' })];

  it('names no row and no child', () => {
    for (const finding of cohortFindings(censusOf(all).counts(), rules)) {
      assert.equal(finding.rowId, null);
      assert.equal(finding.childId, undefined);
      assert.equal(finding.parentId, undefined);
    }
    assert.equal(told(all).length, 3);
  });

  it('is silent about a table that is not there, or is not shared', () => {
    assert.deepEqual(told(all, { ...rules, absentTables: new Set(['ssd_disability'] as const) }), [
      'cin-2886Q',
    ]);
    assert.deepEqual(told(all, { ...rules, leftOut: ['disabilities'] }), ['cin-2886Q']);
    assert.deepEqual(told(all, { ...rules, leftOut: categoryNames }), ['cin-2886Q']);
  });

  it('is asked in the collection years of the returns', () => {
    assert.deepEqual(told(all, rulesOn('2024-03-31')), ['cin-2887Q', 'cin-2888Q']);
  });

  it('is the same for children in any order, and for those that are counted in two parts', () => {
    const some = fc.record({
      sex: fc.constantFrom('F', 'M', 'U', null),
      isUnborn: fc.boolean(),
      disabilities: fc.subarray(['AUT', 'LD', 'MOB', 'NONE']),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), fc.nat(8), (drawn, half) => {
        const children = drawn.map(aChild);
        const whole = censusOf(children).counts();
        assert.deepEqual(censusOf(children.toReversed()).counts(), whole);
        const written = JSON.stringify(censusOf(children.slice(0, half)).counts());
        const before = cohortCensusSchema.parse(JSON.parse(written));
        assert.deepEqual(censusOf(children.slice(half), before).counts(), whole);
      }),
      { numRuns: 60 },
    );
  });
});
