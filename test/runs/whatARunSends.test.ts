import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { cancelRun } from '../../shared/runs/approveOrCancel.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { failRun } from '../../shared/runs/finishRun.js';
import type { ChunkMessage } from '../../shared/records/chunk.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { parseFaults } from '../local/dfe/faults.js';
import { aWorld, byHand, type Dependencies } from './world.js';
import { decider } from './pausedRun.js';
import { statusOf } from './statusOf.js';

const world = aWorld();
beforeEach(() => world.fresh());

describe('a run that is cancelled', () => {
  test('before its extract ends reading and sends nothing', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    await cancelRun(runId, decider, dependencies);
    assert.deepEqual(await extractRun(runId, dependencies), []);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.match(status.explanation ?? '', /Cancelled by a person: a reason/);
    assert.equal(world.dfe.statistics.posts, 0);
  });

  test('between two ranges stops there', async () => {
    let runId = '';
    const dependencies = world.dependencies(
      'first',
      {},
      {
        around: async (write, name) => {
          const result = await write();
          if (name?.endsWith('progress.json')) await cancelRun(runId, decider, world.dependencies('first'));
          return result;
        },
      },
    );
    runId = await world.begin(dependencies);
    assert.deepEqual(await extractRun(runId, dependencies), []);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.equal(status.progress?.rangesDone, 1);
  });

  test('while sending sends no further chunk, and the next run sends the rest', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [first, ...others] = await extractRun(runId, dependencies);
    assert.ok(first);
    await sendChunk(first, dependencies);
    await cancelRun(runId, decider, dependencies);
    for (const message of others) await sendChunk(message, dependencies);
    assert.equal(world.dfe.statistics.posts, 1);
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'cancelled');
    assert.equal(status.totals?.outstanding, (status.figures?.toSend ?? 0) - (status.totals?.accepted ?? 0));

    await world.run(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('after everything is sent has completed', async () => {
    const dependencies = world.dependencies('first');
    const runId = await world.run(dependencies);
    assert.equal((await cancelRun(runId ?? '', decider, dependencies)).outcome, 'too late');
  });
});

describe('a chunk that must no longer be sent', () => {
  async function aChunk(): Promise<{ dependencies: Dependencies; message: ChunkMessage; runId: string }> {
    const dependencies = world.dependencies('first');
    const runId = await world.begin(dependencies);
    const [message] = await extractRun(runId, dependencies);
    assert.ok(message);
    return { dependencies, message, runId };
  }

  test('is not sent when the settings now name another receiver', async () => {
    const { dependencies, message } = await aChunk();
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    await sendChunk(message, { ...dependencies, receiver });
    assert.equal(world.dfe.statistics.posts, 0);
  });

  test('leaves the table to the receiver whose acknowledgements it holds', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('later');
    const runId = await world.begin(dependencies);
    await extractRun(runId, dependencies);
    world.loseMessages();
    const receiver = { receiver: 'live', baseUrl: 'https://live.example' } as const;
    await world.ticks(world.dependencies('later', { receiver }));
    assert.ok((await statusOf(runId, dependencies)).endedAt !== undefined);
    const live = world.dependencies('later', { receiver });
    const status = await statusOf(await world.run(live), live);
    assert.deepEqual(
      status.objections?.map(({ guard }) => guard),
      ['otherReceiver'],
    );
  });

  test('is not sent when its run has since failed', async () => {
    const { dependencies, message, runId } = await aChunk();
    await failRun(runId, 'a test', dependencies);
    await sendChunk(message, dependencies);
    assert.equal(world.dfe.statistics.posts, 0);
    assert.deepEqual(await extractRun(runId, dependencies), []);
  });
});

describe('two attempts at a chunk at the same time', () => {
  test('clear no doubt for each other: the next run corrects what DfE took without an answer', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('later', {
      chunkLimits: { maxChildren: 100, maxBytes: 190_000 },
    });
    const runId = await world.begin(dependencies);
    const [message] = await extractRun(runId, dependencies);
    assert.ok(message);
    const toldToSlowDown = { kind: 'none', why: 'later', status: 429, text: '', tries: 1 } as const;
    let hasPosted: () => void = () => undefined;
    const posted = new Promise<void>((resolve) => (hasPosted = resolve));
    const one = sendChunk(message, {
      ...dependencies,
      post: async () => {
        // It has claimed; meanwhile the other one claims and posts, and DfE takes it.
        await posted;
        return { ...toldToSlowDown, mayHold: false };
      },
    });
    const other = sendChunk(message, {
      ...dependencies,
      post: async (children) => {
        await dependencies.post(children);
        hasPosted();
        return { kind: 'none', why: 'later', status: 'network', text: '', mayHold: true, tries: 1 };
      },
    });
    const attempts = await Promise.allSettled([one, other]);
    assert.ok(attempts.every(({ status }) => status === 'rejected'));
    assert.deepEqual(world.dfe.children(), await world.expected('later'));

    world.later(49 * 60);
    await world.run(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });
});

describe('a run of named children', () => {
  test('says how many of them were not found', async () => {
    await world.run(world.dependencies('first'));
    const dependencies = world.dependencies('first');
    const there = world.dfe.children()[0]?.la_child_id ?? '';
    const runId = await world.run(dependencies, {
      ...byHand,
      scope: 'children',
      children: [there, 'NOBODY'],
    });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.figures?.namedNotFound, 1);
    assert.equal(status.totals?.accepted, 1);
  });
});

describe('a chunk that is given up', () => {
  test('keeps what DfE has answered, in the result and in the ledger', async () => {
    const expected = await world.expected('first');
    const bad = expected[0]?.la_child_id ?? '';
    world.dfe.setFaults(parseFaults(`refuse=${bad},refuse-text`));
    const chunkLimits = { maxChildren: 100, maxBytes: 190_000 };
    const dependencies = world.dependencies('first', { chunkLimits });
    let posts = 0;
    const runId = await world.run({
      ...dependencies,
      post: async (children) => {
        posts += 1;
        // After the first two splits DfE is down.
        if (posts > 3) return { kind: 'none', why: 'later', status: 503, text: '', mayHold: true, tries: 1 };
        return dependencies.post(children);
      },
    });
    const status = await statusOf(runId, dependencies);
    assert.equal(status.status, 'completedWithFailures');
    const accepted = world.dfe.children().length;
    assert.equal(status.totals?.accepted, accepted);
    assert.equal(status.totals.outstanding, expected.length - accepted - status.totals.refused);
    const answer = await dependencies.ledger.answerTo(runId ?? '', 1);
    assert.equal(answer?.children.filter(({ outcome }) => outcome === 'accepted').length, accepted);
  });
});
