import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { DfeAnswer } from '../../shared/dfe/answer.js';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { parseFaults } from '../local/dfe/faults.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { aWorld, nightly, type Interference } from './world.js';
import { statusOf } from './statusOf.js';

const world = aWorld();
beforeEach(() => world.fresh());

const twoLanes = { lanes: 2, chunkLimits: { maxChildren: 2, maxBytes: 190_000 } };
const hour = 60 * 60_000;

const failure = { kind: 'none', why: 'later', status: 500, text: '', mayHold: true, tries: 1 } as const;
/** @param hours for which DfE asks to be left alone */
function asksToWait(hours: number): DfeAnswer {
  return { ...failure, status: 429, mayHold: false, retryAfterMs: hours * hour };
}

/** DfE that answers as it is told, and as ever where it is told nothing. */
function aDfe(answer: (payloads: readonly object[], post: number) => DfeAnswer | undefined) {
  let posts = 0;
  const simulated = world.dependencies('first');
  return {
    get posts() {
      return posts;
    },
    post: async (payloads: readonly object[]): Promise<DfeAnswer> => {
      posts += 1;
      return answer(payloads, posts) ?? simulated.post(payloads);
    },
    probe: () => Promise.resolve('accepted' as const),
  };
}

describe('DfE that fails whatever has children in it, and accepts a POST without any', () => {
  test('stops the run after a few chunks, and the explanation says so', async () => {
    const dfe = aDfe(() => failure);
    const dependencies = world.dependencies('first', { ...twoLanes, ...dfe });
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(status.status, 'unavailable');
    assert.ok((status.chunks?.planned ?? 0) > 6);
    assert.ok(dfe.posts <= 4 * 5, `${String(dfe.posts)} posts`);
    assert.match(status.explanation ?? '', /accepts a POST without children, .* last 3 chunks/);
    assert.equal(status.totals?.outstanding, status.figures?.toSend);

    world.later(24 * 60);
    const next = world.dependencies('first');
    assert.equal((await statusOf(await world.night(next), next)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  for (const [how, unanswered] of [
    ['fails for the rest', failure],
    ['asks to wait about the rest', asksToWait(1)],
  ] as const) {
    test(`stops it also when it refuses children of each chunk, one an attempt, and ${how}`, async () => {
      const text = JSON.stringify({ errors: { '[0].child_details.postcode': ['is not right'] } });
      // The child that is named is posted alone, and then the rest.
      const dfe = aDfe((_, post) =>
        post % 3 === 0 ? unanswered : { kind: 'refused', status: 400, text, mayHold: false, tries: 1 },
      );
      const six = { lanes: 1, chunkLimits: { maxChildren: 6, maxBytes: 190_000 } };
      const dependencies = world.dependencies('first', { ...six, ...dfe });
      const runId = await world.night(dependencies);
      for (let hours = 0; hours < 12; hours += 1) {
        world.later(61);
        await world.ticks(dependencies);
      }
      const status = await statusOf(runId, dependencies);
      assert.equal(status.status, 'unavailable');
      assert.ok((status.chunks?.planned ?? 0) > 3);
      assert.ok(dfe.posts <= 3 * 5 * 3, `${String(dfe.posts)} posts`);
      assert.equal(status.totals?.refused, dfe.posts / 3, 'what it has refused is recorded');
      assert.match(status.explanation ?? '', /accepted no child/);
    });
  }

  test('does not stop it for one or two chunks that it cannot take', async () => {
    const expected = await world.expected('first');
    const bad = new Set([expected[0]?.la_child_id, expected[4]?.la_child_id]);
    const dfe = aDfe((payloads) =>
      payloads.some((one) => 'la_child_id' in one && bad.has(String(one.la_child_id))) ? failure : undefined,
    );
    const dependencies = world.dependencies('first', { ...twoLanes, ...dfe });
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(status.status, 'completedWithFailures');
    assert.equal(status.totals?.outstanding, 4);
    assert.match(status.explanation ?? '', /DfE could not take the batch now \(500\)/);
  });
});

describe('a wrong number of receipts', () => {
  test('names itself in a run that goes on', async () => {
    const simulated = world.dependencies('first');
    let posts = 0;
    const dependencies = world.dependencies('first', {
      ...twoLanes,
      post: async (payloads) => {
        posts += 1;
        // The first chunk, as often as the queue gives it.
        world.dfe.setFaults(posts <= 5 ? parseFaults('count=100%') : {});
        return simulated.post(payloads);
      },
      probe: () => Promise.resolve('accepted'),
    });
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(status.status, 'completedWithFailures');
    assert.match(status.explanation ?? '', /DfE answered with 1 receipts for 2 children/);
  });

  test('names itself in a run that it stops', async () => {
    world.dfe.setFaults(parseFaults('count=100%'));
    const dependencies = world.dependencies('first', {
      ...twoLanes,
      probe: () => Promise.resolve('accepted'),
    });
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.equal(status.status, 'unavailable');
    assert.match(status.explanation ?? '', /DfE answered with 1 receipts for 2 children/);
  });
});

describe('a run that DfE asks to wait for hours', () => {
  /** @param asked how often DfE asks for it, in place of an answer */
  async function aWaitingRun(hours = 3, asked = 1) {
    const dfe = aDfe((_, post) => (post <= asked ? asksToWait(hours) : undefined));
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { ...twoLanes, ...dfe, telemetry });
    const begun = dependencies.now().getTime();
    const runId = (await world.night(dependencies)) ?? '';
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

  test('was told so by the header Retry-After', async () => {
    world.dfe.setFaults(parseFaults('429=100%:7200'));
    const dependencies = world.dependencies('first', twoLanes);
    const begun = dependencies.now().getTime();
    const status = await statusOf(await world.night(dependencies), dependencies);
    assert.ok(Date.parse(status.waitsUntil ?? '') >= begun + 2 * hour);
    assert.equal(world.dfe.statistics.posts, 1);
  });

  test('goes on after that, each lane at the chunk where it was, and then completes', async () => {
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
    const runId = await world.night(dependencies);
    const { acceptedChildren } = world.dfe.statistics;
    world.later(3 * 60);
    await world.ticks(dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.refused, 1);
    assert.equal(world.dfe.statistics.acceptedChildren, status.totals.accepted);
    assert.ok(acceptedChildren < status.totals.accepted);
  });

  test('keeps its wait when another sender is told of a shorter one', async () => {
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

  test('settles meanwhile what DfE has answered already', async () => {
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

  test('is taken up like any other by a version that knows of no wait', async () => {
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
      const dfe = aDfe((_, post) => (post === 1 ? asksToWait(3) : undefined));
      const runId = await world.night(world.dependencies('first', { ...twoLanes, ...dfe, now: ahead }));
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

    test('that a version noted which believed it goes on at once, and keeps no later run from its turn', async () => {
      const dfe = aDfe((_, post) => (post === 1 ? asksToWait(3) : undefined));
      const told = world.dependencies('first', { ...twoLanes, ...dfe, now: ahead });
      const runId = (await world.night(told)) ?? '';
      await world.blobs().write(`runs/${runId}/wait.json`, JSON.stringify(untilAfter(ahead(), 3)));
      const right = world.dependencies('first', twoLanes);
      await world.ticks(right);
      assert.equal((await statusOf(runId, right)).status, 'completed');
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
      world.later(24 * 60);
      const next = world.dependencies('later', twoLanes);
      assert.equal((await statusOf(await world.night(next), next)).status, 'completed');
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
    });

    test('waits no longer than another sender is told whose clock is right', async () => {
      const { runs } = world.dependencies('first');
      const runId = await world.begin(world.dependencies('first'));
      await runs.wait.record(runId, untilAfter(ahead(), 3));
      const right = untilAfter(world.time(), 1);
      await runs.wait.record(runId, right);
      assert.deepEqual(await runs.wait.read(runId), right);
    });

    test('and that was taken up again by it waits all the same when it is asked to after that', async () => {
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

describe('a chunk whose outcome cannot be recorded', () => {
  const refusing = (name: RegExp): Interference => ({
    around: (write, blob) =>
      blob !== undefined && name.test(blob) ? Promise.reject(new Error('the blob refuses it')) : write(),
  });

  for (const [what, refused] of [
    ['where results are refused', /\/results\//],
    ['where results and the cancellation are refused', /\/(results|cancellation)/],
  ] as const) {
    test(`is not posted any more after three attempts, ${what}, and an event says so`, async () => {
      const telemetry = recordedTelemetry();
      const one = { lanes: 1, chunkLimits: twoLanes.chunkLimits, telemetry };
      const dependencies = world.dependencies('first', one, refusing(refused));
      await world.night(dependencies);
      for (let tick = 0; tick < 4; tick += 1) {
        world.later(40);
        const { chunks } = await resumeStalledRuns(dependencies);
        for (const message of chunks) {
          for (let attempt = 0; attempt < 5; attempt += 1) {
            await sendChunk(message, dependencies).catch(() => undefined);
          }
        }
      }
      assert.equal(world.dfe.statistics.posts, 3);
      const [event] = telemetry.named('ChunkUnrecorded');
      assert.equal(event?.dimensions.chunk, '1');
      assert.equal(event.measurements.attempts, 3);
    });
  }

  test('stops its run, which says why, and is sent by the next night', async () => {
    const telemetry = recordedTelemetry();
    let isRefused = true;
    const dependencies = world.dependencies(
      'first',
      { lanes: 1, chunkLimits: twoLanes.chunkLimits, telemetry },
      {
        around: (write, blob) =>
          isRefused && blob?.includes('/results/') === true ? Promise.reject(new Error('no')) : write(),
      },
    );
    const runId = await world.night(dependencies);
    isRefused = false;
    await world.ticks(dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'unavailable');
    assert.match(status.explanation ?? '', /What came of 3 attempts to send chunk 1 could not be recorded/);
    assert.equal(world.dfe.statistics.posts, 3);
    const next = world.dependencies('first');
    await world.night(next);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('is not meant when each attempt is recorded, however many there are', async () => {
    const telemetry = recordedTelemetry();
    const dfe = aDfe(() => failure);
    const dependencies = world.dependencies('first', { ...dfe, telemetry });
    await world.night(dependencies);
    assert.deepEqual(telemetry.named('ChunkUnrecorded'), []);
  });

  test('is not meant when nothing was posted, since the ledger refuses the entry before it', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry }, refusing(/^ledger\//));
    await world.night(dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
    assert.deepEqual(telemetry.named('ChunkUnrecorded'), []);
  });

  test('posts nothing at all where nothing can be written before', async () => {
    const dependencies = world.dependencies('first', {}, refusing(/\/attempts\//));
    await world.night(dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
  });
});
