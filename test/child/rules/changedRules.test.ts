import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addToDate, plainDate } from '../../../shared/child/dates.js';
import { findingRules, isFindingRule } from '../../../shared/child/findingRules.js';
import type { Finding } from '../../../shared/child/findings.js';
import { rules } from '../../../shared/child/rules/catalogue.js';
import { changedOn, judged, RuleChanges } from '../../../shared/child/rules/changedRules.js';
import { holding, silencing } from './changed.js';

const codes = Object.keys(findingRules).filter(isFindingRule);
const findings = fc.array(
  fc
    .record({ rule: fc.constantFrom(...codes), rowId: fc.string({ maxLength: 4 }) })
    .map((part): Finding => ({ ...part, table: 'ssd_person', column: 'pers_upn', found: 'nothing' })),
);
const someChanged = fc
  .uniqueArray(fc.constantFrom(...rules.map(({ code }) => code)), { maxLength: 20 })
  .chain((changed) =>
    fc.tuple(
      ...changed.map((code) => fc.boolean().map((holds) => (holds ? holding(code) : silencing(code)))),
    ),
  );

describe('findings judged by the rules that the council has changed', () => {
  test('are recorded in their order, except those of silenced rules', () => {
    fc.assert(
      fc.property(findings, someChanged, (found, changed) => {
        const silent = new Set<string>(
          changed.flatMap((one) => (one.effect === 'silence' ? [one.rule] : [])),
        );
        const { findings: recorded, silenced } = judged(found, changed);
        assert.deepEqual(
          recorded.map(({ rule, rowId }) => [rule, rowId]),
          found.flatMap(({ rule, rowId }) => (silent.has(rule) ? [] : [[rule, rowId]])),
        );
        assert.equal(recorded.length + silenced.length, found.length);
      }),
    );
  });

  test('hold the child if, and only if, one of them is of a rule that holds, and exactly these say so', () => {
    fc.assert(
      fc.property(findings, someChanged, (found, changed) => {
        const holds = new Set<string>(changed.flatMap((one) => (one.effect === 'hold' ? [one.rule] : [])));
        const { findings: recorded, holding: held } = judged(found, changed);
        assert.deepEqual(held, new Set(found.map(({ rule }) => rule).filter((one) => holds.has(one))));
        for (const { rule, severity } of recorded) {
          assert.equal(severity, holds.has(rule) ? 'child held' : undefined);
        }
      }),
    );
  });

  test('are as they were found where no rule is changed', () => {
    fc.assert(fc.property(findings, (found) => assert.deepEqual(judged(found, []).findings, found)));
  });
});

describe('the counts of changed rules', () => {
  const of = (rule: Finding['rule']): Finding => ({
    rule,
    table: 'ssd_person',
    rowId: 'C',
    column: 'pers_upn',
    found: 'nothing',
  });

  test('are children of a rule that holds, and findings of a silenced one', () => {
    const changes = new RuleChanges([holding('cin-8820'), silencing('cin-1530')]);
    assert.equal(changes.judge([of('cin-8820'), of('cin-8820'), of('cin-1530')]).isHeld, true);
    assert.equal(changes.judge([of('cin-1530'), of('cin-1580')]).isHeld, false);
    assert.deepEqual(changes.counts(), { 'cin-8820': 1, 'cin-1530': 2 });
  });

  test('go on where an earlier attempt ended', () => {
    const changes = new RuleChanges([holding('cin-8820')], { 'cin-8820': 3 });
    changes.judge([of('cin-8820')]);
    assert.deepEqual(changes.counts(), { 'cin-8820': 4 });
  });
});

test('a changed rule counts from its first to its last day', () => {
  const since = plainDate('2026-03-01');
  const until = plainDate('2026-03-03');
  const rule = holding('cin-8820', { since, until });
  const days = [-1, 0, 1, 2, 3].map((days) => changedOn(addToDate(since, { days }), [rule]).length);
  assert.deepEqual(days, [0, 1, 1, 1, 0]);
  assert.equal(changedOn(plainDate('2099-01-01'), [holding('cin-8820')]).length, 1);
});
