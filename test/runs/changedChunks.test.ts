import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failRun } from '../../shared/runs/finishRun.js';
import { eraseChild } from '../../shared/dataSubject/erasure.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { chunkSchema, type Chunk, type ChunkMessage } from '../../shared/records/chunk.js';
import { planSchema } from '../../shared/records/plan.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { statusOf } from './statusOf.js';
import { world, aRun, playOut } from './plannedRun.js';

type Child = Chunk['children'][number];

/** Writes a chunk over, with other content. */
async function changed({ blob }: ChunkMessage, change: (chunk: Chunk) => Chunk): Promise<void> {
  const content = await world.blobs().read(blob);
  const chunk = chunkSchema.parse(JSON.parse(content ?? ''));
  await world.blobs().write(blob, JSON.stringify(change(chunk)));
}

/** As version 0.1 wrote it. */
async function withoutHashes(runId: RunId): Promise<void> {
  const name = `runs/${runId}/plan.json`;
  const { number, chunkHashes, ...plan } = planSchema.parse(
    JSON.parse((await world.blobs().read(name)) ?? ''),
  );
  assert.equal(chunkHashes?.length, plan.chunks);
  assert.ok(number !== undefined);
  await world.blobs().write(name, JSON.stringify(plan));
}

function firstChild(change: (child: Child) => Child): (chunk: Chunk) => Chunk {
  return (chunk) => ({
    ...chunk,
    children: chunk.children.map((child, place) => (place === 0 ? change(child) : child)),
  });
}

/** What can be told of a chunk that was changed, whether its plan has a hash of it or not. */
const attacks: readonly [string, (chunk: Chunk) => Chunk, string][] = [
  [
    'a payload that says something else',
    firstChild((child) => ({ ...child, payload: { ...child.payload, child_details: {} } })),
    'otherPayload',
  ],
  [
    'a payload that says more',
    firstChild((child) => ({ ...child, payload: { ...child.payload, extra: 1 } })),
    'otherPayload',
  ],
  [
    'a payload that says more than what DfE is to hold afterwards',
    firstChild((child) => ({
      ...child,
      payload: { ...child.payload, extra: 1 },
      holds: { json: JSON.stringify(child.payload) },
    })),
    'otherPayload',
  ],
  [
    'the id of another child in a payload',
    firstChild((child) => ({ ...child, payload: { ...child.payload, la_child_id: 'OTHER' } })),
    'otherChild',
  ],
  [
    'a payload under the id of another child',
    firstChild((child) => ({ ...child, personId: 'OTHER' })),
    'otherChild',
  ],
  [
    'a purge entry of another child',
    firstChild((child) => ({
      ...child,
      change: 'Deleted',
      payload: { la_child_id: 'OTHER', purge: true },
      holds: 'nothing',
    })),
    'otherChild',
  ],
  [
    'a purge entry in place of a payload',
    firstChild((child) => ({
      ...child,
      change: 'Deleted',
      payload: { la_child_id: child.personId, purge: true },
      holds: 'nothing',
    })),
    'otherPayload',
  ],
  [
    'a child that DfE is to hold nothing of, and its whole payload',
    firstChild((child) => ({ ...child, holds: 'nothing' })),
    'otherPayload',
  ],
  ['the id of another run', (chunk) => ({ ...chunk, runId: '20260811T020000000Z-00000a' }), 'otherChunk'],
  ['another number', (chunk) => ({ ...chunk, chunk: 2 }), 'otherChunk'],
];

