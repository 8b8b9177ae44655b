import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { extractRun } from '../../shared/runs/extractRun.js';
import { requestRun, type Requested } from '../../shared/runs/requestRun.js';
import type { RunId } from '../../shared/records/runId.js';
import type { RunStore } from '../../shared/records/runStore.js';
import { recentRuns } from '../../shared/records/runStatus.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { killedAt } from './interference.js';
import { aWorld, byHand, nightly, type Dependencies } from './world.js';
import { aPausedRun, decider } from './pausedRun.js';
import { unhurried } from '../records/whole.js';
import { statusOf } from './statusOf.js';

const world = aWorld();
beforeEach(() => world.fresh());

describe('one run at a time', () => {
  test('is the only one from its request to its end', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'requested');
    const messages = await extractRun(runId, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    assert.deepEqual(await requestRun(byHand, dependencies), { outcome: 'busy', runId });
    for (const message of messages) await sendChunk(message, dependencies);
    assert.equal((await requestRun(byHand, dependencies)).outcome, 'started');
  });

  test('starts even when many people ask at the same moment', async () => {
    const dependencies = world.dependencies('first');
    const requested = await Promise.all(Array.from({ length: 8 }, () => requestRun(byHand, dependencies)));
    const started = requested.flatMap((each) => (each.outcome === 'started' ? [each.message.runId] : []));
    assert.equal(started.length, 1);
    const [winner] = started;
    for (const each of requested) {
      if (each.outcome !== 'started') assert.deepEqual(each, { outcome: 'busy', runId: winner });
    }
  });

  test('lets the nightly run wait for one in progress, and begins it when that has ended', async () => {
    const dependencies = world.dependencies('first');
    const first = await world.begin(dependencies, byHand);
    const waiting = await requestRun(nightly, dependencies);
    assert.equal(waiting.outcome, 'waits');
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });

    for (const message of await extractRun(first, dependencies)) await sendChunk(message, dependencies);
    // A person who asks now would come before the nightly run.
    assert.equal((await requestRun(byHand, dependencies)).outcome, 'busy');
    const { extracts } = await resumeStalledRuns(dependencies);
    assert.deepEqual(extracts, [{ runId: waiting.runId }]);
    assert.equal((await statusOf(waiting.runId, dependencies)).trigger, 'timer');
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
  });

  test('begins after two days at most, even when the run before it cannot be ended', async () => {
    const dependencies = world.dependencies('first');
    await world.begin(dependencies);
    world.later(49 * 60);
    assert.equal((await requestRun(byHand, dependencies)).outcome, 'started');
  });
});

describe('a nightly run that is waiting when the next one is due', () => {
  /** A run that a person asked for, and the first nightly run waiting for it. */
  async function aWaitingRun() {
    const dependencies = world.dependencies('first');
    const byHandId = await world.begin(dependencies, byHand);
    const waitingId = (await world.request(dependencies)) ?? '';
    world.later(24 * 60);
    return { dependencies, byHandId, waitingId };
  }

  async function assertReplaced(dependencies: Dependencies, runId: string): Promise<void> {
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'replaced');
    assert.ok(status.endedAt !== undefined);
    assert.match(status.explanation ?? '', /next nightly run took its place/);
    assert.equal(status.totals?.posts, 0);
  }

  test('ends as replaced, and the next one waits in its place', async () => {
    const { dependencies, byHandId, waitingId } = await aWaitingRun();
    const nextId = await world.request(dependencies);
    await assertReplaced(dependencies, waitingId);
    assert.equal((await statusOf(nextId, dependencies)).status, 'requested');
    for (const message of await extractRun(byHandId, dependencies)) await sendChunk(message, dependencies);
    await world.ticks(dependencies);
    assert.equal((await statusOf(nextId, dependencies)).status, 'completed');
    await assertReplaced(dependencies, waitingId);
  });

  test('ends as replaced when the run it waited for has ended just then, and the next one begins', async () => {
    const { dependencies, byHandId, waitingId } = await aWaitingRun();
    for (const message of await extractRun(byHandId, dependencies)) await sendChunk(message, dependencies);
    const nextId = await world.run(dependencies);
    await resumeStalledRuns(dependencies);
    await assertReplaced(dependencies, waitingId);
    assert.equal((await statusOf(nextId, dependencies)).status, 'completed');
  });

  test('ends as replaced when a guard holds the run it waited for', async () => {
    await world.run(world.dependencies('first'));
    const empty = world.dependencies('empty');
    const heldId = await world.begin(empty, byHand);
    const waitingId = (await world.request(empty)) ?? '';
    await extractRun(heldId, empty);
    const next = world.dependencies('later');
    const nextId = await world.run(next);
    await resumeStalledRuns(next);
    assert.equal((await statusOf(heldId, next)).status, 'expired');
    await assertReplaced(next, waitingId);
    assert.equal((await statusOf(nextId, next)).status, 'completed');
  });

  test('ends as replaced at whichever write the next one is killed', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (let nth = 1; nth <= 3; nth += 1) {
        await world.fresh();
        const { dependencies, waitingId, byHandId } = await aWaitingRun();
        await requestRun(nightly, world.dependencies('first', {}, killedAt(nth, moment))).catch(
          () => undefined,
        );
        for (const message of await extractRun(byHandId, dependencies))
          await sendChunk(message, dependencies);
        await world.ticks(dependencies);
        const where = `killed ${moment} write ${String(nth)}`;
        const ends = (await recentRuns(10, dependencies.runs, unhurried)).runs.map(({ status }) => status);
        const { status } = await statusOf(waitingId, dependencies);
        // Killed before it had the place, it has replaced nothing.
        assert.equal(status, nth === 1 && moment === 'before' ? 'completed' : 'replaced', where);
        assert.ok(ends.includes('completed') && !ends.includes('requested'), `${where}: ${ends.join()}`);
      }
    }
  });

  test('is ended by the next check for stalled runs when an earlier version left it as requested', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const leftId = await leftBehind(runId, dependencies, 'aaaaaa');
    await resumeStalledRuns(dependencies);
    await assertReplaced(dependencies, leftId);
    assert.equal((await statusOf(runId, dependencies)).status, 'requested');
  });

  for (const outcome of ['started', 'waits'] as const) {
    test(`is not confused with a run requested (${outcome}) during a check for stalled runs`, async () => {
      const dependencies = world.dependencies('first');
      await world.run(dependencies);
      if (outcome === 'waits') await world.begin(dependencies, byHand);
      let asked: Requested | undefined;
      const { runs } = dependencies;
      const runIds = async () => {
        asked = await requestRun(nightly, dependencies);
        return runs.runIds();
      };
      await resumeStalledRuns({ ...dependencies, runs: { ...runs, runIds } });
      assert.equal(asked?.outcome, outcome);
      const runId = asked.outcome === 'started' ? asked.message.runId : asked.runId;
      assert.equal((await statusOf(runId, dependencies)).status, 'requested');
    });
  }
});

