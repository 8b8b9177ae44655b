import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { excelCsv } from '../../shared/downloads/excelCsv.js';
import { findingsTable } from '../../shared/downloads/findingsTable.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { findingsOfRun, type ComparedFinding } from '../../shared/records/findingsOfRun.js';
import type { FindingRecord } from '../../shared/records/findingRecord.js';
import type { Plan } from '../../shared/records/plan.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import { MemoryBlobs } from './memoryBlobs.js';
import { unhurried, whole } from './whole.js';
import { aWorld, ssds, type Dependencies } from '../runs/world.js';

const world = aWorld();
const brokenUpn = 'BROKENUPN';
/** Three children of the cohort that have a UPN. */
async function threeChildren(): Promise<[string, string, string]> {
  const rows = await world.database.query(
    `SELECT pers_person_id FROM ${ssds.first}.ssd_person WHERE pers_upn IS NOT NULL`,
  );
  const withUpn = new Set(rows.map((row) => row['pers_person_id']));
  const ids = (await world.expected('first')).map((child) => child.la_child_id);
  const [a, b, c] = ids.filter((id) => withUpn.has(id));
  assert.ok(a !== undefined && b !== undefined && c !== undefined, 'three children have a UPN');
  return [a, b, c];
}

/** Does something while the UPNs of some children are broken. */
async function withBrokenUpns<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
  return withColumn('pers_upn', brokenUpn, ids, work);
}

/** Does something while a column of ssd_person says something else for some children. */
async function withColumn<T>(
  column: string,
  value: string,
  ids: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const table = `${ssds.first}.ssd_person`;
  const before = new Map<string, unknown>();
  const set = `UPDATE ${table} SET ${column} = @value WHERE pers_person_id = @id`;
  for (const id of ids) {
    const sql = `SELECT ${column} AS was FROM ${table} WHERE pers_person_id = @id`;
    before.set(id, (await world.database.query(sql, { id }))[0]?.['was']);
    await world.database.query(set, { id, value });
  }
  try {
    return await work();
  } finally {
    for (const [id, was] of before) {
      await world.database.query(set, { id, value: typeof was === 'string' ? was : null });
    }
  }
}

async function planOf(dependencies: Dependencies, runId: RunId | undefined): Promise<Plan> {
  const plan = runId === undefined ? undefined : await dependencies.runs.plan.read(runId);
  assert.ok(plan !== undefined, 'the run has a plan');
  return plan;
}

async function figuresOfANight(dependencies = world.dependencies('first')) {
  const runId = await world.run(dependencies);
  assert.ok(runId !== undefined);
  return { runId, ...(await planOf(dependencies, runId)).figures };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}

