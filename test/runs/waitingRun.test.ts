import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { parseFaults } from '../local/dfe/faults.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { aWorld, nightly } from './world.js';
import { statusOf } from './statusOf.js';
import { twoLanes, hour, asksToWait, aDfe } from './dfeThatFails.js';

const world = aWorld();
beforeEach(() => world.fresh());

describe('a run that DfE asks to wait for hours', () => {
  /** @param asked how often DfE asks for it, in place of an answer */
  async function aWaitingRun(hours = 3, asked = 1) {
    const dfe = aDfe(world, (_, post) => (post <= asked ? asksToWait(hours) : undefined));
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { ...twoLanes, ...dfe, telemetry });
    const begun = dependencies.now().getTime();
    const runId = (await world.run(dependencies)) ?? '';
    return { dfe, dependencies, runId, begun, telemetry };
  }

  test('says until when it waits, and sends nothing meanwhile', async () => {
    const { dfe, dependencies, runId, begun, telemetry } = await aWaitingRun();
    const { posts } = dfe;
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'sending');
    const until = Date.parse(status.waitsUntil ?? '');
    assert.ok(until >= begun + 3 * hour && until < begun + 3 * hour + 60_000);
    assert.match(status.explanation ?? '', /\(429\).* DfE asked not to be sent anything until 20/);
    const [event, ...others] = telemetry.named('RunWaits');
    assert.equal(event?.measurements.waitMs, 3 * hour);
    assert.deepEqual(others, []);
    for (let tick = 0; tick < 4; tick += 1) {
      world.later(40);
      assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
    }
    assert.equal(dfe.posts, posts);
    assert.equal(posts, 1, 'no other lane has posted either');
  });

  test('reads the wait from the header Retry-After', async () => {
    world.dfe.setFaults(parseFaults('429=100%:7200'));
    const dependencies = world.dependencies('first', twoLanes);
    const begun = dependencies.now().getTime();
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.ok(Date.parse(status.waitsUntil ?? '') >= begun + 2 * hour);
    assert.equal(world.dfe.statistics.posts, 1);
  });

  test('continues after that, each lane at the chunk where it was, and then completes', async () => {
    const { dependencies, runId } = await aWaitingRun();
    world.later(3 * 60 + 1);
    const { chunks } = await resumeStalledRuns(dependencies);
    assert.deepEqual(
      chunks.map(({ chunk }) => chunk),
      [1, 2],
    );
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
    assert.equal((await statusOf(runId, dependencies)).waitsUntil, undefined);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('keeps what was answered before, and does not send it again', async () => {
    const simulated = world.dependencies('first');
    const bad = (await world.expected('first'))[0]?.la_child_id ?? '';
    world.dfe.setFaults(parseFaults(`refuse=${bad},refuse-text`));
    let posts = 0;
    const dependencies = world.dependencies('first', {
      chunkLimits: { maxChildren: 100, maxBytes: 190_000 },
      post: async (payloads) => {
        posts += 1;
        return posts === 6 ? asksToWait(2) : simulated.post(payloads);
      },
    });
    const runId = await world.run(dependencies);
    const { acceptedChildren } = world.dfe.statistics;
    world.later(3 * 60);
    await world.ticks(dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.refused, 1);
    assert.equal(world.dfe.statistics.acceptedChildren, status.totals.accepted);
    assert.ok(acceptedChildren < status.totals.accepted);
  });

  test('keeps its wait when DfE asks another sender for a shorter one', async () => {
    const { dependencies, runId } = await aWaitingRun(3, 0);
    const { runs } = world.dependencies('first');
    const since = dependencies.now().toISOString();
    const at = (hours: number) => new Date(Date.parse(since) + hours * hour).toISOString();
    const reason = 'DfE could not take the batch now (429).';
    await runs.wait.record(runId, { since, until: at(3), reason });
    await runs.wait.record(runId, { since: at(0.01), until: at(1), reason });
    assert.equal((await runs.wait.read(runId))?.until, at(3));
  });

  test('is not doubled in a lane whose sender was still at work when the wait ended', async () => {
    const dependencies = world.dependencies('first', twoLanes);
    const runId = await world.begin(dependencies);
    const [one, two] = await extractRun(runId, dependencies);
    assert.ok(one && two);
    let ticked: readonly ChunkMessage[] | undefined;
    const { next } = await sendChunk(two, {
      ...dependencies,
      post: async (payloads) => {
        const told = { ...dependencies, post: () => Promise.resolve(asksToWait(0.2)) };
        assert.ok((await sendChunk(one, told)).waitsUntil !== undefined);
        world.later(13);
        await dependencies.runs.noteSending(runId, dependencies.now());
        ticked = (await resumeStalledRuns(dependencies)).chunks;
        return dependencies.post(payloads);
      },
    });
    assert.deepEqual(ticked, []);
    assert.ok(next);
    assert.equal((await sendChunk(next, dependencies)).next, undefined, 'it waits like all others');
    world.later(11);
    assert.deepEqual(
      (await resumeStalledRuns(dependencies)).chunks.map(({ chunk }) => chunk),
      [1, 4],
    );
  });

  test('records meanwhile what DfE has already answered', async () => {
    const dependencies = world.dependencies('first', twoLanes);
    const runId = await world.begin(dependencies);
    const [one, two] = await extractRun(runId, dependencies);
    assert.ok(one && two);
    class WithoutDatabase extends StagingTable {
      override settle(): Promise<never> {
        return Promise.reject(new Error('no database now'));
      }
    }
    const failing = new WithoutDatabase(world.database, dependencies.stagingTable);
    await assert.rejects(sendChunk(one, { ...dependencies, staging: failing }));
    await sendChunk(two, { ...dependencies, post: () => Promise.resolve(asksToWait(3)) });
    const sent = async () =>
      (await world.stagingRows()).filter((row) => row['submission_status'] === 'Sent').length;
    assert.equal(await sent(), 0);
    assert.equal((await sendChunk(one, dependencies)).accepted, 2);
    assert.equal(await sent(), 2);
  });

  test('lets the nightly run wait behind it, and the nightly run sends in the end', async () => {
    const { dependencies, runId } = await aWaitingRun(20);
    const next = world.dependencies('later', twoLanes);
    world.later(12 * 60);
    const nextId = await world.request(next, nightly);
    assert.equal((await statusOf(nextId, next)).status, 'requested');
    world.later(9 * 60);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    await world.ticks(next);
    assert.equal((await statusOf(nextId, next)).status, 'completed');
  });

  test('ends soon when a person cancels it', async () => {
    const { dfe, dependencies, runId } = await aWaitingRun(20);
    const { posts } = dfe;
    await cancelRun(runId, { by: 'a person', reason: 'enough' }, dependencies);
    assert.equal((await statusOf(runId, dependencies)).waitsUntil, undefined);
    world.later(11);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'cancelled');
    assert.equal(dfe.posts, posts);
  });

  test('stops when it would lose its turn before', async () => {
    for (const hours of [49, Number.MAX_SAFE_INTEGER]) {
      await world.fresh();
      const { dfe, dependencies, runId } = await aWaitingRun(hours, 100);
      const status = await statusOf(runId, dependencies);
      assert.equal(status.status, 'unavailable');
      assert.match(status.explanation ?? '', /later than a run may go on/);
      assert.equal(dfe.posts, 1);
    }
  });

  test('stops when it has waited several times for nothing', async () => {
    const { dfe, dependencies, runId } = await aWaitingRun(1, 1000);
    for (let hours = 0; hours < 12; hours += 1) {
      world.later(61);
      await world.ticks(dependencies);
    }
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'unavailable');
    assert.match(status.explanation ?? '', /4 times in a row to wait/);
    assert.ok(dfe.posts <= 8, `${String(dfe.posts)} posts`);
  });

  test('is resumed like any other by a version that does not know about waits', async () => {
    const { dependencies, runId } = await aWaitingRun();
    // What version 0.1 does after 30 minutes: a sign, and the messages again.
    world.later(40);
    const resumed = JSON.stringify({ at: dependencies.now().toISOString() });
    await world.blobs().write(`runs/${runId}/resumed.json`, resumed);
    assert.equal(await dependencies.runs.wait.read(runId), undefined);
  });

  describe('by a clock that is 30 days ahead', () => {
    const reason = 'DfE could not take the batch now (429).';
    const days = 24 * hour;
    const ahead = () => new Date(world.time().getTime() + 30 * days);
    const untilAfter = (since: Date, hours: number) => ({
      since: since.toISOString(),
      until: new Date(since.getTime() + hours * hour).toISOString(),
      reason,
    });

    test('waits for as long as it was asked to', async () => {
      const dfe = aDfe(world, (_, post) => (post === 1 ? asksToWait(3) : undefined));
      const runId = await world.run(world.dependencies('first', { ...twoLanes, ...dfe, now: ahead }));
      const right = world.dependencies('first', { ...twoLanes, ...dfe });
      const { waitsUntil = '' } = await statusOf(runId, right);
      assert.ok(Math.abs(Date.parse(waitsUntil) - world.time().getTime() - 3 * hour) < hour / 60, waitsUntil);
      const { posts } = dfe;
      world.later(2 * 60);
      await world.ticks(right);
      assert.equal(dfe.posts, posts);
      world.later(30);
      await world.ticks(right);
      assert.equal((await statusOf(runId, right)).status, 'completed');
    });

    test('continues at once when an earlier version believed that clock, and delays no later run', async () => {
      const dfe = aDfe(world, (_, post) => (post === 1 ? asksToWait(3) : undefined));
      const told = world.dependencies('first', { ...twoLanes, ...dfe, now: ahead });
      const runId = (await world.run(told)) ?? '';
      await world.blobs().write(`runs/${runId}/wait.json`, JSON.stringify(untilAfter(ahead(), 3)));
      const right = world.dependencies('first', twoLanes);
      await world.ticks(right);
      assert.equal((await statusOf(runId, right)).status, 'completed');
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
      world.later(24 * 60);
      const next = world.dependencies('later', twoLanes);
      assert.equal((await statusOf(await world.run(next), next)).status, 'completed');
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
    });

    test('waits no longer than a sender with the right clock is asked to', async () => {
      const { runs } = world.dependencies('first');
      const runId = await world.begin(world.dependencies('first'));
      await runs.wait.record(runId, untilAfter(ahead(), 3));
      const right = untilAfter(world.time(), 1);
      await runs.wait.record(runId, right);
      assert.deepEqual(await runs.wait.read(runId), right);
    });

    test('and resumed under that clock, still waits when DfE asks again', async () => {
      const { runs } = world.dependencies('first');
      const runId = await world.begin(world.dependencies('first'));
      await runs.wait.record(runId, untilAfter(world.time(), 3));
      await runs.wait.recordResumption(runId, ahead());
      assert.equal(await runs.wait.read(runId), undefined);
      await runs.wait.recordResumption(runId, ahead());
      assert.equal(await runs.wait.read(runId), undefined, 'a wait that has ended stays over');
      world.later(1);
      const asked = untilAfter(world.time(), 2);
      await runs.wait.record(runId, asked);
      assert.deepEqual(await runs.wait.read(runId), asked);
    });
  });
});
