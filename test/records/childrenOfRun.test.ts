import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { childrenOfRun } from '../../shared/records/childrenOfRun.js';
import { Rest } from '../../shared/records/inTime.js';
import { type Chunk, chunkMessageOf } from '../../shared/records/chunk.js';
import type { Plan } from '../../shared/records/plan.js';
import type { Result } from '../../shared/records/result.js';
import { runStore, type RunStore } from '../../shared/records/runStore.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { unhurried, whole } from './whole.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

const runId = '20260811T020000000Z-00000a';
const hash = 'ab'.repeat(32);
const attempt = 'a2';

type ChunkChild = Chunk['children'][number];

function aChild(personId: string, change: ChunkChild['change'] = 'New'): ChunkChild {
  return { personId, hash, change, payload: { la_child_id: personId, first_name: 'Siân' }, holds: 'payload' };
}

class Council {
  readonly blobs: AzureBlobStore;
  readonly runs: RunStore;

  constructor(container: string) {
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    this.blobs = new AzureBlobStore(service.getContainerClient(container));
    this.runs = runStore(this.blobs);
  }

  write(chunk: number, children: ChunkChild[], as = attempt): Promise<void> {
    return this.runs.chunk.write(as, { runId, chunk, children });
  }

  result(chunk: number, children: Result['children']): Promise<boolean> {
    return this.runs.result.create(runId, {
      chunk,
      recordedAt: '2026-08-11T02:05:00.000Z',
      posts: 1,
      children,
    });
  }

  children(chunks: number, planned: Partial<Plan> = {}) {
    return childrenOfRun(
      runId,
      { attempt, chunks, held: false, dryRun: false, ...planned },
      this.runs,
      unhurried,
    );
  }

  async outcomes(chunks: number, planned?: Partial<Plan>): Promise<string[]> {
    const found = await whole(this.children(chunks, planned));
    return found.map(({ personId, outcome }) => `${personId} ${outcome}`);
  }
}