async function comparedIn(runId: RunId): Promise<ComparedFinding[]> {
  const { runs } = world.dependencies('first');
  const extracted = async (id: RunId) => {
    const plan = await runs.plan.read(id);
    assert.ok(plan);
    return { runId: id, attempt: plan.attempt, earlier: plan.figures.sinceRunBefore.runId };
  };
  const current = await extracted(runId);
  const { earlier } = current;
  return whole(
    findingsOfRun(current, earlier === undefined ? undefined : await extracted(earlier), runs, unhurried),
  );
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('the findings of a run', () => {
  beforeEach(() => world.fresh());

  test('are all new when there is no run before', async () => {
    const [a, b] = await threeChildren();
    const figures = await withBrokenUpns([a, b], () => figuresOfANight());
    assert.equal(figures.findings['upn-shape'], 2);
    assert.equal(figures.sinceRunBefore.runId, undefined);
    assert.deepEqual(figures.sinceRunBefore.new, figures.findings);
    assert.deepEqual(figures.sinceRunBefore.stillThere, {});
    assert.deepEqual(figures.sinceRunBefore.mended, {});
    assert.equal(sumOf(figures.findingsBySeverity), sumOf(figures.findings));
    assert.ok((figures.findingsBySeverity['value left out'] ?? 0) >= 2);
  });

  test('are new, still there or fixed, compared with the run before', async () => {
    const [a, b, c] = await threeChildren();
    const first = await withBrokenUpns([a, b], () => figuresOfANight());
    const second = await withBrokenUpns([b, c], () => figuresOfANight());

    const { sinceRunBefore } = second;
    assert.equal(sinceRunBefore.runId, first.runId);
    assert.equal(sinceRunBefore.new['upn-shape'], 1);
    assert.equal(sinceRunBefore.stillThere['upn-shape'], 1);
    assert.equal(sinceRunBefore.mended['upn-shape'], 1);
    assert.equal(second.findings['upn-shape'], 2);

    const states = (await comparedIn(second.runId))
      .filter(({ finding }) => finding.rule === 'upn-shape')
      .map(({ finding, state }) => `${state}: ${finding.rowId ?? ''}`);
    assert.deepEqual(states.sort(), [`mended: ${a}`, `new: ${c}`, `still there: ${b}`]);
  });

  test('are not compared with a run that a safety check paused because its SSD was empty', async () => {
    const [a] = await threeChildren();
    await withBrokenUpns([a], async () => {
      const first = await figuresOfANight();
      const held = await figuresOfANight(world.dependencies('empty'));
      assert.equal(held.sinceRunBefore.mended['upn-shape'], 1);
      world.later(24 * 60);
      const { sinceRunBefore } = await figuresOfANight();
      assert.equal(sinceRunBefore.runId, first.runId);
      assert.equal(sinceRunBefore.stillThere['upn-shape'], 1);
      assert.deepEqual(sinceRunBefore.new, {});
    });
  });

  test('are not compared with a run that failed', async () => {
    const [a, b] = await threeChildren();
    const first = await withBrokenUpns([a], () => figuresOfANight());
    const dependencies = world.dependencies('first');
    await withBrokenUpns([b], async () => {
      const runId = await world.begin(dependencies);
      // Its SSD was read, and its plan could not be written.
      const noPlan = world.dependencies(
        'first',
        {},
        {
          around: (write, name) =>
            name?.endsWith('plan.json') ? Promise.reject(new Error('killed')) : write(),
        },
      );
      await assert.rejects(extractRun(runId, noPlan));
      await failRun(runId, 'a test', dependencies);
    });
    const { sinceRunBefore } = await withBrokenUpns([a], () => figuresOfANight());
    assert.equal(sinceRunBefore.runId, first.runId);
    assert.equal(sinceRunBefore.stillThere['upn-shape'], 1);
  });

  test('are those of the attempt that wrote the plan, not of one that was killed before', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const stale = {
      rule: 'upn-shape',
      table: 'ssd_person',
      rowId: 'C',
      column: 'pers_upn',
      found: '',
    } as const;
    for (const range of [1, 999]) {
      await dependencies.runs.findings.write(runId, 'dead', range, [stale]);
    }
    await extractRun(runId, dependencies);
    const { figures } = await planOf(dependencies, runId);
    assert.equal(figures.findings['upn-shape'], undefined);
    const compared = await comparedIn(runId);
    assert.equal(compared.length, sumOf(figures.findings));
  });

  test('that cannot be read are an error that names the blob and quotes nothing of it', async () => {
    const { runs, now } = world.dependencies('first');
    const runId = `${now().toISOString().replace(/[-:.]/g, '')}-abcdef`;
    await world.blobs().write(`runs/${runId}/findings/a1/00001.jsonl`, '{"rule":"Aled"}\n');
    await assert.rejects(all(runs.findings.all(runId, 'a1')), (error: Error) => {
      assert.match(error.message, /findings\/a1\/00001\.jsonl/);
      assert.doesNotMatch(error.message, /Aled/);
      return true;
    });
  });

  test('hold nothing of a child but ids of rows', async () => {
    const secrets = { pers_upn: 'ZUPNVALUE', pers_sex: 'ZSEX', pers_ethnicity: 'ZETHNIC' };
    const surname = `Zsurname${'x'.repeat(140)}`;
    const [a, b] = await threeChildren();
    const runId = await withColumn('pers_upn', secrets.pers_upn, [a], () =>
      withColumn('pers_sex', secrets.pers_sex, [a], () =>
        withColumn('pers_ethnicity', secrets.pers_ethnicity, [b], () =>
          withColumn('pers_surname', surname, [b], () => world.run(world.dependencies('first'))),
        ),
      ),
    );
    assert.ok(runId !== undefined);
    const compared = await comparedIn(runId);
    const rules = new Set(compared.map(({ finding }) => finding.rule));
    for (const rule of ['upn-shape', 'code-unknown', 'text-too-long']) assert.ok(rules.has(rule), rule);
    const { runs } = world.dependencies('first');
    const { attempt } = await planOf(world.dependencies('first'), runId);
    const csv = excelCsv(await findingsTable(findingsOfRun({ runId, attempt }, undefined, runs, unhurried)));
    for (const secret of [...Object.values(secrets), 'Zsurname']) {
      assert.ok(!csv.toLowerCase().includes(secret.toLowerCase()), `${secret} is not told`);
    }
    for (const row of await world.database.query(
      `SELECT pers_forename, pers_surname, pers_upn FROM ${ssds.first}.ssd_person`,
    )) {
      // As cells of their own: a forename may well stand in a word of a rule's text.
      for (const value of Object.values(row)) assert.ok(!csv.includes(`,${String(value)},`));
    }
  });
});

