import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { noDeadline } from '../../shared/records/inTime.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import { reportRun } from '../../shared/telemetry/reportRun.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { recentRuns } from '../../shared/records/runStatus.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { aWorld, nightly, type Dependencies, type SsdName } from './world.js';
import { statusOf } from './statusOf.js';

const world = aWorld(12);
const hour = 60;
const day = 24 * hour;

/** What a process gets whose clock is wrong by so many minutes. */
function withClock(ssd: SsdName, minutes: number, more: Partial<Dependencies> = {}): Dependencies {
  return world.dependencies(ssd, {
    now: () => new Date(world.time().getTime() + minutes * 60_000),
    ...more,
  });
}

async function runOf(dependencies: Dependencies): Promise<RunId> {
  const runId = await world.run(dependencies);
  assert.ok(runId !== undefined);
  return runId;
}

async function assertInStep(runId: RunId, dependencies: Dependencies, ssd: SsdName): Promise<void> {
  const { status, totals } = await statusOf(runId, dependencies);
  assert.equal(status, 'completed');
  assert.ok((totals?.accepted ?? 0) > 0, 'it has sent something');
  assert.deepEqual(world.dfe.children(), await world.expected(ssd));
}

/** Takes away columns of this version, as a table from before has none, or a run of before has filled none. */
async function setColumns(set: string): Promise<void> {
  await world.database.query(`UPDATE ssd_api_data_staging SET ${set}`);
}

beforeEach(() => world.fresh());

describe('a wrong clock', () => {
  for (const [what, wrong, passes] of [
    ['an hour back', -hour, 30],
    ['a day back', -day, hour],
  ] as const) {
    test(`that is set ${what} after a run stops nothing from being sent`, async () => {
      const first = withClock('first', 0);
      const firstId = await runOf(first);
      world.later(passes);
      const next = withClock('later', wrong);
      const nextId = await runOf(next);
      await assertInStep(nextId, next, 'later');
      assert.ok(nextId > firstId, 'and the newest run is the first of the list');
    });
  }

  test('that was 30 days ahead for one run stops nothing from being sent by the runs after it', async () => {
    const ahead = withClock('first', 30 * day);
    const aheadId = await runOf(ahead);
    let before = aheadId;
    for (const ssd of ['later', 'first', 'later'] as const) {
      world.later(day);
      const dependencies = withClock(ssd, 0);
      const runId = await runOf(dependencies);
      await assertInStep(runId, dependencies, ssd);
      assert.ok(runId > before);
      before = runId;
    }
    const { runs } = await recentRuns(1, ahead.runs, { deadline: noDeadline });
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      [before],
    );
  });

  test('of a request is not taken for a run of the last days when it was in the past', async () => {
    const ahead = withClock('first', 30 * day);
    await runOf(ahead);
    world.later(day);
    const past = await runOf(withClock('later', 0));
    world.later(10 * day);
    const since = new Date(world.time().getTime() - 2 * day * 60_000);
    const { runs } = await recentRuns(10, ahead.runs, { since, deadline: noDeadline });
    assert.ok(!runs.some(({ runId }) => runId === past), 'its id says a later time than its request');
  });
});