describe('a chunk that was changed after its run was planned', () => {
  const onlyByHash: typeof attacks = [
    ['a child less', (chunk) => ({ ...chunk, children: chunk.children.slice(1) }), ''],
    ['its children in another order', (chunk) => ({ ...chunk, children: chunk.children.toReversed() }), ''],
    [
      'a child that is said to be erased',
      firstChild((child) => ({
        ...child,
        payload: {},
        holds: 'nothing',
        erasedAt: '2026-08-11T02:00:00.000Z',
      })),
      '',
    ],
  ];
  for (const [what, change, reason] of [...attacks, ...onlyByHash]) {
    test(`and has ${what} is not sent; the rest of the run is, and says so`, async () => {
      const { dependencies, telemetry, runId, message, plan, reasons } = await aRun();
      await changed(message(1), change);
      const { turnedAway, next } = await sendChunk(message(1), dependencies);
      assert.equal(turnedAway, reason === 'otherChunk' ? reason : 'changed');
      assert.equal(next?.chunk, 3);
      assert.deepEqual(reasons(), [turnedAway]);
      assert.equal(telemetry.named('ChunkPoisoned').length, 1);
      assert.equal(world.dfe.statistics.posts, 0);
      await playOut(runId, dependencies);
      const { status, explanation, totals } = await statusOf(runId, dependencies);
      assert.equal(status, 'completedWithFailures');
      assert.match(explanation ?? '', /not answered for 3 children.* Chunk 1 not sent: /);
      assert.equal(totals?.accepted, plan.figures.toSend - 3);
      // Nothing is lost by it.
      await world.run(world.dependencies('first'));
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  }

  test('is not recorded either when DfE has already answered it', async () => {
    const { dependencies, runId, message, reasons } = await aRun();
    await sendChunk(message(1), dependencies);
    const rows = await world.stagingRows();
    await changed(
      message(1),
      firstChild((child) => ({ ...child, holds: 'nothing' })),
    );
    assert.equal((await sendChunk(message(1), dependencies)).turnedAway, 'changed');
    assert.deepEqual(reasons(), ['changed']);
    assert.deepEqual(await world.stagingRows(), rows);
    assert.ok((await dependencies.runs.result.read({ runId, chunk: 1 }))?.failure === undefined);
  });
});

describe('a run that version 0.1 has planned', () => {
  test('is sent, approved or not paused', async () => {
    const { dependencies, runId } = await aRun();
    await withoutHashes(runId);
    await playOut(runId, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
    await failRun(runId, 'a test', dependencies);

    const later = await aRun('later');
    await withoutHashes(later.runId);
    await playOut(later.runId, later.dependencies);
    assert.deepEqual(later.reasons(), []);
    assert.deepEqual(world.dfe.children(), await world.expected('later'));
  });

  for (const [what, change, reason] of attacks) {
    test(`does not send a chunk that has ${what}`, async () => {
      const { dependencies, runId, message, reasons } = await aRun();
      await withoutHashes(runId);
      await changed(message(1), change);
      assert.equal((await sendChunk(message(1), dependencies)).turnedAway, reason);
      assert.deepEqual(reasons(), [reason]);
      assert.equal(world.dfe.statistics.posts, 0);
    });
  }

  test('is not confused with a plan of this version that has lost its hashes', async () => {
    const { dependencies, runId, message } = await aRun();
    const name = `runs/${runId}/plan.json`;
    const plan = planSchema.parse(JSON.parse((await world.blobs().read(name)) ?? ''));
    await world.blobs().write(name, JSON.stringify({ ...plan, chunkHashes: undefined }));
    assert.equal((await sendChunk(message(1), dependencies)).turnedAway, 'noHash');
    await world.blobs().write(name, JSON.stringify({ ...plan, chunkHashes: plan.chunkHashes?.slice(0, 1) }));
    assert.equal((await sendChunk(message(2), dependencies)).turnedAway, 'noHash');
    assert.equal(world.dfe.statistics.posts, 0);
  });
});

describe('a chunk of which a child was erased', () => {
  test('still matches its plan, and its other children are sent', async () => {
    const { dependencies, runId, message, reasons } = await aRun();
    const [erased] = (await dependencies.runs.chunk.read(message(1)))?.children ?? [];
    assert.ok(erased);
    const { ledger, staging, now, randomHex } = dependencies;
    const asker = { by: 'a person', reason: 'a request' };
    // As a version that did not wait for the run that is held.
    const runs = runStore(new MemoryBlobs(() => world.time()));
    const erasing = { blobs: world.blobs(), runs, ledger, staging, now, randomHex };
    const done = await eraseChild(erased.personId, asker, erasing, noDeadline);
    assert.ok(done.erased);
    await playOut(runId, dependencies);
    assert.deepEqual(reasons(), []);
    const expected = await world.expected('first');
    assert.deepEqual(
      world.dfe.children(),
      expected.filter(({ la_child_id }) => la_child_id !== erased.personId),
    );
  });
});
