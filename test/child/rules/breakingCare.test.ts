import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BuildRules } from '../../../shared/child/buildRules.js';
import { ruleThemes } from '../../../shared/child/rules/catalogue.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { builtOf, payloadOf, rulesOn, today } from '../aPayload.js';
import { aLifeInCare } from './aLifeInCare.js';
import { breakingCare } from './breakingCare.js';

/** Workers are sent by their role alone. */
const byRole: BuildRules = { ...rulesOn(today), careWorkerGates: ['role'] };

function rulesTold(rows: PersonRows, rules: BuildRules = byRole): string[] {
  return [...new Set(builtOf(rows, rules).findings.map(({ rule }) => rule))].sort();
}

/** The names of the values that are not sent alike. */
function changed(one: unknown, other: unknown, name = ''): string[] {
  if (!isRecord(one) || !isRecord(other)) return one === other ? [] : [name];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((key) => changed(one[key], other[key], /^\d+$/.test(key) ? name : key));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

describe('a life in care', () => {
  it('that is in order is not asked about', () => {
    fc.assert(
      fc.property(aLifeInCare, ({ rows }) => {
        assert.deepEqual(rulesTold(rows), []);
      }),
      { numRuns: 150 },
    );
  });

  for (const { rule, breaks, changes, follows = [], by } of breakingCare) {
    it(`in which one thing is wrong is asked about by ${rule}, and sent with nothing else changed`, () => {
      const broken = aLifeInCare
        .map((life) => ({ sound: life.rows, rows: breaks(life) }))
        .filter(({ rows }) => rows !== undefined);
      fc.assert(
        fc.property(broken, ({ sound, rows = sound }) => {
          const told = rulesTold(rows, { ...byRole, ...by });
          assert.ok(told.includes(rule), `${rule} is not among ${told.join(', ')}`);
          assert.deepEqual(
            told.filter((one) => one !== rule && !follows.some((other) => other === one)),
            [],
          );
          const names = changed(payloadOf(sound, byRole), payloadOf(rows, byRole));
          assert.deepEqual(
            names.filter((name) => !changes.includes(name)),
            [],
          );
        }),
        { numRuns: 25 },
      );
    });
  }
});

describe('the rules about care', () => {
  it('are all tried', () => {
    const tried = new Set<string>(breakingCare.map(({ rule }) => rule));
    const ours = [
      ...ruleThemes['looked-after children'],
      ...ruleThemes.placements,
      ...ruleThemes['temporary placements'],
      ...ruleThemes.adoption,
      ...ruleThemes['care leavers'],
      ...ruleThemes['social workers'],
      ...ruleThemes['who the child is'].filter(({ published }) =>
        published.some((one) => one.in === 'SSDA903'),
      ),
    ];
    assert.deepEqual(
      ours.map(({ code }) => code).filter((code) => !tried.has(code)),
      [],
    );
    assert.equal(tried.size, ours.length);
  });
});
