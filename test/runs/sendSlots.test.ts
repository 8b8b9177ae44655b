import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { extractRun } from '../../shared/runs/extractRun.js';
import { firstMessages } from '../../shared/runs/sendSlots.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { settlePoisonedChunk } from '../../shared/runs/settlePoisoned.js';
import { parseFaults } from '../local/dfe/faults.js';
import { aWorld, type Dependencies } from './world.js';

const world = aWorld();
beforeEach(() => world.fresh());

const twoLanes = { lanes: 2, chunkLimits: { maxChildren: 2, maxBytes: 190_000 } };

/** A run with its first messages, and how many chunks it has. */
async function aRun(): Promise<{
  dependencies: Dependencies;
  first: ChunkMessage[];
  chunks: number;
  runId: string;
}> {
  const dependencies = world.dependencies('first', twoLanes);
  const runId = await world.begin(dependencies);
  const first = await extractRun(runId, dependencies);
  const chunks = (await dependencies.runs.plan.read(runId))?.chunks ?? 0;
  assert.ok(chunks > 6);
  return { dependencies, first, chunks, runId };
}

describe('the lanes of a run', () => {
  test('have one message each, and each chunk puts the next one of its lane on the queue', async () => {
    const { dependencies, first, chunks } = await aRun();
    assert.deepEqual(
      first.map(({ chunk }) => chunk),
      [1, 2],
    );
    const sent: number[] = [];
    const waiting = [...first];
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      const { next } = await sendChunk(message, dependencies);
      sent.push(message.chunk);
      if (next !== undefined) waiting.push(next);
      assert.ok(waiting.length <= 2);
    }
    assert.deepEqual(
      sent,
      Array.from({ length: chunks }, (_, index) => index + 1),
    );
    assert.equal(world.dfe.statistics.posts, chunks);
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('are not doubled by a message that comes twice', async () => {
    const { dependencies, first } = await aRun();
    const [one] = first;
    assert.ok(one);
    const { next } = await sendChunk(one, dependencies);
    assert.ok(next);
    // The process died before its output was written: the repetition gives it again.
    assert.deepEqual((await sendChunk(one, dependencies)).next, next);
    await sendChunk(next, dependencies);
    assert.equal((await sendChunk(one, dependencies)).next, undefined);
  });

  test('continue after a chunk that was given up', async () => {
    const { dependencies, first, runId } = await aRun();
    world.dfe.setFaults({ down: true });
    const [one] = first;
    assert.ok(one);
    await assert.rejects(sendChunk(one, dependencies));
    const { givenUp, next } = await settlePoisonedChunk(one, dependencies);
    assert.ok(givenUp);
    assert.equal(next?.chunk, 3);
    assert.equal((await settlePoisonedChunk(one, dependencies)).givenUp, false);
    assert.equal((await runStatus(runId, dependencies.runs))?.totals?.chunks, 1);
  });

  test('include one that lost its message, which a later check resumes', async () => {
    const { dependencies, first, runId } = await aRun();
    const [one] = first;
    assert.ok(one);
    let message: ChunkMessage | undefined = one;
    while (message !== undefined) message = (await sendChunk(message, dependencies)).next;
    assert.equal((await runStatus(runId, dependencies.runs))?.status, 'sending');
    await world.ticks(dependencies);
    assert.equal((await runStatus(runId, dependencies.runs))?.status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('begin where the settled chunks of each end', () => {
    const plan = { attempt: 'a', chunks: 7, lanes: 3 };
    const open = (...settled: number[]) =>
      firstMessages('20260811T020000000Z-000000', plan, new Set(settled)).map(({ chunk }) => chunk);
    assert.deepEqual(open(), [1, 2, 3]);
    assert.deepEqual(open(1, 4, 2, 6), [7, 5, 3]);
    assert.deepEqual(open(1, 2, 3, 4, 5, 6, 7), []);
  });
});

describe('when DfE takes nothing', () => {
  test('the run stops early, says so, and leaves every child outstanding for the next run', async () => {
    world.dfe.setFaults({ down: true });
    const dependencies = world.dependencies('first', twoLanes);
    const runId = await world.run(dependencies);
    const status = await runStatus(runId ?? '', dependencies.runs);
    assert.equal(status?.status, 'unavailable');
    assert.match(status.explanation ?? '', /could not take|could not be reached|token endpoint/);
    assert.equal(status.totals?.outstanding, status.figures?.toSend);
    // Four attempts in a row, each with its repetitions, and not five of every chunk.
    assert.ok(world.dfe.statistics.tokensRefused + world.dfe.statistics.posts <= 4 * 3);

    world.dfe.setFaults({});
    await world.run(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  for (const [what, faults] of [
    ['the key', '403=100%'],
    ['the token', '401=100%'],
  ] as const) {
    test(`for it does not accept ${what}, the run stops at the first chunk and names the credential`, async () => {
      world.dfe.setFaults(parseFaults(faults));
      const dependencies = world.dependencies('first', twoLanes);
      const status = await runStatus((await world.run(dependencies)) ?? '', dependencies.runs);
      assert.equal(status?.status, 'unavailable');
      assert.match(status.explanation ?? '', /DFE_SUPPLIER_KEY/);
      assert.equal(status.totals?.refused, 0);
      assert.ok(world.dfe.statistics.posts <= 6, `${String(world.dfe.statistics.posts)} posts`);
    });
  }

  test('of one chunk, and answers otherwise, the run ends with failures and every other chunk is sent', async () => {
    const [bad] = await world.expected('first');
    const dependencies = world.dependencies('first', twoLanes);
    const isBad = (children: readonly object[]) =>
      children.some((child) => 'la_child_id' in child && child.la_child_id === bad?.la_child_id);
    const status = await runStatus(
      (await world.run({
        ...dependencies,
        post: (children) =>
          isBad(children)
            ? Promise.resolve({ kind: 'none', why: 'later', status: 500, text: '', mayHold: true, tries: 1 })
            : dependencies.post(children),
      })) ?? '',
      dependencies.runs,
    );
    assert.equal(status?.status, 'completedWithFailures');
    assert.equal(status.totals?.outstanding, 2);
    assert.equal(status.totals.accepted, (status.figures?.toSend ?? 0) - 2);
  });

  test('now and then, the run goes on', async () => {
    world.dfe.setFaults(parseFaults('503=40%'));
    const dependencies = world.dependencies('first', twoLanes);
    const status = await runStatus((await world.run(dependencies)) ?? '', dependencies.runs);
    assert.equal(status?.status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('a dead token endpoint leaves nothing in doubt', async () => {
    world.dfe.setFaults(parseFaults('token=100%'));
    await world.run(world.dependencies('first', twoLanes));
    const rows = await world.stagingRows();
    assert.ok(rows.length > 5);
    assert.ok(rows.every((row) => row['unanswered_json_payload'] === null));
  });
});

describe('the pace of a run', () => {
  test('leaves at least the set time between the posts of a lane', async () => {
    let time = Date.parse('2026-08-11T02:00:00Z');
    const begun: number[] = [];
    const dependencies = world.dependencies('first', { ...twoLanes, lanes: 1, leastMsPerPost: 500 });
    const { post } = dependencies;
    await world.run({
      ...dependencies,
      now: () => new Date(time),
      pause: (ms) => {
        time += ms;
        return Promise.resolve();
      },
      post: (children) => {
        begun.push(time);
        time += 120;
        return post(children);
      },
    });
    assert.ok(begun.length > 6);
    for (const [index, at] of begun.entries()) {
      const before = begun[index - 1];
      if (before !== undefined) assert.ok(at - before >= 500, `${String(at - before)} ms`);
    }
  });
});