describe("a clock of the app that differs from storage's", () => {
  /** A run that nobody sends any more, or that somebody sends who gives a sign every five minutes. */
  async function givenAgain(wrong: number, minutes: number, hasSender: boolean): Promise<number> {
    const dependencies = withClock('first', wrong);
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    let given = 0;
    for (let passed = 0; passed < minutes; passed += 5) {
      world.later(5);
      if (hasSender) await dependencies.runs.noteSending(runId, dependencies.now());
      given += (await resumeStalledRuns(dependencies)).chunks.length;
    }
    return given;
  }

  for (const wrong of [-30 * day, -hour, hour, 30 * day]) {
    const by = `by ${String(wrong)} minutes`;

    test(`${by} does not treat a live run as dead`, async () => {
      assert.equal(await givenAgain(wrong, 2 * hour, true), 0);
    });

    test(`${by} takes a dead run up again when it has been quiet for half an hour`, async () => {
      assert.equal(await givenAgain(wrong, 25, false), 0);
      await world.fresh();
      assert.ok((await givenAgain(wrong, 35, false)) > 0);
    });

    test(`${by} when a run began lets it have its turn for two days, neither less nor more`, async () => {
      await world.begin(withClock('first', wrong));
      world.later(47 * hour);
      const asked = () => requestRun({ ...nightly, trigger: 'http' }, withClock('first', 0));
      assert.equal((await asked()).outcome, 'busy');
      world.later(2 * hour);
      assert.equal((await asked()).outcome, 'started');
    });

    test(`${by} when a run waits for its turn lets it have that for two days`, async () => {
      const before = await world.begin(withClock('first', 0), { ...nightly, trigger: 'http' });
      await world.request(withClock('first', wrong));
      await failRun(before, 'for the test', withClock('first', 0));
      assert.equal((await resumeStalledRuns(withClock('first', wrong))).extracts.length, 1);
      world.later(47 * hour);
      const asked = () => requestRun({ ...nightly, trigger: 'http' }, withClock('first', 0));
      assert.equal((await asked()).outcome, 'busy');
      world.later(2 * hour);
      assert.equal((await asked()).outcome, 'started');
    });

    test(`${by} when a run was planned lets it stay paused for the time allowed`, async () => {
      await runOf(withClock('first', 0));
      const held = withClock('empty', wrong);
      const runId = await runOf(held);
      assert.equal((await statusOf(runId, held)).status, 'held');
      const right = withClock('empty', 0);
      for (const [hours, status] of [
        [19, 'held'],
        [2, 'expired'],
      ] as const) {
        world.later(hours * hour);
        await resumeStalledRuns(right);
        assert.equal((await statusOf(runId, right)).status, status);
      }
    });
  }

  test('and that a version believed gives a run its turn for no longer than two days', async () => {
    const { runs } = withClock('first', 0);
    await world.begin(withClock('first', 0));
    const found = await runs.activeRun.read();
    assert.ok(found);
    const since = new Date(world.time().getTime() + 21 * day * 60_000).toISOString();
    await world.blobs().write('turn.json', JSON.stringify({ ...found, since }));
    world.later(day);
    assert.equal((await requestRun(nightly, withClock('first', 0))).outcome, 'waits');
    // The turn was written anew for the run that waits.
    world.later(25 * hour);
    assert.equal((await requestRun(nightly, withClock('first', 0))).outcome, 'started');
  });

  test('by three weeks when DfE asks to wait does not stop a later run from sending', async () => {
    const retryAfterMs = 30 * 60_000;
    const post = () =>
      Promise.resolve({
        kind: 'none',
        why: 'later',
        status: 429,
        text: '',
        mayHold: false,
        tries: 1,
        retryAfterMs,
      } as const);
    await runOf(withClock('first', 21 * day, { post }));
    world.later(day);
    const next = withClock('later', 0);
    const runId = await runOf(next);
    await world.ticks(next);
    await assertInStep(runId, next, 'later');
  });
});

