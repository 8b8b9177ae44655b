import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import type { BlobStore } from '../../shared/run/blobStore.js';
import {
  copiesOf,
  eraseChild,
  planErasure,
  RunGoingOnError,
  type RowStanding,
  type StagedRows,
} from '../../shared/run/erasure.js';
import { Ledger, type Access, type Asker, type Erasure } from '../../shared/run/ledger.js';
import { chunkSchema } from '../../shared/run/runRecords.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

const firstNight = '20260811T020000000Z-00000a';
const secondNight = '20260812T020000000Z-00000b';
const hash = 'ab'.repeat(32);
const asker: Asker = { by: 'function key', reason: 'request 4' };

/** The staging table as far as an erasure knows it, as SQL Server compares ids. */
class Rows implements StagedRows {
  readonly standings = new Map<string, RowStanding>();

  keyOf(personId: string): string {
    return personId.toLowerCase();
  }

  standingOf(personId: string): Promise<RowStanding> {
    return Promise.resolve(this.standings.get(this.keyOf(personId)) ?? 'no row');
  }

  removeIfNotHeld(personId: string): Promise<boolean> {
    const key = this.keyOf(personId);
    return Promise.resolve(this.standings.get(key) === 'DfE holds nothing' && this.standings.delete(key));
  }
}

class Council {
  readonly blobs: AzureBlobStore;
  readonly ledger: Ledger;
  readonly staging = new Rows();
  #time = Date.parse('2026-09-01T10:00:00Z');

  constructor(container: string) {
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    this.blobs = new AzureBlobStore(service.getContainerClient(container));
    this.ledger = new Ledger(this.blobs);
  }

