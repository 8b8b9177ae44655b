import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainDate } from '../../../shared/child/dates.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { runNight } from '../night.js';
import { Stack } from '../stack.js';
import { mistakes, mistakesIn } from './mistakes.js';

const today = plainDate('2026-08-11');
const source = { kind: 'synthetic', children: 100, seed: 'mistakes' } as const;

describe('the mistakes in the records of invented children', () => {
  it('are each found by the rule that asks about it, and all is sent', async (t) => {
    const stack = await Stack.start({});
    t.after(() => stack.stop());
    await stack.fillSsd(source, today);
    await stack.makeMistakes(source, today, 2);
    const host = await stack.startApp(today);
    const { status, figures } = await runNight(host, AbortSignal.timeout(60_000), () => undefined);
    assert.equal(status, 'completed');
    assert.equal(figures?.held, 0);
    const found = Object.keys(mistakes).map((rule) => [rule, figures.findings[rule]]);
    assert.deepEqual(
      found,
      Object.keys(mistakes).map((rule) => [rule, 2]),
    );
  });

  it('are as many as was asked for, each in a row of its own, and none without asking', () => {
    const changes = (each: number) => mistakesIn(generateSsd({ ...source, today }).entries(), today, each);
    const rows = changes(2).flatMap(({ upsert }) => upsert);
    assert.equal(rows.length, 2 * Object.keys(mistakes).length);
    assert.equal(new Set(rows.map((row) => Object.values(row)[0])).size, rows.length);
    assert.deepEqual(changes(0), []);
  });
});