describe('the number of a run', () => {
  test('is one more than that of the run before, whatever asked for it', async () => {
    const dependencies = withClock('first', 0);
    const ids = [await runOf(dependencies)];
    world.later(day);
    ids.push(
      (await world.run(dependencies, { trigger: 'http', requestedBy: 'a person', scope: 'all' })) ?? '',
    );
    const plans = await Promise.all(ids.map((id) => dependencies.runs.plan.read(id)));
    assert.deepEqual(
      plans.map((plan) => plan?.number),
      [1, 2],
    );
  });

  test('goes on above what the staging table knows when the container of the runs is lost', async () => {
    const first = withClock('first', 30 * day);
    await runOf(first);
    await runOf(withClock('later', 30 * day));
    world.later(day);
    const blobs = new MemoryBlobs(() => world.time());
    const { ledger } = first;
    const next = withClock('first', 0, { runs: runStore(blobs), ledger });
    // A guard holds it, since nobody knows any more which receiver the table is about.
    const runId = await runOf(next);
    await world.approve(runId, next);
    await assertInStep(runId, next, 'first');
    assert.equal((await next.runs.plan.read(runId))?.number, 3);
    assert.equal((await next.runs.activeRun.read())?.number, 3);
  });

  test('goes on above what the container knows when the staging table is restored', async () => {
    const first = withClock('first', 0);
    await runOf(first);
    await setColumns('sent_run_number = NULL');
    world.later(day);
    const next = withClock('later', 0);
    const runId = await runOf(next);
    await assertInStep(runId, next, 'later');
    assert.equal((await next.runs.plan.read(runId))?.number, 2);
  });

  test('is above whatever a version without numbers has sent, also with a clock that was ahead', async () => {
    await runOf(withClock('first', 30 * day));
    await setColumns('sent_run_number = NULL, open_posts = NULL');
    world.later(day);
    const next = withClock('later', 0);
    await assertInStep(await runOf(next), next, 'later');
  });
});

describe('a run that a version without numbers has planned', () => {
  test('is sent after the upgrade', async () => {
    const dependencies = withClock('first', 0);
    const { runs } = dependencies;
    const runId = await world.begin(dependencies);
    const chunks = await extractRun(runId, dependencies);
    const plan = await runs.plan.read(runId);
    assert.ok(plan);
    const { number, ...asBefore } = plan;
    assert.equal(number, 1);
    await world.blobs().write(`runs/${runId}/plan.json`, JSON.stringify(asBefore));
    for (const chunk of chunks) await sendChunk(chunk, dependencies);
    await assertInStep(runId, dependencies, 'first');
  });

  test('leaves a child alone that a run with a number has sent', async () => {
    const dependencies = withClock('first', 0);
    const runId = await world.begin(dependencies);
    const chunks = await extractRun(runId, dependencies);
    await setColumns('sent_run_number = 7');
    const plan = await dependencies.runs.plan.read(runId);
    const { number, ...asBefore } = plan ?? {};
    assert.equal(number, 1);
    await world.blobs().write(`runs/${runId}/plan.json`, JSON.stringify(asBefore));
    for (const chunk of chunks) await sendChunk(chunk, dependencies);
    const { status, totals } = await statusOf(runId, dependencies);
    assert.deepEqual([status, totals?.accepted], ['completedWithFailures', 0]);
  });
});

describe('a run whose children have changed meanwhile', () => {
  test('says how many, in its event as well, and is not shown as successful, since DfE does not have them', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = withClock('first', 0, { telemetry });
    const runId = await world.begin(dependencies);
    const chunks = await extractRun(runId, dependencies);
    // As a builder of Data to Insight does that runs beside it.
    await setColumns('current_hash = NULL');
    for (const chunk of chunks) await sendChunk(chunk, dependencies);
    const { status, totals, figures, explanation } = await statusOf(runId, dependencies);
    assert.equal(status, 'completedWithFailures');
    assert.equal(totals?.superseded, figures?.toSend);
    assert.match(explanation ?? '', /^\d+ children (were )?not sent/);
    assert.ok(await reportRun(runId, dependencies));
    const [{ measurements } = assert.fail('no event'), ...others] = telemetry.named('RunCompleted');
    assert.deepEqual(others, []);
    const { toSend, accepted, refused, superseded } = measurements;
    assert.deepEqual([accepted, refused, superseded], [0, 0, toSend], 'as the alert not-sent looks for it');
    world.later(day);
    const next = withClock('first', 0);
    await assertInStep(await runOf(next), next, 'first');
  });
});
