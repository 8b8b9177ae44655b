import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ledger } from '../../shared/records/ledger.js';
import type { SentEntry } from '../../shared/records/ledgerEntries.js';
import { withEarlierEntries } from '../../shared/records/ledgerBlobs.js';
import { MemoryBlobs } from './memoryBlobs.js';
import { unhurried } from './whole.js';

const asked = { at: '2026-08-12T09:00:00.000Z', by: 'dpo@council.example', reason: 'request 7' };

function aSending(runId: string, chunk: number, personId = 'C1'): SentEntry {
  return {
    runId,
    chunk,
    at: '2026-08-11T02:05:00.000Z',
    receiver: { receiver: 'live', baseUrl: 'https://dfe.example/v1' },
    trigger: 'timer',
    requestedBy: 'timer',
    blob: `runs/${runId}/chunks/a/0000${chunk}.json`,
    children: [{ personId, hash: 'ab'.repeat(32), change: 'New' }],
    childCount: 1,
    hash: 'cd'.repeat(32),
  };
}

const before = '20260810T020000000Z-00000a';
const across = '20260811T020000000Z-00000b';
const since = '20260812T020000000Z-00000c';

/** A council that has upgraded during the run `across`: its first chunk was sent by the release before. */
async function anUpgraded(t: { earlier: MemoryBlobs; own: MemoryBlobs }): Promise<Ledger> {
  const old = new Ledger(t.earlier);
  await old.recordSending(aSending(before, 1));
  await old.recordSending(aSending(across, 1));
  await old.recordAccess({ ...asked, personId: 'C1', what: 'disclosures' }, '0a0a0a');
  const ledger = new Ledger(withEarlierEntries(t.own, t.earlier));
  await ledger.recordSending(aSending(across, 2));
  await ledger.recordSending(aSending(since, 1));
  return ledger;
}

async function sentBy(ledger: Ledger): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of ledger.sent(unhurried)) {
    assert.ok('runId' in entry);
    found.push(`${entry.runId} ${entry.chunk}`);
  }
  return found;
}

const places = () => ({ earlier: new MemoryBlobs(), own: new MemoryBlobs() });

describe('the ledger in a container of its own', () => {
  test('answers with what the release before has recorded with the runs, in one order with its own', async () => {
    const ledger = await anUpgraded(places());
    assert.deepEqual(await sentBy(ledger), [`${before} 1`, `${across} 1`, `${across} 2`, `${since} 1`]);
    assert.equal(await ledger.hasSent(across, 1), true);
    assert.equal(await ledger.hasSent(across, 2), true);
    assert.equal(await ledger.hasSent(across, 3), false);
    assert.deepEqual(await ledger.folders(), [
      'ledger/2026-08-10/',
      'ledger/2026-08-11/',
      'ledger/2026-08-12/',
      'ledger/access/',
    ]);
    for (const folder of await ledger.folders()) {
      for (const name of await ledger.namesIn(folder))
        assert.deepEqual(await ledger.childIdsIn(name), ['C1']);
    }
  });

  test('adds there and nowhere else', async () => {
    const at = places();
    const ledger = await anUpgraded(at);
    const left = await at.earlier.list('');
    await ledger.recordErasure({ ...asked, personId: 'C1', removed: [], kept: [] }, '0b0b0b');
    await ledger.recordAnswer({
      runId: before,
      chunk: 1,
      at: asked.at,
      children: [{ outcome: 'refused', personId: 'C1' }],
    });
    assert.deepEqual(await at.earlier.list(''), left);
    assert.equal((await at.own.list('ledger/')).length, 4);
  });

  test('keeps the first entry of a chunk, where the release before has recorded it', async () => {
    const at = places();
    const ledger = await anUpgraded(at);
    assert.equal(await ledger.recordSending(aSending(across, 1, 'C9')), false);
    assert.deepEqual(await at.own.list(`ledger/2026-08-11/${across}-00001`), []);
    await assert.rejects(
      ledger.recordAccess({ ...asked, personId: 'C2', what: 'erasure' }, '0a0a0a'),
      /was not recorded/,
    );
  });

  test('answers without a gap after a rollback, which records with the runs once more', async () => {
    const at = places();
    const ledger = await anUpgraded(at);
    const rolledBack = new Ledger(at.earlier);
    await rolledBack.recordSending(aSending(since, 1));
    await rolledBack.recordSending(aSending(since, 2));
    assert.deepEqual((await sentBy(ledger)).slice(-2), [`${since} 1`, `${since} 2`]);
  });
});
