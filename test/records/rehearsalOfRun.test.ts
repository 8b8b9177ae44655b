import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addToDate, type PlainDate } from '../../shared/child/dates.js';
import type { Plan } from '../../shared/records/plan.js';
import { rehearsalOfRun } from '../../shared/records/rehearsalOfRun.js';
import { dateIn, runIdSchema, type RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import { writePastNight } from '../pages/pastRuns.js';
import { pseudonymsOf } from '../../shared/child/pseudonyms/pseudonyms.js';
import { aWorld, type Dependencies } from '../runs/world.js';
import { MemoryBlobs } from './memoryBlobs.js';

const today: PlainDate = '2026-08-11';
const now = new Date('2026-08-11T02:00:00.000Z');
const days: readonly PlainDate[] = ['2026-02-28', '2026-03-31', '2027-03-31'];

/** Runs of earlier nights, in memory. */
function aStore() {
  const blobs = new MemoryBlobs();
  const runs = runStore(blobs);

  /** A run that many nights ago, with as many children in need as it is old, on these days. */
  async function night(
    ago: number,
    { kept = days, plan = {} }: { kept?: readonly PlainDate[] | undefined; plan?: Partial<Plan> } = {},
  ): Promise<RunId> {
    const outcome = { status: 'completed', accepted: 1, refused: 0, outstanding: 0 } as const;
    const runId = await writePastNight({ ago, ...outcome }, today, now, runs);
    const planned = await runs.plan.read(runId);
    assert.ok(planned);
    await runs.plan.write(runId, { ...planned, ...plan });
    await runs.rehearsal.write(
      { runId, attempt: planned.attempt },
      {
        today: addToDate(today, { days: -ago }),
        children: 100 + ago,
        days: kept.map((day) => ({ day, figures: { 'in-need': { total: ago, ages: {}, sexes: {} } } })),
      },
    );
    return runId;
  }

  /** What the last run of a month has left, of a run that has been deleted. */
  async function monthsLast(date: PlainDate, kept: readonly PlainDate[]): Promise<RunId> {
    const runId = runIdSchema.parse(`${date.replaceAll('-', '')}T020000000Z-000000`);
    await runs.rehearsalOfMonth.write(date.slice(0, 7), {
      runId,
      today: date,
      children: 464,
      days: kept.map((day) => ({ day, figures: { 'in-need': { total: 1, ages: {}, sexes: {} } } })),
    });
    return runId;
  }
  return { blobs, runs, night, monthsLast };
}

type Store = ReturnType<typeof aStore>;

async function found(runId: RunId, { runs }: Store, day?: string) {
  const plan = await runs.plan.read(runId);
  assert.ok(plan);
  return rehearsalOfRun({ runId, plan }, day, runs);
}

/** The runs and days that are compared. */
async function comparedOf(runId: RunId, store: Store, day?: string) {
  const compared = await found(runId, store, day);
  assert.ok(compared !== 'no figures' && 'now' in compared);
  return compared;
}

describe('the dress rehearsal of a run', () => {
  test('is for the next 31 March unless a day is asked for', async () => {
    const store = aStore();
    const runId = await store.night(0);
    assert.equal((await comparedOf(runId, store)).now.day, '2027-03-31');
    assert.equal((await comparedOf(runId, store, '2026-02-28')).now.day, '2026-02-28');
  });

  test('names the days that it has when another is asked for', async () => {
    const store = aStore();
    const runId = await store.night(0);
    for (const day of ['2026-03-30', '31 March', '']) {
      assert.deepEqual(await found(runId, store, day), { runId, days });
    }
  });

  test('is not there when the release before has read the SSD', async () => {
    const store = aStore();
    const runId = await store.night(0, { plan: { attempt: 'other' } });
    assert.equal(await found(runId, store), 'no figures');
  });

  test('is not there when another version has written it', async () => {
    const store = aStore();
    const runId = await store.night(0);
    const plan = await store.runs.plan.read(runId);
    await store.blobs.write(`runs/${runId}/rehearsal/${plan?.attempt ?? ''}.json`, '{"days":1}');
    assert.equal(await found(runId, store), 'no figures');
  });

  test('is compared with the newest run of a month before', async () => {
    const store = aStore();
    await store.night(29);
    const month = await store.night(28);
    await store.night(27);
    const { monthBefore } = await comparedOf(await store.night(0), store);
    assert.deepEqual([monthBefore?.runId, monthBefore?.day], [month, '2027-03-31']);
  });

  test('is compared with the last run of a month that is a year old, for a year earlier, when its run has been deleted', async () => {
    const aYearEarlier: readonly PlainDate[] = ['2025-03-31', '2026-03-31'];
    for (const [theirs, expected] of [
      [['2025-08-31', '2025-07-31'], '2025-07-31'],
      [['2025-08-11', '2025-07-31'], '2025-08-11'],
      [['2025-08-12', '2025-06-30'], '2025-06-30'],
    ] as const) {
      const store = aStore();
      for (const date of theirs) await store.monthsLast(date, aYearEarlier);
      const { yearBefore } = await comparedOf(await store.night(0), store);
      assert.deepEqual([dateIn(yearBefore?.runId ?? ''), yearBefore?.day], [expected, '2026-03-31']);
      assert.equal(yearBefore?.children, 464);
    }
  });

  test('is compared with none that is too old', async () => {
    const store = aStore();
    await store.night(61);
    await store.monthsLast('2025-05-31', days);
    const runId = await store.night(0);
    const { monthBefore, yearBefore } = await comparedOf(runId, store);
    assert.deepEqual([monthBefore, yearBefore?.runId], [undefined, runId]);
  });

  test('has what it says itself of the day a year earlier when no run of that time is kept', async () => {
    const store = aStore();
    const runId = await store.night(0);
    const { yearBefore } = await comparedOf(runId, store);
    assert.deepEqual([yearBefore?.runId, yearBefore?.day], [runId, '2026-03-31']);
  });

  test('is not compared with a dry run, a paused run, or one that has no figures for the day', async () => {
    const store = aStore();
    const expected = await store.night(32);
    await store.night(31, { kept: ['2026-02-28'] });
    await store.night(30, { plan: { dryRun: true } });
    await store.night(29, { plan: { held: true } });
    const { monthBefore } = await comparedOf(await store.night(0), store);
    assert.equal(monthBefore?.runId, expected);
  });
});

const world = aWorld();

/** What a run of the tests' SSD has kept. */
async function keptBy(overrides: Partial<Dependencies>, dryRun = false) {
  await world.fresh();
  const dependencies = world.dependencies('first', overrides);
  const wish = { trigger: 'http', requestedBy: 'a person', scope: 'all', dryRun } as const;
  const runId = (await world.run(dependencies, wish)) ?? '';
  const plan = await dependencies.runs.plan.read(runId);
  assert.ok(plan);
  const kept = await dependencies.runs.rehearsal.read({ runId, attempt: plan.attempt });
  assert.ok(kept);
  return { kept, plan };
}

test('a run keeps the figures of every child that can be sent, and so does a dry run', async () => {
  const { kept, plan } = await keptBy({});
  assert.equal(kept.children, plan.figures.cohort - plan.figures.held);
  assert.ok(kept.days.length > 20);
  const inNeed = kept.days.at(-1)?.figures['in-need'];
  assert.ok(inNeed !== undefined && 'total' in inNeed && inNeed.total > 0);
  assert.deepEqual((await keptBy({}, true)).kept, kept);
});

test('the last run of a month leaves its figures for the next year; a dry run and a paused run do not', async () => {
  await world.fresh();
  const ofMonth = () => world.dependencies('first').runs.rehearsalOfMonth.read(today.slice(0, 7));
  const wish = { trigger: 'http', requestedBy: 'a person', scope: 'all' } as const;
  await world.run(world.dependencies('first'), { ...wish, dryRun: true });
  assert.equal(await ofMonth(), undefined);
  const runId = await world.run(world.dependencies('first'), wish);
  assert.equal((await ofMonth())?.runId, runId);
  // An empty SSD: the run is paused.
  await world.run(world.dependencies('empty'), wish);
  assert.equal((await ofMonth())?.runId, runId);
});

test('children who are sent under pseudonyms count by their true dates', async () => {
  const pseudonyms = () => Promise.resolve(pseudonymsOf(new Uint8Array(32).fill(1), []));
  assert.deepEqual((await keptBy({ pseudonyms })).kept, (await keptBy({})).kept);
});

test('what is kept holds no text but dates, codes, groups and reasons', async () => {
  const { kept } = await keptBy({});
  const texts = new Set<string>();
  JSON.stringify(kept, (key, value: unknown) => {
    texts.add(key);
    if (typeof value === 'string') texts.add(value);
    return value;
  });
  const persons = await world.expected('first');
  for (const { la_child_id: id } of persons) assert.ok(!texts.has(id));
});