  dependencies(blobs: BlobStore = this.blobs) {
    const now = () => new Date((this.#time += 1000));
    return { blobs, ledger: this.ledger, staging: this.staging, now, randomHex: () => '0a0a0a' };
  }

  async chunk(name: string, personIds: readonly string[]): Promise<void> {
    const children = personIds.map((personId) => ({
      personId,
      hash,
      change: 'New',
      payload: { la_child_id: personId, first_name: `the name of ${personId}` },
      holds: { json: `{"first_name":"the name of ${personId}"}` },
    }));
    await this.blobs.write(name, JSON.stringify({ runId: firstNight, chunk: 1, children }));
  }

  async childrenOf(name: string) {
    return chunkSchema.parse(JSON.parse((await this.blobs.read(name)) ?? '')).children;
  }

  /** Every blob but those of the ledger. */
  async contents(): Promise<Record<string, string | undefined>> {
    const names = (await this.blobs.list('')).map(({ name }) => name);
    const outside = names.filter((name) => !name.startsWith('ledger/'));
    return Object.fromEntries(
      await Promise.all(outside.map(async (name) => [name, await this.blobs.read(name)] as const)),
    );
  }

  async accesses(): Promise<Access[]> {
    const found: Access[] = [];
    for await (const access of this.ledger.accesses()) found.push(access);
    return found;
  }

  async erasures(): Promise<Erasure[]> {
    const found: Erasure[] = [];
    for await (const erasure of this.ledger.erasures()) found.push(erasure);
    return found;
  }
}

const places = {
  sent: `runs/${firstNight}/chunks/a2/00001.json`,
  dead: `runs/${firstNight}/chunks/a1/00001.json`,
  held: `runs/${secondNight}/chunks/a1/00001.json`,
  answers: `runs/${firstNight}/answers/00001.json`,
  finding: `runs/${firstNight}/findings/00001.jsonl`,
  request: `runs/${firstNight}/request.json`,
  checkpoint: `runs/${firstNight}/checkpoint.json`,
  result: `runs/${firstNight}/results/00001.json`,
  unknown: `runs/${secondNight}/dry-run.json`,
  turn: 'turn.json',
  ledger: `ledger/2026-08-11/${firstNight}-00001-answered.json`,
};

/** Child C1 in every place where something is stored about a child, next to C2. */
async function aCouncil(container: string): Promise<Council> {
  const council = new Council(container);
  const { blobs, ledger, staging } = council;
  const finding = { rule: 'upn-shape', table: 'ssd_person', rowId: 'C1', column: 'pers_upn', found: 'text' };
  const outcome = { outcome: 'outstanding', personId: 'C1', hash };
  for (const name of [places.dead, places.sent, places.held]) await council.chunk(name, ['C1', 'C2']);
  await blobs.write(places.answers, JSON.stringify([outcome]));
  await blobs.write(
    places.finding,
    `${JSON.stringify({ ...finding, rowId: null })}\n${JSON.stringify(finding)}\n`,
  );
  await blobs.write(places.request, JSON.stringify({ runId: firstNight, children: ['C1'] }));
  await blobs.write(places.checkpoint, JSON.stringify({ rangesDone: 1, upTo: 'C1' }));
  await blobs.create(places.result, JSON.stringify({ chunk: 1, children: [outcome] }), { accepted: '1' });
  await blobs.write(places.unknown, JSON.stringify({ wouldSend: { C1: 'New' } }));
  await blobs.write(places.turn, JSON.stringify({ run: { runId: firstNight, children: ['C1'] } }));
  await ledger.recordAnswer({
    runId: firstNight,
    chunk: 1,
    at: '2026-08-11T02:06:00.000Z',
    children: [{ outcome: 'accepted', personId: 'C1', receipt: 'R1' }],
  });
  staging.standings.set('c1', 'DfE holds nothing');

  // What looks like the child and is not.
  await council.chunk(`runs/${firstNight}/chunks/a2/00002.json`, ['C11', 'C2']);
  const ofAnotherTable = { ...finding, table: 'ssd_address' };
  await blobs.write(`runs/${firstNight}/findings/00002.jsonl`, `${JSON.stringify(ofAnotherTable)}\n`);
  await blobs.write(`runs/${firstNight}/findings/00003.jsonl`, '');
  await blobs.write(`runs/${secondNight}/request.json`, JSON.stringify({ children: ['C11'] }));
  return council;
}

describe('the copies about a child', () => {
  test('are found wherever they are, also where no plan names them', async () => {
    const council = await aCouncil('found');
    assert.deepEqual(await copiesOf('C1', council.dependencies()), [
      { kind: 'staging row', where: 'staging table' },
      { kind: 'result', where: places.answers },
      { kind: 'checkpoint', where: places.checkpoint },
      { kind: 'payload', where: places.dead },
      { kind: 'payload', where: places.sent },
      { kind: 'finding', where: places.finding },
      { kind: 'request', where: places.request },
      { kind: 'result', where: places.result },
      { kind: 'payload', where: places.held },
      { kind: 'other record', where: places.unknown },
      { kind: 'request', where: places.turn },
      { kind: 'ledger entry', where: places.ledger },
    ]);
    assert.deepEqual(await copiesOf('C3', council.dependencies()), []);
  });

  test('include findings about other rows of the child, which name it as well', async () => {
    const council = await aCouncil('other-rows');
    const where = `runs/${secondNight}/findings/a1/00001.jsonl`;
    const finding = { rule: 'placeholder', table: 'ssd_address', rowId: '7', column: 'c', found: 'text' };
    const lines = [{ ...finding, childId: 'C2' }, { ...finding, childId: null }, finding];
    await council.blobs.write(where, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const findingsAbout = async (id: string) =>
      (await copiesOf(id, council.dependencies())).flatMap((copy) =>
        copy.kind === 'finding' ? [copy.where] : [],
      );
    assert.deepEqual(await findingsAbout('c2'), [where]);
    assert.deepEqual(await findingsAbout('7'), []);
  });

  test('are found under every spelling that the database takes for one child', async () => {
    const council = await aCouncil('spelled');
    assert.equal((await copiesOf('c1', council.dependencies())).length, 12);
  });

  test('are listed with what would become of them; the look changes nothing but the ledger', async () => {
    const council = await aCouncil('planned');
    const before = await council.contents();
    const { removed, kept } = await planErasure('C1', asker, council.dependencies());
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
    assert.equal(await council.staging.standingOf('C1'), 'DfE holds nothing');
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
    const { at } = await eraseChild('C1', asker, undefined, council.dependencies());
    const after = await council.contents();
    assert.ok(!Object.values(after).join().includes('the name of C1"'));
    for (const name of [places.dead, places.sent, places.held]) {
      const [erased, other] = await council.childrenOf(name);
      assert.deepEqual(
        { ...erased },
        { personId: 'C1', hash, change: 'New', payload: {}, holds: 'nothing', erasedAt: at },
      );
      assert.deepEqual(other?.payload, { la_child_id: 'C2', first_name: 'the name of C2' });
      assert.deepEqual(other.holds, { json: '{"first_name":"the name of C2"}' });
      before[name] = after[name];
    }
    assert.deepEqual(after, before);
  });

  test('leaves the facts beside a result, from which the totals of a run are made', async () => {
    const council = await aCouncil('facts');
    await eraseChild('C1', asker, undefined, council.dependencies());
    const [result] = await council.blobs.list(places.result);
    assert.deepEqual(result?.facts, { accepted: '1' });
  });

  test('is recorded: who, why, what was removed, what was kept and why', async () => {
    const council = await aCouncil('recorded');
    const erasure = await eraseChild('C1', asker, undefined, council.dependencies());
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
    assert.equal(await council.staging.standingOf('C1'), 'no row');
  });

  const standings: ['DfE holds the child' | 'DfE may hold the child', RegExp][] = [
    ['DfE holds the child', /has left the cohort/],
    ['DfE may hold the child', /never answered/],
  ];
  for (const [standing, why] of standings) {
    test(`keeps the staging row while ${standing}, and says what to do`, async () => {
      const council = await aCouncil(standing.toLowerCase().replaceAll(' ', '-'));
      council.staging.standings.set('c1', standing);
      const plan = await planErasure('C1', asker, council.dependencies());
      const erasure = await eraseChild('C1', asker, undefined, council.dependencies());
      for (const { removed, kept } of [plan, erasure]) {
        assert.deepEqual(
          removed.map(({ kind }) => kind),
          ['payload'],
        );
        assert.equal(kept[0]?.kind, 'staging row');
        assert.match(kept[0].why, why);
      }
      assert.equal(await council.staging.standingOf('C1'), standing);
    });
  }

  test('is refused while a run is going on, which is named: nothing changes, nothing is recorded', async () => {
    const council = await aCouncil('busy');
    const before = await council.contents();
    await assert.rejects(eraseChild('C1', asker, secondNight, council.dependencies()), (error) => {
      assert.ok(error instanceof RunGoingOnError);
      assert.equal(error.runId, secondNight);
      return true;
    });
    assert.deepEqual(await council.contents(), before);
    assert.deepEqual([await council.accesses(), await council.erasures()], [[], []]);
  });

  test('changes nothing when it is repeated, and is recorded again', async () => {
    const council = await aCouncil('again');
    await eraseChild('C1', asker, undefined, council.dependencies());
    const before = await council.contents();
    const { removed, kept } = await eraseChild('C1', asker, undefined, council.dependencies());
    assert.deepEqual(await council.contents(), before);
    assert.deepEqual(removed, []);
    assert.deepEqual(kept.find(({ kind }) => kind === 'emptied payload')?.where, [
      places.dead,
      places.sent,
      places.held,
    ]);
    assert.equal((await council.erasures()).length, 2);
  });

  test('of a child of whom nothing is stored is recorded all the same', async () => {
    const council = await aCouncil('nobody');
    const before = await council.contents();
    const { removed } = await eraseChild('C3', asker, undefined, council.dependencies());
    assert.deepEqual(removed, []);
    assert.deepEqual(await council.contents(), before);
    assert.equal((await council.erasures()).length, 1);
  });

  test('loses nothing that somebody else writes into a chunk at the same moment', async () => {
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
    await eraseChild('C1', asker, undefined, council.dependencies(blobs));
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
    await assert.rejects(eraseChild('C1', asker, undefined, council.dependencies(blobs)), (error) => {
      assert.match(String(error), /chunks\/a2\/00001\.json.*not complete/);
      assert.doesNotMatch(String(error), /C1/);
      return true;
    });
    assert.deepEqual(
      (await council.accesses()).map(({ what }) => what),
      ['erasure'],
    );
    assert.deepEqual(await council.erasures(), []);
    const { removed, kept } = await eraseChild('C1', asker, undefined, council.dependencies());
    assert.deepEqual(removed[0]?.where, [places.sent, places.held]);
    assert.deepEqual(kept.find(({ kind }) => kind === 'emptied payload')?.where, [places.dead]);
  });

  test('removes nothing at all when it cannot read everything: it names the blob, and quotes nothing of it', async () => {
    const council = await aCouncil('unreadable');
    await council.blobs.write(`runs/${secondNight}/chunks/a1/00002.json`, '{"children":[{"id":"C1"}]}');
    const before = await council.contents();
    await assert.rejects(eraseChild('C1', asker, undefined, council.dependencies()), (error) => {
      assert.match(String(error), /chunks\/a1\/00002\.json/);
      assert.doesNotMatch(String(error), /C1/);
      return true;
    });
    assert.deepEqual(await council.contents(), before);
    assert.equal(await council.staging.standingOf('C1'), 'DfE holds nothing');
  });
});

function interfered(blobs: BlobStore, changes: Partial<BlobStore>): BlobStore {
  return {
    create: (name, content, facts) => blobs.create(name, content, facts),
    write: (name, content) => blobs.write(name, content),
    replace: (name, content, tag) => blobs.replace(name, content, tag),
    read: (name) => blobs.read(name),
    readTagged: (name) => blobs.readTagged(name),
    list: (prefix) => blobs.list(prefix),
    folders: (prefix) => blobs.folders(prefix),
    ...changes,
  };
}