describe('the children of a run', () => {
  test('are listed with the outcome of each, and nothing of their records but the hash', async () => {
    const council = new Council('told');
    await council.write(1, [
      aChild('C1'),
      aChild('C2', 'Updated'),
      aChild('C3', 'Deleted'),
      aChild('C4', 'Unchanged'),
    ]);
    // In another order than the chunk: what counts is the id.
    await council.result(1, [
      { outcome: 'superseded', personId: 'C4', hash },
      { outcome: 'accepted', personId: 'C1', hash, receipt: 'R1' },
      {
        outcome: 'refused',
        personId: 'C2',
        hash,
        reason: '400: [removed] is no UPN',
        mayHold: true,
        claimId: 'a',
      },
      { outcome: 'outstanding', personId: 'C3', hash },
    ]);
    assert.deepEqual(await whole(council.children(1)), [
      { personId: 'C1', hash, change: 'New', chunk: 1, outcome: 'accepted', receipt: 'R1' },
      {
        personId: 'C2',
        hash,
        change: 'Updated',
        chunk: 1,
        outcome: 'refused',
        reason: '400: [removed] is no UPN',
      },
      { personId: 'C3', hash, change: 'Deleted', chunk: 1, outcome: 'outstanding' },
      { personId: 'C4', hash, change: 'Unchanged', chunk: 1, outcome: 'superseded' },
    ]);
  });

  test('have no answer yet as long as their chunk has no result', async () => {
    const council = new Council('no-answer');
    await council.write(1, [aChild('C1')]);
    await council.write(2, [aChild('C2')]);
    assert.deepEqual(await council.outcomes(2), ['C1 no answer yet', 'C2 no answer yet']);
    await council.result(2, [{ outcome: 'accepted', personId: 'C2', hash, receipt: 'R2' }]);
    assert.deepEqual(await council.outcomes(2), ['C1 no answer yet', 'C2 accepted']);
  });

  test('are not sent by a dry run, nor by a paused run until it is approved', async () => {
    const council = new Council('not-sent');
    await council.write(1, [aChild('C1')]);
    assert.deepEqual(await council.outcomes(1, { dryRun: true }), ['C1 not sent']);
    assert.deepEqual(await council.outcomes(1, { held: true }), ['C1 not sent']);
    await council.runs.approval.create(runId, { at: '2026-08-11T09:00:00.000Z', by: 'a person' });
    assert.deepEqual(await council.outcomes(1, { held: true }), ['C1 no answer yet']);
  });

  test('have the answers so far while others of their chunk are still to be sent', async () => {
    const council = new Council('so-far');
    await council.write(1, [aChild('C1'), aChild('C2'), aChild('C3')]);
    await council.runs.answers.write(
      { runId, chunk: 1 },
      {
        posts: 3,
        children: [
          { outcome: 'accepted', personId: 'C1', hash, receipt: 'R1' },
          { outcome: 'refused', personId: 'C3', hash, reason: '400: no', mayHold: false, claimId: 'a' },
        ],
      },
    );
    assert.deepEqual(await council.outcomes(1), ['C1 accepted', 'C2 no answer yet', 'C3 refused']);
    await council.result(1, [
      { outcome: 'accepted', personId: 'C1', hash, receipt: 'R1' },
      { outcome: 'outstanding', personId: 'C2', hash },
      { outcome: 'refused', personId: 'C3', hash, reason: '400: no', mayHold: false, claimId: 'a' },
    ]);
    assert.deepEqual(await council.outcomes(1), ['C1 accepted', 'C2 outstanding', 'C3 refused']);
  });

  test('are those of the attempt that the plan names, and of as many chunks as it has', async () => {
    const council = new Council('attempt');
    await council.write(1, [aChild('C1')]);
    await council.write(1, [aChild('C8')], 'a1');
    await council.write(2, [aChild('C9')]);
    assert.deepEqual(await council.outcomes(1), ['C1 no answer yet']);
    assert.deepEqual(await council.outcomes(0), []);
  });

  test('are listed also when their payload was erased', async () => {
    const council = new Council('erased');
    const erasedAt = '2026-08-20T00:00:00.000Z';
    await council.write(1, [{ ...aChild('C1'), payload: {}, erasedAt }]);
    await council.result(1, [{ outcome: 'accepted', personId: 'C1', hash, receipt: 'R1' }]);
    assert.deepEqual(await whole(council.children(1)), [
      { personId: 'C1', hash, change: 'New', chunk: 1, outcome: 'accepted', receipt: 'R1' },
    ]);
  });

  test('are listed in full or not at all: a missing chunk fails the list, by the name of its blob', async () => {
    const council = new Council('gap');
    await council.write(1, [aChild('C1')]);
    await council.write(3, [aChild('C3')]);
    await assert.rejects(whole(council.children(3)), /chunks\/a2\/00002\.json is gone/);
  });

  test('come in the order of their chunks, with no more than a few chunks in memory', async (t) => {
    const council = new Council('order');
    const chunks = 11;
    for (let chunk = 1; chunk <= chunks; chunk += 1) {
      await council.write(chunk, [aChild(`C${String(chunk)}a`), aChild(`C${String(chunk)}b`)]);
    }
    // The first chunk is read last.
    const read = council.blobs.read.bind(council.blobs);
    const { mock } = t.mock.method(council.blobs, 'read', async (name: string) => {
      if (name === chunkMessageOf(runId, { attempt }, 1).blob)
        await new Promise((done) => setTimeout(done, 200));
      return read(name);
    });
    const chunksRead = () => mock.calls.filter(({ arguments: [name] }) => name.includes('/chunks/')).length;

    const order: string[] = [];
    for await (const child of council.children(chunks)) {
      if (child instanceof Rest) assert.fail('the list breaks off');
      const { personId, chunk } = child;
      order.push(personId);
      assert.ok(chunksRead() < chunk + 4, `chunk ${String(chunk)}: ${String(chunksRead())} were read`);
    }
    const numbers = Array.from({ length: chunks }, (_, index) => String(index + 1));
    assert.deepEqual(
      order,
      numbers.flatMap((number) => [`C${number}a`, `C${number}b`]),
    );
  });
});