/** A run of the past like the one that has the turn, which has no end and neither has the turn nor waits. */
async function leftBehind(runId: RunId, { runs }: Dependencies, random: string, wish = {}): Promise<RunId> {
  const request = await runs.request.read(runId);
  assert.ok(request);
  const leftId = runId.replace(/.{6}$/, random);
  await runs.request.create({ ...request, ...wish, runId: leftId });
  return leftId;
}

describe('a run that lost its turn without ending', () => {
  const cancellation = { at: '2026-08-11T02:00:00.000Z', by: 'schedule' };
  const progress = { rangesDone: 1, ranges: 2, personsRead: 1, cohort: 1, toSend: 1 };

  test('is ended by the next check for stalled runs, whatever it was doing; the run that has the turn is not', async () => {
    const dependencies = world.dependencies('first');
    const { runs } = dependencies;
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    const plan = await runs.plan.read(runId);
    assert.ok(plan);
    const left: [RunId, string][] = [];
    const leave = async (random: string, status: string, wish = {}) => {
      const leftId = await leftBehind(runId, dependencies, random, wish);
      left.push([leftId, status]);
      return leftId;
    };
    await leave('aaaaaa', 'failed', byHand);
    await runs.progress.write(await leave('bbbbbb', 'failed'), progress);
    await runs.plan.create(await leave('cccccc', 'failed'), plan);
    const expired = await leave('dddddd', 'expired');
    await runs.plan.create(expired, { ...plan, held: true });
    await runs.approval.create(expired, cancellation);
    await runs.cancellation.create(expired, { ...cancellation, cause: 'expiry' });
    await runs.plan.create(await leave('eeeeee', 'completed'), { ...plan, dryRun: true });
    const unreadable = await leave('ffffff', 'failed');
    for (const record of ['plan', 'cancellation']) {
      await world.blobs().write(`runs/${unreadable}/${record}.json`, '{"version":"of the future"}');
    }
    const past = '20250101T020000000Z-abcdef';
    await world.blobs().write(`runs/${past}/request.json`, '{"version":"of the past"}');
    await resumeStalledRuns(dependencies);
    for (const [id, status] of left) assert.equal((await runs.summary.read(id))?.status, status, id);
    assert.equal((await runs.summary.read(past))?.status, 'failed');
    assert.match((await runs.summary.read(expired))?.explanation ?? '', /approved at the moment/);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
  });

  test('is not the result of an approval at the moment when the next run ends the paused one', async () => {
    const { runId, dependencies: held } = await aPausedRun(world);
    world.later(24 * 60);
    // The approver's process ends right after it has recorded the approval.
    const dependencies = world.dependencies('later');
    const { runs } = dependencies;
    const approvedBefore: RunStore['cancellation'] = {
      ...runs.cancellation,
      create: async (...wanted) => {
        await runs.approval.create(runId, { at: cancellation.at, ...decider });
        return runs.cancellation.create(...wanted);
      },
    };
    const next = await requestRun(nightly, {
      ...dependencies,
      runs: { ...runs, cancellation: approvedBefore },
    });
    assert.equal(next.outcome, 'waits', 'its chunks may be under way');
    await world.ticks(dependencies);
    const { status, explanation, totals, figures } = await statusOf(runId, held);
    assert.equal(status, 'expired');
    assert.match(explanation ?? '', /approved at the moment/);
    assert.deepEqual([totals?.posts, totals?.outstanding], [0, figures?.toSend]);
    assert.equal((await statusOf(next.runId, dependencies)).status, 'completed');
  });
});
