import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { parseFaults } from '../local/dfe/faults.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import type { Interference } from './interference.js';
import { aWorld } from './world.js';
import { statusOf } from './statusOf.js';
import { twoLanes, failure, asksToWait, aDfe } from './dfeThatFails.js';

const world = aWorld();
beforeEach(() => world.fresh());

describe('DfE that fails every POST with children in it, and accepts one without', () => {
  test('stops the run after a few chunks, and the explanation says so', async () => {
    const dfe = aDfe(world, () => failure);
    const dependencies = world.dependencies('first', { ...twoLanes, ...dfe });
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'unavailable');
    assert.ok((status.chunks?.planned ?? 0) > 6);
    assert.ok(dfe.posts <= 4 * 5, `${String(dfe.posts)} posts`);
    assert.match(status.explanation ?? '', /accepts a POST without children, .* last 3 chunks/);
    assert.equal(status.totals?.outstanding, status.figures?.toSend);

    world.later(24 * 60);
    const next = world.dependencies('first');
    assert.equal((await statusOf(await world.run(next), next)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  for (const [how, unanswered] of [
    ['fails for the rest', failure],
    ['asks to wait about the rest', asksToWait(1)],
  ] as const) {
    test(`stops it also when it refuses children of each chunk, one an attempt, and ${how}`, async () => {
      const text = JSON.stringify({ errors: { '[0].child_details.postcode': ['is not right'] } });
      // The child that is named is posted alone, and then the rest.
      const dfe = aDfe(world, (_, post) =>
        post % 3 === 0 ? unanswered : { kind: 'refused', status: 400, text, mayHold: false, tries: 1 },
      );
      const six = { lanes: 1, chunkLimits: { maxChildren: 6, maxBytes: 190_000 } };
      const dependencies = world.dependencies('first', { ...six, ...dfe });
      const runId = await world.run(dependencies);
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
    const dfe = aDfe(world, (payloads) =>
      payloads.some((one) => 'la_child_id' in one && bad.has(String(one.la_child_id))) ? failure : undefined,
    );
    const dependencies = world.dependencies('first', { ...twoLanes, ...dfe });
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'completedWithFailures');
    assert.equal(status.totals?.outstanding, 4);
    assert.match(status.explanation ?? '', /DfE could not take the batch now \(500\)/);
  });
});

describe('a wrong number of receipts', () => {
  test('is named in a run that continues', async () => {
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
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'completedWithFailures');
    assert.match(status.explanation ?? '', /DfE answered with 1 receipts for 2 children/);
  });

  test('is named in a run that it stops', async () => {
    world.dfe.setFaults(parseFaults('count=100%'));
    const dependencies = world.dependencies('first', {
      ...twoLanes,
      probe: () => Promise.resolve('accepted'),
    });
    const status = await statusOf(await world.run(dependencies), dependencies);
    assert.equal(status.status, 'unavailable');
    assert.match(status.explanation ?? '', /DfE answered with 1 receipts for 2 children/);
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
    test(`is no longer posted after three attempts, ${what}, and an event says so`, async () => {
      const telemetry = recordedTelemetry();
      const one = { lanes: 1, chunkLimits: twoLanes.chunkLimits, telemetry };
      const dependencies = world.dependencies('first', one, refusing(refused));
      await world.run(dependencies);
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

  test('stops its run, which says why, and is sent by the next run', async () => {
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
    const runId = await world.run(dependencies);
    isRefused = false;
    await world.ticks(dependencies);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'unavailable');
    assert.match(status.explanation ?? '', /What came of 3 attempts to send chunk 1 could not be recorded/);
    assert.equal(world.dfe.statistics.posts, 3);
    const next = world.dependencies('first');
    await world.run(next);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('does not stop a run when each attempt is recorded, however many there are', async () => {
    const telemetry = recordedTelemetry();
    const dfe = aDfe(world, () => failure);
    const dependencies = world.dependencies('first', { ...dfe, telemetry });
    await world.run(dependencies);
    assert.deepEqual(telemetry.named('ChunkUnrecorded'), []);
  });

  test('does not stop a run when nothing was posted because the ledger refused the entry before it', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry }, refusing(/^ledger\//));
    await world.run(dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
    assert.deepEqual(telemetry.named('ChunkUnrecorded'), []);
  });

  test('posts nothing at all where nothing can be written before', async () => {
    const dependencies = world.dependencies('first', {}, refusing(/\/attempts\//));
    await world.run(dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
  });
});
