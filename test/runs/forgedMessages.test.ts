import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approveRun, cancelRun } from '../../shared/runs/approveOrCancel.js';
import { failRun } from '../../shared/runs/finishRun.js';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { extractRun } from '../../shared/runs/extractRun.js';
import { Ledger } from '../../shared/records/ledger.js';
import { startSending } from '../../shared/runs/startSending.js';
import { chunkMessageOf } from '../../shared/records/chunk.js';
import type { RunId } from '../../shared/records/runId.js';
import { runStore } from '../../shared/records/runStore.js';
import { UnreadableRecordError } from '../../shared/records/record.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import { requestRun } from '../../shared/runs/requestRun.js';
import { settlePoisonedChunk, settlePoisonedExtract } from '../../shared/runs/settlePoisoned.js';
import { resumeStalledRuns } from '../../shared/runs/resumeStalledRuns.js';
import { recordedTelemetry } from '../telemetry/recordedTelemetry.js';
import { nightly, type Dependencies } from './world.js';
import { statusOf } from './statusOf.js';
import { world, aRun, playOut } from './plannedRun.js';

/** A run that a safety check has paused: everybody has left the cohort. */
async function aPausedRun() {
  await world.run(world.dependencies('first'));
  const { posts } = world.dfe.statistics;
  const run = await aRun('empty', {
    guardLimits: { maxLeaversPercent: 5, maxTableFallPercent: 100, maxIdChurnPercent: 100 },
  });
  assert.ok(run.plan.held);
  return { ...run, postsBefore: posts };
}

describe('a message that does not agree with the records of its run', () => {
  test('sends nothing of a run that a safety check has paused, and leaves it to be approved', async () => {
    const { dependencies, runId, plan, message, reasons, postsBefore } = await aPausedRun();
    for (let chunk = 1; chunk <= plan.chunks; chunk += 1) {
      assert.equal((await sendChunk(message(chunk), dependencies)).turnedAway, 'notApproved');
      assert.equal((await settlePoisonedChunk(message(chunk), dependencies)).turnedAway, 'notApproved');
    }
    assert.equal(world.dfe.statistics.posts, postsBefore);
    assert.equal((await statusOf(runId, dependencies)).status, 'held');
    assert.equal(reasons().length, 2 * plan.chunks);
    await world.approve(runId, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
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
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
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

  test('raises no alert when a person has cancelled the run', async () => {
    const { dependencies, runId, messages, reasons } = await aRun();
    await cancelRun(runId, { by: 'a person' }, dependencies);
    for (const message of messages) await sendChunk(message, dependencies);
    assert.deepEqual(reasons(), []);
    await playOut(runId, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'cancelled');
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
  test('that is forged for a run in progress gives up no chunk that is not due', async () => {
    const { dependencies, runId, plan, message, reasons } = await aRun();
    for (const chunk of [plan.chunks, plan.chunks - 1, plan.chunks + 1, 999]) {
      const { givenUp, next } = await settlePoisonedChunk(message(chunk), dependencies);
      assert.equal(givenUp, false);
      assert.equal(next, undefined);
    }
    assert.deepEqual(reasons(), ['notReached', 'notReached', 'notInPlan', 'notInPlan']);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    await playOut(runId, dependencies);
    assert.equal((await statusOf(runId, dependencies)).status, 'completed');
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
    const { status, explanation, totals } = await statusOf(runId, dependencies);
    assert.equal(status, 'completedWithFailures');
    assert.match(explanation ?? '', /not answered for 3 children.*Chunk 1 not sent: its blob does not hold/);
    assert.equal(totals?.accepted, plan.figures.toSend - 3);
  });
});

describe('a message about the extract of a run that does not have the turn', () => {
  test('leaves no record of a run that was never requested, which would hide the others in lists', async () => {
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
      assert.equal((await statusOf(requested.runId, dependencies)).status, 'completed');
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
    await world.run(world.dependencies('first'));
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
    assert.equal((await statusOf(runId, dependencies)).chunks?.done, 0);
    assert.equal((await startSending(runId, dependencies)).length, 2);
    assert.equal((await statusOf(runId, dependencies)).status, 'sending');
    await playOut(runId, dependencies);
    const { status, totals } = await statusOf(runId, dependencies);
    assert.equal(status, 'completed');
    assert.equal(totals?.chunks, plan.chunks);
  });
});

describe('sending a chunk', () => {
  test('reads each record once', async () => {
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
