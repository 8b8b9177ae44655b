import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { Rest } from '../../shared/records/inTime.js';
import { Ledger } from '../../shared/records/ledger.js';
import {
  answeredEntryOf,
  sentEntryOf,
  type Sending,
  type SentEntry,
} from '../../shared/records/ledgerEntries.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { unhurried } from './whole.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

function aLedger(container: string): { ledger: Ledger; blobs: AzureBlobStore } {
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  const blobs = new AzureBlobStore(service.getContainerClient(container));
  return { blobs, ledger: new Ledger(blobs) };
}

const hash = 'ab'.repeat(32);
const runId = '20260811T020000000Z-00000a';

const children: Sending['children'] = [
  { personId: 'C1', hash, change: 'New', payload: { la_child_id: 'C1', first_name: 'Siân' } },
  { personId: 'C2', hash, change: 'Deleted', payload: { la_child_id: 'C2', purge: true } },
];

function aSending(changes: Partial<Sending> = {}): SentEntry {
  return sentEntryOf({
    request: { runId, trigger: 'http', requestedBy: 'function key', reason: 'rows are mended' },
    chunk: 1,
    blob: `runs/${runId}/chunks/a/00001.json`,
    at: new Date('2026-08-11T02:05:00Z'),
    receiver: { receiver: 'live', baseUrl: 'https://dfe.example/v1' },
    children,
    ...changes,
  });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('the ledger', () => {
  test('records what is sent to whom, when, why and for whom, and gives it back', async () => {
    const { ledger } = aLedger('sent');
    assert.equal(await ledger.recordSending(aSending()), true);
    assert.deepEqual(await all(ledger.sent(unhurried)), [
      {
        runId,
        chunk: 1,
        at: '2026-08-11T02:05:00.000Z',
        receiver: { receiver: 'live', baseUrl: 'https://dfe.example/v1' },
        trigger: 'http',
        requestedBy: 'function key',
        reason: 'rows are mended',
        blob: `runs/${runId}/chunks/a/00001.json`,
        children: [
          { personId: 'C1', hash, change: 'New' },
          { personId: 'C2', hash, change: 'Deleted' },
        ],
        childCount: 2,
        hash: createHash('sha256')
          .update('[{"la_child_id":"C1","first_name":"Siân"},{"la_child_id":"C2","purge":true}]')
          .digest('hex'),
      },
    ]);
  });

  test('keeps what was recorded first: a repetition changes nothing', async () => {
    const { ledger } = aLedger('repeated');
    await ledger.recordSending(aSending());
    assert.equal(
      await ledger.recordSending(aSending({ children: [], at: new Date('2026-08-11T03:00:00Z') })),
      false,
    );
    assert.deepEqual(await all(ledger.sent(unhurried)), [aSending()]);

    const answer = answeredEntryOf(runId, {
      chunk: 1,
      recordedAt: '2026-08-11T02:06:00.000Z',
      children: [{ outcome: 'accepted', personId: 'C1', receipt: 'R1' }],
    });
    assert.equal(await ledger.recordAnswer(answer), true);
    assert.equal(await ledger.recordAnswer({ ...answer, children: [] }), false);
    assert.deepEqual(await ledger.answerTo(runId, 1), answer);
    assert.equal(await ledger.answerTo(runId, 2), undefined);
  });

  test("holds ids, hashes and receipts, and neither content nor DfE's words", async () => {
    const { ledger, blobs } = aLedger('bare');
    await ledger.recordSending(aSending());
    const refused = {
      outcome: 'refused' as const,
      personId: 'C1',
      hash,
      reason: '400: Siân',
      mayHold: false,
    };
    const outstanding = { outcome: 'outstanding' as const, personId: 'C2', hash };
    await ledger.recordAnswer(
      answeredEntryOf(runId, {
        chunk: 1,
        recordedAt: '2026-08-11T02:06:00.000Z',
        children: [refused, outstanding],
      }),
    );
    const names = (await blobs.list('')).map(({ name }) => name);
    assert.deepEqual(names, [
      `ledger/2026-08-11/${runId}-00001-answered.json`,
      `ledger/2026-08-11/${runId}-00001-sent.json`,
    ]);
    const contents = await Promise.all(names.map((name) => blobs.read(name)));
    assert.ok(!contents.join().includes('Siân'));
    assert.deepEqual((await ledger.answerTo(runId, 1))?.children, [
      { outcome: 'refused', personId: 'C1' },
      { outcome: 'outstanding', personId: 'C2' },
    ]);
  });

  test('goes through all days in the order of runs and chunks', async () => {
    const { ledger } = aLedger('order');
    const runs = ['20261231T020000000Z-00000a', '20260811T020000000Z-00000b', '20260811T010000000Z-00000c'];
    for (const id of runs) {
      for (const chunk of [12, 3, 2, 1]) {
        const request = { runId: id, trigger: 'timer', requestedBy: 'schedule' } as const;
        await ledger.recordSending(aSending({ request, chunk }));
      }
    }
    assert.deepEqual(
      (await all(ledger.sent(unhurried))).map((entry) =>
        entry instanceof Rest ? 'broken off' : `${entry.runId} ${String(entry.chunk)}`,
      ),
      runs.toReversed().flatMap((id) => ['1', '2', '3', '12'].map((chunk) => `${id} ${chunk}`)),
    );
  });

  test('records looks and erasures under their time, and knows of each entry whom it is about', async () => {
    const { ledger } = aLedger('asked');
    const asked = {
      at: '2026-08-12T09:00:00.000Z',
      by: 'function key',
      reason: 'SAR 17',
      personId: 'C2',
    };
    await ledger.recordSending(aSending());
    await ledger.recordAccess({ ...asked, what: 'disclosures' }, '0a0a0a');
    await ledger.recordErasure({ ...asked, personId: 'C3', removed: [], kept: [] }, '0b0b0b');
    assert.deepEqual(await all(ledger.accesses()), [{ ...asked, what: 'disclosures' }]);
    assert.deepEqual(await all(ledger.erasures()), [{ ...asked, personId: 'C3', removed: [], kept: [] }]);
    const about = {
      [`ledger/2026-08-11/${runId}-00001-sent.json`]: ['C1', 'C2'],
      'ledger/access/20260812T090000000Z-0a0a0a.json': ['C2'],
      'ledger/erasures/20260812T090000000Z-0b0b0b.json': ['C3'],
    };
    for (const [name, ids] of Object.entries(about)) assert.deepEqual(await ledger.childIdsIn(name), ids);
    assert.deepEqual(await ledger.folders(), ['ledger/2026-08-11/', 'ledger/access/', 'ledger/erasures/']);
  });

  test('says so when it could not record a look', async () => {
    const { ledger } = aLedger('taken');
    const look = {
      at: '2026-08-12T09:00:00.000Z',
      by: 'function key',
      reason: 'SAR 17',
      personId: 'C2',
      what: 'disclosures',
    } as const;
    await ledger.recordAccess(look, '0a0a0a');
    await assert.rejects(ledger.recordAccess(look, '0a0a0a'), /was not recorded/);
  });

  test('passes over no entry that it cannot read: it names the blob, and quotes nothing of it', async () => {
    for (const [index, content] of [
      '{"personId":"C1","name":"Siân"',
      '{"personId":"C1","name":"Siân"}',
    ].entries()) {
      const { ledger, blobs } = aLedger(`broken-${String(index)}`);
      await blobs.write('ledger/2026-08-11/broken-sent.json', content);
      await assert.rejects(all(ledger.sent(unhurried)), (error) => {
        assert.match(String(error), /ledger\/2026-08-11\/broken-sent\.json/);
        assert.doesNotMatch(String(error), /Siân|C1/);
        return true;
      });
    }
  });
});
