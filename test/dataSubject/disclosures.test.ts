import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { Ledger } from '../../shared/records/ledger.js';
import {
  answeredEntryOf,
  sentEntryOf,
  type Access,
  type AnsweredChild,
  type Asker,
} from '../../shared/records/ledgerEntries.js';
import { disclosuresAbout, type Disclosure } from '../../shared/dataSubject/disclosures.js';
import type { Chunk } from '../../shared/records/chunk.js';
import type { RunRequest } from '../../shared/records/runRequest.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

const firstNight = '20260811T020000000Z-00000a';
const secondNight = '20260812T020000000Z-00000b';
const hash = 'ab'.repeat(32);
const asker: Asker = { by: 'function key', reason: 'SAR 17' };

type Change = Chunk['children'][number]['change'];

class Council {
  readonly blobs: AzureBlobStore;
  readonly ledger: Ledger;
  now = Date.parse('2026-09-01T10:00:00Z');

  constructor(container: string) {
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    this.blobs = new AzureBlobStore(service.getContainerClient(container));
    this.ledger = new Ledger(this.blobs);
  }

  /** Sends a chunk as the sender does: the chunk blob, the ledger, the POST, the answer. */
  async send(
    runId: string,
    chunk: number,
    at: string,
    children: Readonly<Record<string, Change>>,
    answers?: readonly AnsweredChild[],
    request: Partial<RunRequest> = {},
  ): Promise<string> {
    const blob = `runs/${runId}/chunks/a/0000${String(chunk)}.json`;
    const sent = Object.entries(children).map(([personId, change]) => ({
      personId,
      hash,
      change,
      payload: { la_child_id: personId },
      holds: 'payload' as const,
    }));
    await this.blobs.write(blob, JSON.stringify({ runId, chunk, children: sent }));
    await this.ledger.recordSending(
      sentEntryOf({
        request: { runId, trigger: 'timer', requestedBy: 'schedule', ...request },
        chunk,
        blob,
        at: new Date(at),
        receiver: { receiver: 'live', baseUrl: 'https://dfe.example/v1' },
        children: sent,
      }),
    );
    if (answers !== undefined) {
      await this.ledger.recordAnswer(answeredEntryOf(runId, { chunk, recordedAt: at, children: answers }));
    }
    return blob;
  }

  async disclosures(personId: string, keyOf = (id: string) => id): Promise<readonly Disclosure[]> {
    const { blobs, ledger } = this;
    const now = () => new Date(this.now++);
    const dependencies = {
      blobs,
      ledger,
      now,
      randomHex: () => '0a0a0a',
      idKey: () => Promise.resolve(keyOf),
    };
    const { disclosures, next } = await disclosuresAbout(personId, asker, dependencies, noDeadline);
    assert.equal(next, undefined);
    return disclosures;
  }

  async accesses(): Promise<Access[]> {
    const found: Access[] = [];
    for await (const access of this.ledger.accesses()) found.push(access);
    return found;
  }
}

