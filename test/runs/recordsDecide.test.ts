import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { approveRun, cancelRun } from '../../shared/runs/approveOrCancel.js';
import { failRun } from '../../shared/runs/finishRun.js';
import { eraseChild } from '../../shared/dataSubject/erasure.js';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { Ledger } from '../../shared/records/ledger.js';
import { startSending } from '../../shared/runs/startSending.js';
import { chunkSchema, type Chunk, type ChunkMessage, chunkMessageOf } from '../../shared/records/chunk.js';
import { planSchema } from '../../shared/records/plan.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import { UnreadableRecordError } from '../../shared/records/record.js';
import { runStatus } from '../../shared/records/runStatus.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import { settlePoisonedChunk, settlePoisonedExtract } from '../../shared/runs/settlePoisoned.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { aWorld, nightly, type Dependencies, type SsdName } from './world.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';

const world = aWorld();
beforeEach(() => world.fresh());

type Child = Chunk['children'][number];

/** A run whose first messages are in hand, and what is told about it. */
async function aRun(ssd: SsdName = 'first', overrides: Partial<Dependencies> = {}) {
  const telemetry = recordedTelemetry();
  const dependencies = world.dependencies(ssd, {
    telemetry,
    lanes: 2,
    chunkLimits: { maxChildren: 3, maxBytes: 190_000 },
    ...overrides,
  });
  const runId = await world.begin(dependencies, { ...nightly, trigger: 'http', scope: 'all' });
  const messages = await extractRun(runId, dependencies);
  const plan = await dependencies.runs.plan.read(runId);
  assert.ok(plan !== undefined && plan.chunks > 4);
  const message = (chunk: number) => chunkMessageOf(runId, plan, chunk);
  const reasons = () => telemetry.named('ChunkTurnedAway').map(({ dimensions: { reason } }) => reason);
  return { dependencies, telemetry, runId, plan, messages, message, reasons };
}

/** A run that a safety check has paused: everybody has left the cohort. */
async function aHeldRun() {
  await world.night(world.dependencies('first'));
  const { posts } = world.dfe.statistics;
  const run = await aRun('empty', {
    guardLimits: { maxLeaversPercent: 5, maxTableFallPercent: 100, maxIdChurnPercent: 100 },
  });
  assert.ok(run.plan.held);
  return { ...run, postsBefore: posts };
}

async function statusOf({ runs }: Dependencies, runId: RunId) {
  const status = await runStatus(runId, runs);
  assert.ok(status !== undefined);
  return status;
}

/** Plays a run to its end, from the messages that a tick would give. */
async function playOut(runId: RunId, dependencies: Dependencies): Promise<void> {
  const waiting = await startSending(runId, dependencies);
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const { next } = await sendChunk(one, dependencies);
    if (next !== undefined) waiting.push(next);
  }
}

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

