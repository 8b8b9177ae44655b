import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import { recentRuns } from '../../shared/records/runStatus.js';
import { settlePoisonedChunk } from '../../shared/runs/settlePoisoned.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { aWorld, nightly } from './world.js';
import { unhurried } from '../records/whole.js';
import { statusOf } from './statusOf.js';

const world = aWorld();
beforeEach(() => world.fresh());

describe('a run that died', () => {
  test('between its record and its message begins at a later check for stalled runs', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    assert.deepEqual((await resumeStalledRuns(dependencies)).extracts, []);
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('with its messages lost is completed at the next check, and the next run then has its turn', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [first] = await extractRun(runId, dependencies);
    assert.ok(first);
    await sendChunk(first, dependencies);
    world.loseMessages();
    const { posts } = world.dfe.statistics;

    world.later(24 * 60);
    const next = world.dependencies('later');
    const nextId = await world.run(next);
    const resumed = await statusOf(runId, dependencies);
    assert.equal(resumed.status, 'completed');
    assert.equal(resumed.chunks?.done, resumed.chunks?.planned);
    assert.equal(world.dfe.statistics.posts, posts + (resumed.chunks?.planned ?? 0) - 1);
    await world.ticks(next);
    assert.equal((await statusOf(nextId, next)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  test('just before its summary gets the summary at a later check', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    const noSummary = world.dependencies(
      'first',
      {},
      {
        around: (write, name) =>
          name?.endsWith('summary.json') ? Promise.reject(new Error('killed')) : write(),
      },
    );
    for (const message of messages) await sendChunk(message, noSummary).catch(() => undefined);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    const { posts } = world.dfe.statistics;
    await world.ticks(dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.equal(world.dfe.statistics.posts, posts);
  });

  test('while reading the SSD has passed nothing to be sent', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    const states = new Set((await world.stagingRows()).map((row) => row['submission_status']));
    assert.ok(states.has('Staged') && !states.has('Pending'));
  });

  test('is left alone while it shows signs of life', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const messages = await extractRun(runId, dependencies);
    assert.ok(messages.length > 1);
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
    world.later(40);
    assert.deepEqual((await resumeStalledRuns(dependencies)).chunks, messages);
    // The tick itself was a sign; it is the host's clock that tells.
    world.later(-40);
    assert.deepEqual(await resumeStalledRuns(dependencies), { extracts: [], chunks: [] });
  });

  test('is not a run whose sender shows signs of life, however long its POST takes', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [message, ...others] = await extractRun(runId, dependencies);
    assert.ok(message);
    for (const other of others) await sendChunk(other, dependencies);
    const signs = new Set<() => Promise<unknown>>();
    const ticks: number[] = [];
    await sendChunk(message, {
      ...dependencies,
      every: (ms, act) => {
        assert.ok(ms < 10 * 60_000, 'more than one sign in the time after which a run counts as dead');
        signs.add(act);
        return () => signs.delete(act);
      },
      post: async (children) => {
        for (let sign = 0; sign < 3; sign += 1) {
          world.later(25);
          for (const give of signs) await give();
          ticks.push((await resumeStalledRuns(dependencies)).chunks.length);
        }
        return dependencies.post(children);
      },
    });
    assert.deepEqual(ticks, [0, 0, 0]);
    assert.equal(signs.size, 0, 'and none when it has ended');
  });

  test('with its sender gets its message again', async () => {
    const dependencies = world.dependencies('first');
    const [message] = await extractRun(await world.begin(dependencies), dependencies);
    assert.ok(message);
    let resumed: readonly ChunkMessage[] = [];
    await sendChunk(message, {
      ...dependencies,
      post: async (children) => {
        world.later(35);
        resumed = (await resumeStalledRuns(dependencies)).chunks;
        return dependencies.post(children);
      },
    });
    assert.ok(resumed.some(({ chunk }) => chunk === message.chunk));
  });

  test('twice while reading the SSD leaves the chunks of the attempt that made the plan', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [one, other] = await Promise.all([
      extractRun(runId, dependencies),
      extractRun(runId, world.dependencies('first')),
    ]);
    assert.deepEqual(one, other);
    for (const message of [...one, ...other]) await sendChunk(message, dependencies);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
    assert.equal(world.dfe.statistics.posts, one.length);
  });
});

describe('a record that another version has written', () => {
  const holding = { maxLeaversPercent: 0, maxTableFallPercent: 100, maxIdChurnPercent: 100 };
  test('does not stop a later run, and is shown as unreadable', async () => {
    const old = '20260101T020000000Z-abcdef';
    const { runs } = world.dependencies('first');
    const request = { ...nightly, runId: old, requestedAt: '2026-01-01T02:00:00.000Z' };
    await runs.request.create({ ...request, today: plainDate('2026-01-01') });
    await world.blobs().write(`runs/${old}/plan.json`, '{"version":"of the past"}');
    const dependencies = world.dependencies('first');
    assert.equal((await statusOf(await world.run(dependencies), dependencies)).status, 'completed');
    const { runs: listed } = await recentRuns(10, runs, unhurried);
    assert.deepEqual(
      listed.map(({ status }) => status),
      ['completed', 'unreadable'],
    );
  });

  for (const [what, kind] of [
    ['that is in progress', {}],
    ['that a safety check has paused', { guardLimits: holding }],
  ] as const) {
    test(`of a run ${what} does not stop the next run`, async () => {
      await world.run(world.dependencies('first'));
      const before = world.dependencies('later', kind);
      const runId = await world.begin(before);
      const messages = await extractRun(runId, before);
      assert.equal(messages.length === 0, 'guardLimits' in kind);
      await world.blobs().write(`runs/${runId}/plan.json`, '{"version":"another"}');

      const dependencies = world.dependencies('later');
      const next = await world.run(dependencies);
      assert.notEqual(next, runId);
      assert.equal((await statusOf(next, dependencies)).status, 'completed');
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
      assert.equal((await dependencies.runs.summary.read(runId))?.status, 'failed');
      // What is left of its messages comes to an end by itself.
      for (const message of messages) {
        await assert.rejects(sendChunk(message, dependencies));
        assert.equal((await settlePoisonedChunk(message, dependencies)).next, undefined);
      }
      assert.deepEqual(world.dfe.children(), await world.expected('later'));
    });
  }

  test('hides no other run, even when it is the request', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.run(dependencies);
    const old = '20260101T020000000Z-abcdef';
    await world.blobs().write(`runs/${old}/request.json`, '{"version":"of the past"}');
    const { runs: listed } = await recentRuns(10, dependencies.runs, unhurried);
    assert.deepEqual(
      listed.map((run) => run.runId),
      [runId],
    );
  });

  test('of a chunk ends only that chunk, not the run', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [first, ...others] = await extractRun(runId, dependencies);
    assert.ok(first);
    await world.blobs().write(first.blob, '{}');
    await assert.rejects(sendChunk(first, dependencies));
    await settlePoisonedChunk(first, dependencies);
    for (const message of others) await sendChunk(message, dependencies);
    assert.equal((await statusOf(runId, dependencies)).chunks?.done, 1 + others.length);
    assert.ok((await statusOf(runId, dependencies)).endedAt !== undefined);
  });
});
