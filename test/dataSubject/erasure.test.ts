// Long, since every file that starts Azurite costs seconds; what needs no Azurite is in erasureInCalls.test.ts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { eraseChild, planErasure, RunGoingOnError } from '../../shared/dataSubject/erasure.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { firstNight, secondNight, hash, asker, Council, places, filled, interfered } from './aCouncil.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

/** A council in a container of its own, with a child C1 as `filled` says. */
async function aCouncil(container: string): Promise<Council> {
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  return filled(new Council(new AzureBlobStore(service.getContainerClient(container))));
}

describe('the copies about a child', () => {
  test('are found wherever they are, also where no plan names them', async () => {
    const council = await aCouncil('found');
    const { 'ledger entry': ledger, ...copies } = await council.copies('C1');
    assert.deepEqual(copies, {
      payload: [places.dead, places.sent, places.held],
      'staging row': ['staging table'],
      result: [places.answers, places.result],
      checkpoint: [places.checkpoint],
      finding: [places.finding],
      request: [places.request, places.turn],
      'other record': [places.unknown],
    });
    // And the look itself.
    assert.equal(ledger?.length, 2);
    assert.equal(ledger[0], places.ledger);
    assert.deepEqual(Object.keys(await council.copies('C3')), ['ledger entry']);
  });

  test('include findings about other rows of the child, which name it as well', async () => {
    const council = await aCouncil('other-rows');
    const where = `runs/${secondNight}/findings/a1/00001.jsonl`;
    const finding = { rule: 'placeholder', table: 'ssd_address', rowId: '7', column: 'c', found: 'text' };
    const lines = [{ ...finding, childId: 'C2' }, { ...finding, childId: null }, finding];
    await council.blobs.write(where, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const findingsAbout = async (id: string) => (await council.copies(id))['finding'] ?? [];
    assert.deepEqual(await findingsAbout('c2'), [where]);
    assert.deepEqual(await findingsAbout('7'), []);
  });

  test('are found under every spelling that the database takes for one child', async () => {
    const council = await aCouncil('spelled');
    const copies = await council.copies('C1');
    const spelled = await council.copies('c1');
    for (const found of [copies, spelled]) delete found['ledger entry'];
    assert.deepEqual(spelled, copies);
  });

  test('are found in a ledger that has a container of its own', async () => {
    const council = await filled(new Council(new MemoryBlobs(), new MemoryBlobs()));
    const { 'ledger entry': entries } = await council.copies('C1');
    assert.ok(entries?.includes(places.ledger));
    assert.deepEqual(await council.blobs.list('ledger/'), []);
  });

  test('are listed with what would become of them; the look changes nothing but the ledger', async () => {
    const council = await aCouncil('planned');
    const before = await council.contents();
    const { removed, kept } = await planErasure('C1', asker, council.dependencies(), noDeadline);
    assert.deepEqual(removed, [
      { kind: 'payload', where: [places.dead, places.sent, places.held] },
      { kind: 'staging row', where: ['staging table'] },
    ]);
    assert.deepEqual(
      kept.map(({ kind }) => kind),
      ['result', 'finding', 'request', 'checkpoint', 'other record', 'ledger entry'],
    );
    assert.ok(kept.every(({ why }) => why.length > 20));
    assert.deepEqual(await council.contents(), before);
    assert.equal(await council.staging.heldAtDfe('C1'), 'DfE holds nothing');
    assert.deepEqual(await council.accesses(), [
      { at: '2026-09-01T10:00:01.000Z', ...asker, personId: 'C1', what: 'stored copies' },
    ]);
    assert.deepEqual(await council.erasures(), []);
  });
});

describe('an erasure', () => {
  test('removes the payloads of that child from every run, and nothing of any other child', async () => {
    const council = await aCouncil('erased');
    const before = await council.contents();
    const { at } = await council.erase('C1');
    const after = await council.contents();
    assert.ok(!Object.values(after).join().includes('the name of C1"'));
    for (const name of [places.dead, places.sent, places.held]) {
      const [erased, other] = await council.childrenOf(name);
      const { contentHash, ...left } = erased ?? {};
      assert.deepEqual(left, {
        personId: 'C1',
        hash,
        change: 'New',
        payload: {},
        holds: 'nothing',
        erasedAt: at,
      });
      assert.match(contentHash ?? '', /^[0-9a-f]{64}$/);
      assert.deepEqual(other?.payload, { la_child_id: 'C2', first_name: 'the name of C2' });
      assert.deepEqual(other.holds, { json: '{"first_name":"the name of C2"}' });
      before[name] = after[name];
    }
    assert.deepEqual(after, before);
  });

  test('removes all that DfE said in full about a POST with that child in it, and nothing about others', async () => {
    const council = await aCouncil('full-answers');
    const where = `runs/${firstNight}/full-answers/00001-0a0a0a.json`;
    const about = (children: readonly string[]) => ({
      status: 400,
      children,
      text: `about ${children.join()}`,
    });
    const record = { chunk: 1, at: '2026-08-11T02:06:00.000Z', later: 'x' };
    const answers = [about(['C2', 'c1']), about(['C2', 'C11']), about(['C1'])];
    await council.blobs.write(where, JSON.stringify({ ...record, answers }));
    assert.deepEqual((await council.copies('C1'))['full answer'], [where]);
    const { at, removed } = await council.erase('C1');
    assert.deepEqual(removed.find(({ kind }) => kind === 'full answer')?.where, [where]);
    const left: unknown = JSON.parse((await council.blobs.read(where)) ?? '');
    const emptied = { text: '', erasedAt: at };
    assert.deepEqual(left, {
      ...record,
      answers: [{ ...answers[0], ...emptied }, answers[1], { ...answers[2], ...emptied }],
    });
    assert.deepEqual((await council.copies('C1'))['emptied answer'], [where]);
    assert.deepEqual((await council.copies('C2'))['full answer'], [where]);
    assert.equal((await council.copies('C3'))['full answer'], undefined);
  });

  test('leaves the facts stored with a result, from which the totals of a run are made', async () => {
    const council = await aCouncil('facts');
    await council.erase('C1');
    const [result] = await council.blobs.list(places.result);
    assert.deepEqual(result?.facts, { accepted: '1' });
  });

  test('is recorded: who, why, what was removed, what was kept and why', async () => {
    const council = await aCouncil('recorded');
    const erasure = await council.erase('C1');
    assert.deepEqual(await council.erasures(), [erasure]);
    assert.equal(erasure.by, asker.by);
    assert.equal(erasure.reason, asker.reason);
    assert.equal(erasure.personId, 'C1');
    assert.deepEqual(erasure.removed, [
      { kind: 'payload', where: [places.dead, places.sent, places.held] },
      { kind: 'staging row', where: ['staging table'] },
    ]);
    const ledger = erasure.kept.find(({ kind }) => kind === 'ledger entry');
    assert.ok(ledger?.where.includes(places.ledger));
    assert.match(ledger?.why ?? '', /5\(2\)/);
    assert.equal(await council.staging.heldAtDfe('C1'), 'no row');
  });

  const standings: ['DfE holds the child' | 'DfE may hold the child', RegExp][] = [
    ['DfE holds the child', /has left the cohort/],
    ['DfE may hold the child', /never answered/],
  ];
  for (const [standing, why] of standings) {
    test(`keeps the staging row while ${standing}, and says what to do`, async () => {
      const council = await aCouncil(standing.toLowerCase().replaceAll(' ', '-'));
      council.staging.rows.set('c1', standing);
      const plan = await planErasure('C1', asker, council.dependencies(), noDeadline);
      const erasure = await council.erase('C1');
      for (const { removed, kept } of [plan, erasure]) {
        assert.deepEqual(
          removed.map(({ kind }) => kind),
          ['payload'],
        );
        assert.equal(kept[0]?.kind, 'staging row');
        assert.match(kept[0].why, why);
      }
      assert.equal(await council.staging.heldAtDfe('C1'), standing);
    });
  }

  test('is refused while a run is in progress, which is named: nothing changes, nothing is recorded', async () => {
    const council = await aCouncil('busy');
    await council.turn(secondNight, false);
    await assertRefused(council, secondNight);
  });

  test('is refused while a run waits for its turn, which has a folder already', async () => {
    const council = await filled(new Council(new MemoryBlobs()));
    await council.turn(firstNight, true, secondNight);
    await assertRefused(council, secondNight);
    await council.blobs.write(`runs/${secondNight}/summary.json`, '{}');
    await council.erase('C1');
  });

  test('is refused while the extract of a run that was cancelled may still write, also when another run came after it', async () => {
    let time = new Date('2026-09-01T09:00:00Z');
    const council = await filled(new Council(new MemoryBlobs(() => time)));
    const { runs } = council.dependencies();
    await runs.extractSigns.begin(firstNight, 'aaaaaa');
    await runs.extractSigns.end(firstNight, 'aaaaaa');
    await runs.extractSigns.begin(firstNight, 'bbbbbb');
    await council.turn(secondNight, true);
    await assertRefused(council, firstNight);
    // The host has ended it long since.
    time = new Date('2026-09-01T12:00:00Z');
    await council.erase('C1');
  });

  const moments = [
    'before the runs are listed',
    'after the runs are listed',
    'at the first look',
    'when the row has gone',
  ] as const;
  for (const moment of moments) {
    test(`does not say that it is done when a run begins ${moment}: asked again when the run has ended, it takes its copies too`, async () => {
      const council = await filled(new Council(new MemoryBlobs()));
      council.staging.rows.set('c1', 'DfE holds nothing');
      const begun = '20260901T100000000Z-00000c';
      let hasBegun = false;
      const beginAt = async (now: (typeof moments)[number]) => {
        if (now !== moment || hasBegun) return;
        hasBegun = true;
        await council.turn(begun, false);
        await council.chunk(`runs/${begun}/chunks/a1/00001.json`, ['C1', 'C2']);
        council.staging.rows.set('c1', 'DfE holds nothing');
      };
      const blobs = interfered(council.blobs, {
        list: async (prefix) => {
          if (prefix === `runs/${firstNight}/`) await beginAt('at the first look');
          return council.blobs.list(prefix);
        },
        folders: async (prefix) => {
          await beginAt('before the runs are listed');
          const folders = await council.blobs.folders(prefix);
          await beginAt('after the runs are listed');
          return folders;
        },
      });
      const remove = council.staging.removeIfNotHeld.bind(council.staging);
      council.staging.removeIfNotHeld = async (id) => {
        const isGone = await remove(id);
        await beginAt('when the row has gone');
        return isGone;
      };
      const first = await eraseChild('C1', asker, council.dependencies(blobs), noDeadline).catch(
        (error: unknown) => error,
      );
      assert.ok(hasBegun);
      const isRefused = first instanceof RunGoingOnError;
      if (!isRefused) assert.partialDeepStrictEqual(first, { erased: false, plan: { complete: false } });
      assert.deepEqual(await council.erasures(), []);
      council.staging.removeIfNotHeld = remove;
      await assertRefused(council, begun, isRefused ? [] : ['erasure']);
      await council.turn(begun, true);
      const erasure = await council.erase('C1');
      assert.deepEqual(await council.stored('C1'), []);
      const emptied = erasure.removed[0]?.where ?? [];
      for (const name of [`runs/${begun}/chunks/a1/00001.json`, places.sent])
        assert.ok(emptied.includes(name));
      assert.equal(await council.staging.heldAtDfe('C1'), 'no row');
    });
  }

  /** Nothing changes, and no access is recorded but those that were before. */
  async function assertRefused(council: Council, runId: string, accesses: string[] = []): Promise<void> {
    const before = await council.contents();
    await assert.rejects(eraseChild('C1', asker, council.dependencies(), noDeadline), (error) => {
      assert.ok(error instanceof RunGoingOnError);
      assert.equal(error.runId, runId);
      return true;
    });
    assert.deepEqual(await council.contents(), before);
    assert.deepEqual(
      (await council.accesses()).map(({ what }) => what),
      accesses,
    );
    assert.deepEqual(await council.erasures(), []);
  }

  test('changes nothing when it is repeated, and is recorded again', async () => {
    const council = await aCouncil('again');
    await council.erase('C1');
    const before = await council.contents();
    const { removed, kept } = await council.erase('C1');
    assert.deepEqual(await council.contents(), before);
    assert.deepEqual(removed, []);
    assert.deepEqual(kept.find(({ kind }) => kind === 'emptied payload')?.where, [
      places.dead,
      places.sent,
      places.held,
    ]);
    assert.equal((await council.erasures()).length, 2);
  });

  test('of a child about whom nothing is stored is still recorded', async () => {
    const council = await aCouncil('nobody');
    const before = await council.contents();
    const { removed } = await council.erase('C3');
    assert.deepEqual(removed, []);
    assert.deepEqual(await council.contents(), before);
    assert.equal((await council.erasures()).length, 1);
  });

  test('loses nothing that another process writes into a chunk at the same moment', async () => {
    const council = await aCouncil('raced');
    const blobs = interfered(council.blobs, {
      readTagged: async (name) => {
        const read = await council.blobs.readTagged(name);
        if (name === places.sent && read?.content.includes('"C9"') === false) {
          await council.chunk(places.sent, ['C1', 'C2', 'C9']);
        }
        return read;
      },
    });
    await council.erase('C1', blobs);
    const [erased, ...others] = await council.childrenOf(places.sent);
    assert.deepEqual(erased?.payload, {});
    assert.deepEqual(
      others.map(({ personId, payload }) => [personId, payload['first_name']]),
      [
        ['C2', 'the name of C2'],
        ['C9', 'the name of C9'],
      ],
    );
  });

  test('says which blob it could not write over, without the id of the child; asked again, it does the rest', async () => {
    const council = await aCouncil('protected');
    const blobs = interfered(council.blobs, {
      replace: (name, content, tag) =>
        name === places.sent ? Promise.resolve(false) : council.blobs.replace(name, content, tag),
    });
    await assert.rejects(council.erase('C1', blobs), (error) => {
      assert.match(String(error), /chunks\/a2\/00001\.json.*not complete/);
      assert.doesNotMatch(String(error), /C1/);
      return true;
    });
    assert.deepEqual(
      (await council.accesses()).map(({ what }) => what),
      ['erasure'],
    );
    assert.deepEqual(await council.erasures(), []);
    const { removed, kept } = await council.erase('C1');
    assert.deepEqual(removed[0]?.where, [places.sent, places.held]);
    assert.deepEqual(kept.find(({ kind }) => kind === 'emptied payload')?.where, [places.dead]);
  });

  test('removes nothing at all when it cannot read everything: it names the blob, and quotes nothing of it', async () => {
    const council = await aCouncil('unreadable');
    await council.blobs.write(`runs/${secondNight}/chunks/a1/00002.json`, '{"children":[{"id":"C1"}]}');
    const before = await council.contents();
    await assert.rejects(council.erase('C1'), (error) => {
      assert.match(String(error), /chunks\/a1\/00002\.json/);
      assert.doesNotMatch(String(error), /C1/);
      return true;
    });
    assert.deepEqual(await council.contents(), before);
    assert.equal(await council.staging.heldAtDfe('C1'), 'DfE holds nothing');
  });
});