describe('what was disclosed about a child', () => {
  test('is listed from the ledger, oldest first, with its outcome and where the copy is', async () => {
    const council = new Council('told');
    const second = await council.send(
      secondNight,
      1,
      '2026-08-12T02:05:00.000Z',
      { C1: 'Deleted' },
      [{ outcome: 'accepted', personId: 'C1', receipt: 'R2' }],
      { trigger: 'http', requestedBy: 'a person', reason: 'the child has moved' },
    );
    const first = await council.send(firstNight, 2, '2026-08-11T02:05:00.000Z', { C2: 'New', C1: 'New' }, [
      { outcome: 'refused', personId: 'C2' },
      { outcome: 'accepted', personId: 'C1', receipt: 'R1' },
    ]);
    const live = { receiver: 'live', baseUrl: 'https://dfe.example/v1' };
    assert.deepEqual(await council.disclosures('C1'), [
      {
        at: '2026-08-11T02:05:00.000Z',
        runId: firstNight,
        chunk: 2,
        receiver: live,
        kind: 'whole record',
        hash,
        outcome: 'accepted',
        receipt: 'R1',
        trigger: 'timer',
        requestedBy: 'schedule',
        copy: first,
      },
      {
        at: '2026-08-12T02:05:00.000Z',
        runId: secondNight,
        chunk: 1,
        receiver: live,
        kind: 'removal',
        hash,
        outcome: 'accepted',
        receipt: 'R2',
        trigger: 'http',
        requestedBy: 'a person',
        reason: 'the child has moved',
        copy: second,
      },
    ]);
  });

  test('is in the order in which it was sent, also when an older run was completed later', async () => {
    const council = new Council('late');
    await council.send(firstNight, 1, '2026-08-12T07:00:00.000Z', { C1: 'New' });
    await council.send(secondNight, 1, '2026-08-12T02:05:00.000Z', { C1: 'Updated' });
    assert.deepEqual(
      (await council.disclosures('C1')).map(({ runId }) => runId),
      [secondNight, firstNight],
    );
  });

  const outcomes: [string, readonly AnsweredChild[] | undefined, Disclosure['outcome']][] = [
    ['refused where DfE refused it', [{ outcome: 'refused', personId: 'C1' }], 'refused'],
    ['outstanding where it was given up', [{ outcome: 'outstanding', personId: 'C1' }], 'outstanding'],
    ['unknown where nothing was recorded after the sending', undefined, 'unknown'],
    ['unknown where the answer is about others only', [{ outcome: 'refused', personId: 'C9' }], 'unknown'],
    [
      'unknown where a try was made before a later run took over',
      [{ outcome: 'superseded', personId: 'C1' }],
      'unknown',
    ],
  ];
  for (const [index, [name, answers, outcome]] of outcomes.entries()) {
    test(`is ${name}`, async () => {
      const council = new Council(`outcome-${String(index)}`);
      await council.send(firstNight, 1, '2026-08-11T02:05:00.000Z', { C1: 'New' }, answers);
      const [disclosure] = await council.disclosures('C1');
      assert.equal(disclosure?.outcome, outcome);
      assert.ok(!('receipt' in disclosure));
    });
  }

  test('has no copy any more when the blob is gone or the child was erased from it', async () => {
    const council = new Council('gone');
    const erased = await council.send(firstNight, 1, '2026-08-11T02:05:00.000Z', {
      C1: 'New',
      C2: 'New',
    });
    const chunk = await council.blobs.read(erased);
    await council.blobs.write(
      erased,
      (chunk ?? '').replace('"personId":"C1"', '"personId":"C1","erasedAt":"2026-08-20T00:00:00.000Z"'),
    );
    await council.ledger.recordSending(
      sentEntryOf({
        request: { runId: secondNight, trigger: 'timer', requestedBy: 'schedule' },
        chunk: 1,
        blob: 'runs/gone.json',
        at: new Date('2026-08-12T02:05:00Z'),
        receiver: { receiver: 'test', baseUrl: 'https://dfe.example/test' },
        children: [{ personId: 'C1', hash, change: 'Updated', payload: {} }],
      }),
    );
    assert.deepEqual(
      (await council.disclosures('C1')).map(({ copy }) => copy),
      ['removed', 'removed'],
    );
    assert.deepEqual(
      (await council.disclosures('C2')).map(({ copy }) => copy),
      [erased],
    );
  });

  test('is found under every spelling that the database takes for one child, and under no other id', async () => {
    const council = new Council('spelling');
    await council.send(firstNight, 1, '2026-08-11T02:05:00.000Z', { c1: 'New', C11: 'New', 'C1-': 'New' });
    assert.equal((await council.disclosures('C1')).length, 0);
    assert.equal((await council.disclosures('C1', (id) => id.toLowerCase())).length, 1);
  });

  test('is told to nobody whom the ledger does not know, also when there is nothing to tell', async () => {
    const council = new Council('looked');
    assert.deepEqual(await council.disclosures('C1'), []);
    assert.deepEqual(await council.accesses(), [
      { at: '2026-09-01T10:00:00.000Z', ...asker, personId: 'C1', what: 'disclosures' },
    ]);
    council.now -= 1;
    await assert.rejects(council.disclosures('C1'), /was not recorded/);
  });

  test('is never listed with a gap: an entry that cannot be read fails the answer, and the look is recorded', async () => {
    const council = new Council('gap');
    await council.send(firstNight, 1, '2026-08-11T02:05:00.000Z', { C1: 'New' });
    await council.blobs.write('ledger/2026-08-11/broken-sent.json', '{}');
    await assert.rejects(council.disclosures('C1'), /broken-sent\.json/);
    assert.equal((await council.accesses()).length, 1);
  });
});