describe('a message that the records of its run do not bear out', () => {
  test('sends nothing of a run that a safety check has paused, and leaves it to be approved', async () => {
    const { dependencies, runId, plan, message, reasons, postsBefore } = await aHeldRun();
    for (let chunk = 1; chunk <= plan.chunks; chunk += 1) {
      assert.equal((await sendChunk(message(chunk), dependencies)).turnedAway, 'notApproved');
      assert.equal((await settlePoisonedChunk(message(chunk), dependencies)).turnedAway, 'notApproved');
    }
    assert.equal(world.dfe.statistics.posts, postsBefore);
    assert.equal((await statusOf(dependencies, runId)).status, 'held');
    assert.equal(reasons().length, 2 * plan.chunks);
    await world.approve(runId, dependencies);
    assert.equal((await statusOf(dependencies, runId)).status, 'completed');
    assert.deepEqual(world.dfe.children(), []);
  });

  test('sends nothing of a dry run, and nothing before there is a plan', async () => {
    const telemetry = recordedTelemetry();
    const dependencies = world.dependencies('first', { telemetry });
    const runId = await world.begin(dependencies, { ...nightly, dryRun: true });
    const early = { runId, chunk: 1, blob: `runs/${runId}/chunks/a/00001.json` };
    assert.equal((await sendChunk(early, dependencies)).turnedAway, 'noPlan');
    assert.equal((await settlePoisonedChunk(early, dependencies)).turnedAway, 'noPlan');
    await extractRun(runId, dependencies);
    const plan = await dependencies.runs.plan.read(runId);
    assert.ok(plan?.dryRun);
    const late = chunkMessageOf(runId, plan, 1);
    assert.equal((await sendChunk(late, dependencies)).turnedAway, 'dryRun');
    assert.equal((await settlePoisonedChunk(late, dependencies)).turnedAway, 'dryRun');
    assert.equal(world.dfe.statistics.posts, 0);
    assert.deepEqual(await dependencies.runs.result.settledChunks(runId), new Set());
  });

  test('sends neither the blob of another run nor a chunk that the plan does not have', async () => {
    const other = await aRun('first');
    await failRun(other.runId, 'a test', other.dependencies);
    const { dependencies, runId, plan, message, reasons } = await aRun('first');
    const forged = [
      { ...message(1), blob: other.message(1).blob },
      { ...message(1), blob: message(2).blob },
      { ...message(1), chunk: 999 },
      message(plan.chunks + 1),
    ];
    for (const one of forged) {
      assert.notEqual((await sendChunk(one, dependencies)).turnedAway, undefined);
      assert.equal((await settlePoisonedChunk(one, dependencies)).givenUp, false);
    }
    assert.equal(world.dfe.statistics.posts, 0);
    assert.deepEqual(
      reasons(),
      ['otherBlob', 'otherBlob', 'notInPlan', 'notInPlan'].flatMap((reason) => [reason, reason]),
    );
    await playOut(runId, dependencies);
    assert.equal((await statusOf(dependencies, runId)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('sends nothing of a run that has ended or lost its turn, and the chunk says why', async () => {
    for (const [why, lose] of [
      ['runEnded', (run: Run) => failRun(run.runId, 'a test', run.dependencies)],
      ['lostTurn', (run: Run) => takeTurnFrom(run)],
    ] as const) {
      const run = await aRun();
      await lose(run);
      const { dependencies, runId, messages, reasons } = run;
      const [message] = messages;
      assert.ok(message);
      assert.equal((await sendChunk(message, dependencies)).turnedAway, why);
      assert.deepEqual(reasons(), [why]);
      const result = await dependencies.runs.result.read({ runId, chunk: 1 });
      assert.equal(result?.failure, why);
      assert.ok(result.children.every(({ outcome }) => outcome === 'outstanding'));
      assert.equal(world.dfe.statistics.posts, 0);
      await failRun(runId, 'a test', dependencies);
    }
  });

  test('is no alarm where a person has cancelled the run', async () => {
    const { dependencies, runId, messages, reasons } = await aRun();
    await cancelRun(runId, { by: 'a person' }, dependencies);
    for (const message of messages) await sendChunk(message, dependencies);
    assert.deepEqual(reasons(), []);
    await playOut(runId, dependencies);
    assert.equal((await statusOf(dependencies, runId)).status, 'cancelled');
  });
});

type Run = Awaited<ReturnType<typeof aRun>>;

async function takeTurnFrom({ dependencies: { runs } }: Run): Promise<void> {
  const active = await runs.activeRun.read();
  assert.ok(active);
  const run = { ...active.run, runId: '20260811T030000000Z-ffffff' };
  await runs.activeRun.change(() => ({ next: { ...active, run }, outcome: true }));
}

describe('a poison message', () => {
  test('that is forged for a run that is sending ends it for no chunk that was not its turn', async () => {
    const { dependencies, runId, plan, message, reasons } = await aRun();
    for (const chunk of [plan.chunks, plan.chunks - 1, plan.chunks + 1, 999]) {
      const { givenUp, next } = await settlePoisonedChunk(message(chunk), dependencies);
      assert.equal(givenUp, false);
      assert.equal(next, undefined);
    }
    assert.deepEqual(reasons(), ['notReached', 'notReached', 'notInPlan', 'notInPlan']);
    assert.equal((await statusOf(dependencies, runId)).status, 'sending');
    await playOut(runId, dependencies);
    assert.equal((await statusOf(dependencies, runId)).status, 'completed');
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('leaves the result of a finished chunk as it is', async () => {
    const { dependencies, runId, messages, message, reasons } = await aRun();
    for (const one of messages) await sendChunk(one, dependencies);
    const before = await dependencies.runs.result.read({ runId, chunk: 1 });
    const { givenUp, turnedAway } = await settlePoisonedChunk(message(1), dependencies);
    assert.deepEqual({ givenUp, turnedAway }, { givenUp: false, turnedAway: 'finished' });
    assert.deepEqual(await dependencies.runs.result.read({ runId, chunk: 1 }), before);
    assert.deepEqual(reasons(), ['finished']);
  });

  test('about a chunk that is gone gives it up, and the run says how many children have no answer', async () => {
    const { dependencies, telemetry, runId, message, plan } = await aRun();
    await world.blobs().write(message(1).blob, 'not a chunk');
    assert.equal((await settlePoisonedChunk(message(1), dependencies)).turnedAway, 'unreadable');
    assert.equal(telemetry.named('ChunkPoisoned').length, 1);
    await playOut(runId, dependencies);
    const { status, explanation, totals } = await statusOf(dependencies, runId);
    assert.equal(status, 'completedWithFailures');
    assert.match(explanation ?? '', /not answered for 3 children.*Chunk 1 not sent: its blob does not hold/);
    assert.equal(totals?.accepted, plan.figures.toSend - 3);
  });
});

describe('a message about the extract of a run that does not have the turn', () => {
  test('leaves no record of a run that nobody asked for, which would hide the others in lists', async () => {
    const dependencies = world.dependencies('first');
    const runId = '99991231T235959999Z-ffffff';
    assert.equal(await settlePoisonedExtract({ runId }, dependencies), false);
    await assert.rejects(extractRun(runId, dependencies), /was never asked for/);
    assert.deepEqual(await world.blobs().list(''), []);
  });

  for (const [what, forged] of [
    [
      'when it asks for the extract',
      (runId: RunId, dependencies: Dependencies) => extractRun(runId, dependencies),
    ],
    [
      'when it is a poison message',
      (runId: RunId, dependencies: Dependencies) => settlePoisonedExtract({ runId }, dependencies),
    ],
  ] as const) {
    test(`does not stop a nightly run that waits, ${what}`, async () => {
      const { dependencies, runId } = await aRun();
      const requested = await requestRun(nightly, dependencies);
      assert.ok(requested.outcome === 'waits');
      const before = await world.blobs().list(`runs/${requested.runId}/`);
      await forged(requested.runId, dependencies);
      assert.deepEqual(await world.blobs().list(`runs/${requested.runId}/`), before);
      await playOut(runId, dependencies);
      const { extracts } = await resumeStalledRuns(dependencies);
      assert.deepEqual(extracts, [{ runId: requested.runId }]);
      await extractRun(requested.runId, dependencies);
      assert.equal((await statusOf(dependencies, requested.runId)).status, 'completed');
    });
  }
});

describe('a cancellation that cannot be read, as that of a later version', () => {
  test('sends nothing more, ends the run, and lets the next one begin', async () => {
    const { dependencies, runId, message } = await aRun();
    await world.blobs().write(`runs/${runId}/cancellation.json`, '{"cause":"of a later version"}');
    await assert.rejects(sendChunk(message(1), dependencies), UnreadableRecordError);
    assert.equal(world.dfe.statistics.posts, 0);
    await resumeStalledRuns(dependencies);
    assert.equal((await dependencies.runs.summary.read(runId))?.status, 'failed');
    await world.night(world.dependencies('first'));
    assert.deepEqual(world.dfe.children(), await world.expected('first'));
  });

  test('is a cancellation to a person who cancels, and nothing to approve to one who approves', async () => {
    const { dependencies, runId } = await aRun();
    await world.blobs().write(`runs/${runId}/cancellation.json`, '{"cause":"of a later version"}');
    const cancelled = await cancelRun(runId, { by: 'a person' }, dependencies);
    assert.deepEqual(cancelled, { outcome: 'done', summary: undefined });
    const approved = await approveRun(runId, { by: 'a person', reason: 'it is right' }, dependencies);
    assert.equal(approved.outcome, 'too late');
  });
});

describe('the end of a run', () => {
  test('is counted by the chunks of its plan', async () => {
    const { dependencies, runId, plan } = await aRun();
    const numbers = Array.from({ length: plan.chunks }, (_, place) => 900 + place);
    for (const chunk of numbers) {
      const recordedAt = world.time().toISOString();
      await dependencies.runs.result.create(runId, { chunk, recordedAt, posts: 0, children: [] });
    }
    assert.equal((await statusOf(dependencies, runId)).chunks?.done, 0);
    assert.equal((await startSending(runId, dependencies)).length, 2);
    assert.equal((await statusOf(dependencies, runId)).status, 'sending');
    await playOut(runId, dependencies);
    const { status, totals } = await statusOf(dependencies, runId);
    assert.equal(status, 'completed');
    assert.equal(totals?.chunks, plan.chunks);
  });
});

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
      const { status, explanation, totals } = await statusOf(dependencies, runId);
      assert.equal(status, 'completedWithFailures');
      assert.match(explanation ?? '', /not answered for 3 children.* Chunk 1 not sent: /);
      assert.equal(totals?.accepted, plan.figures.toSend - 3);
      // Nothing is lost by it.
      await world.night(world.dependencies('first'));
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });
  }

  test('is not settled either, when DfE has answered for it already', async () => {
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
    assert.equal((await statusOf(dependencies, runId)).status, 'completed');
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

  test('is not what a plan of this version passes for that has lost its hashes', async () => {
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
  test('agrees with its plan, and its other children are sent', async () => {
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

describe('what a chunk asks of the storage', () => {
  test('is each record once', async () => {
    const { dependencies, messages } = await aRun('later');
    const [message] = messages;
    assert.ok(message);
    const blobs = world.blobs();
    const reads: string[] = [];
    let others = 0;
    const other = <T>(answer: T): T => {
      others += 1;
      return answer;
    };
    const read = <T>(name: string, answer: T): T => {
      reads.push(name);
      return answer;
    };
    const counted: BlobStore = {
      create: (name, content, facts) => other(blobs.create(name, content, facts)),
      write: (name, content) => other(blobs.write(name, content)),
      replace: (name, content, tag) => other(blobs.replace(name, content, tag)),
      read: (name) => read(name, blobs.read(name)),
      readTagged: (name) => read(name, blobs.readTagged(name)),
      list: (prefix) => other(blobs.list(prefix)),
      folders: (prefix) => other(blobs.folders(prefix)),
      time: () => other(blobs.time()),
    };
    await sendChunk(message, {
      ...dependencies,
      runs: runStore(counted),
      ledger: new Ledger(counted),
    });
    assert.equal(new Set(reads).size, reads.length, reads.join(' '));
    assert.ok(reads.length + others <= 14, `${String(reads.length)} reads, ${String(others)} others`);
  });
});