describe('the comparison of findings', () => {
  const a: FindingRecord = { rule: 'r', table: 't', rowId: '1', column: 'c', found: '1 character: letters' };
  const [earlierRun, currentRun] = ['20260811T020000000Z-00000a', '20260812T020000000Z-00000b'];
  const statesOf = async (current: FindingRecord[], earlier: FindingRecord[]) => {
    const blobs = new MemoryBlobs();
    for (const [runId, findings] of [
      [earlierRun, earlier],
      [currentRun, current],
    ] as const) {
      const lines = findings.map((finding) => `${JSON.stringify(finding)}\n`);
      await blobs.write(`runs/${runId}/findings/a/00001.jsonl`, lines.join(''));
    }
    const extracted = (runId: RunId) => ({ runId, attempt: 'a' });
    const compared = findingsOfRun(extracted(currentRun), extracted(earlierRun), runStore(blobs), unhurried);
    return (await whole(compared)).map(({ state }) => state);
  };

  for (const [name, change] of [
    ['rule', { rule: 'other' }],
    ['table', { table: 'other' }],
    ['row id', { rowId: '2' }],
    ['missing row id', { rowId: null }],
    ['column', { column: 'other' }],
  ] as const) {
    test(`takes two findings of another ${name} for two`, async () => {
      assert.deepEqual(await statesOf([{ ...a, ...change }], [a]), ['new', 'mended']);
    });
  }

  for (const [name, change] of [
    ['child', { childId: 'C2' }],
    ['parent record', { parentId: 'R2' }],
  ] as const) {
    test(`takes two findings about rows without an id for two when they are of another ${name}`, async () => {
      const ofOne = { ...a, rowId: null, childId: 'C1', parentId: 'R1' };
      assert.deepEqual(await statesOf([{ ...ofOne, ...change }], [ofOne]), ['new', 'mended']);
      assert.deepEqual(await statesOf([ofOne], [ofOne]), ['still there']);
    });
  }

  test('knows a finding again that an earlier version wrote without the child', async () => {
    assert.deepEqual(await statesOf([{ ...a, childId: 'C1', team: 'North' }], [a]), ['still there']);
  });

  test('takes a finding for the same when another value is wrong in the same place', async () => {
    assert.deepEqual(await statesOf([{ ...a, found: 'only blanks' }], [a]), ['still there']);
  });

  test('counts each of several findings in one place', async () => {
    assert.deepEqual(await statesOf([a, a], [a]), ['still there', 'still there']);
    assert.deepEqual(await statesOf([], [a, a]), ['mended', 'mended']);
  });
});
