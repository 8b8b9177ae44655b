import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BlobServiceClient } from '@azure/storage-blob';
import { AzureBlobStore } from '../../shared/azure/azureBlobStore.js';
import type { HeldAtDfe } from '../../shared/staging/stagedChild.js';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { eraseChild, planErasure, RunGoingOnError } from '../../shared/dataSubject/erasure.js';
import { answerDeadline, longestAnswerMs, noDeadline } from '../../shared/records/inTime.js';
import { Ledger, type LedgerBlobs } from '../../shared/records/ledger.js';
import type { Access, Asker, Erasure } from '../../shared/records/ledgerEntries.js';
import { chunkSchema } from '../../shared/records/chunk.js';
import type { RunRequest } from '../../shared/records/runRequest.js';
import { runStore } from '../../shared/records/runStore.js';
import { startAzurite, type Azurite } from '../local/host/azurite.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { SlowBlobs } from '../records/slowBlobs.js';
import type { StagedRows } from '../../shared/dataSubject/stagedRows.js';

let azurite: Azurite;
before(async () => {
  azurite = await startAzurite();
});
after(() => azurite.stop());

const firstNight = '20260811T020000000Z-00000a';
const secondNight = '20260812T020000000Z-00000b';
const hash = 'ab'.repeat(32);
const asker: Asker = { by: 'function key', reason: 'request 4' };

const inSmallLetters = (personId: string): string => personId.toLowerCase();

/** The staging table as far as an erasure knows it, as SQL Server compares ids. */
class Rows implements StagedRows {
  readonly standings = new Map<string, HeldAtDfe>();

  idKey(): Promise<(personId: string) => string> {
    return Promise.resolve(inSmallLetters);
  }

  heldAtDfe(personId: string): Promise<HeldAtDfe> {
    return Promise.resolve(this.standings.get(inSmallLetters(personId)) ?? 'no row');
  }

  removeIfNotHeld(personId: string): Promise<boolean> {
    const key = inSmallLetters(personId);
    return Promise.resolve(this.standings.get(key) === 'DfE holds nothing' && this.standings.delete(key));
  }
}

class Council {
  readonly blobs: BlobStore;
  readonly ledger: Ledger;
  readonly staging = new Rows();
  #time = Date.parse('2026-09-01T10:00:00Z');

  constructor(blobs: BlobStore, ledgerBlobs: LedgerBlobs = blobs) {
    this.blobs = blobs;
    this.ledger = new Ledger(ledgerBlobs);
  }

  dependencies(blobs: BlobStore = this.blobs) {
    const now = () => new Date((this.#time += 1000));
    return {
      blobs,
      runs: runStore(blobs),
      ledger: this.ledger,
      staging: this.staging,
      now,
      randomHex: () => '0a0a0a',
    };
  }

  /** A run has the turn, and has ended if `isOver`. */
  async turn(runId: string, isOver: boolean, waiting?: string): Promise<void> {
    const { runs } = this.dependencies();
    const since = '2026-08-11T02:00:00.000Z';
    const wait = waiting === undefined ? {} : { waiting: request(waiting) };
    await runs.activeRun.change(() => ({ next: { run: request(runId), since, ...wait }, outcome: true }));
    if (isOver) await this.blobs.write(`runs/${runId}/summary.json`, '{}');
  }

  /** What an erasure would find, by kind. */
  async copies(personId: string): Promise<Record<string, readonly string[]>> {
    const { removed, kept, complete } = await planErasure(personId, asker, this.dependencies(), noDeadline);
    assert.ok(complete);
    return Object.fromEntries([...removed, ...kept].map(({ kind, where }) => [kind, where]));
  }

  /** An erasure that one call is enough for. */
  async erase(personId: string, blobs?: BlobStore): Promise<Erasure> {
    const done = await eraseChild(personId, asker, this.dependencies(blobs), noDeadline);
    assert.ok(done.erased);
    return done.erasure;
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

  /** The blobs that hold the content of a child. */
  async stored(personId: string): Promise<string[]> {
    const contents = Object.entries(await this.contents());
    return contents.flatMap(([name, content]) =>
      content?.includes(`the name of ${personId}"`) === true ? [name] : [],
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

function request(runId: string): RunRequest {
  return {
    runId,
    trigger: 'http',
    requestedBy: 'a person',
    requestedAt: '2026-08-11T02:00:00.000Z',
    today: '2026-08-11',
    scope: 'children',
    children: ['C1'],
  };
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

/** A council in a container of its own, with a child C1 as `filled` says. */
async function aCouncil(container: string): Promise<Council> {
  const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
  return filled(new Council(new AzureBlobStore(service.getContainerClient(container))));
}

/** Child C1 in every place where something is stored about a child, next to C2. */
async function filled(council: Council): Promise<Council> {
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
  await council.turn(firstNight, true);
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

  test('leaves the facts beside a result, from which the totals of a run are made', async () => {
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
      council.staging.standings.set('c1', standing);
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

  test('is refused while a run is going on, which is named: nothing changes, nothing is recorded', async () => {
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
      council.staging.standings.set('c1', 'DfE holds nothing');
      const begun = '20260901T100000000Z-00000c';
      let hasBegun = false;
      const beginAt = async (now: (typeof moments)[number]) => {
        if (now !== moment || hasBegun) return;
        hasBegun = true;
        await council.turn(begun, false);
        await council.chunk(`runs/${begun}/chunks/a1/00001.json`, ['C1', 'C2']);
        council.staging.standings.set('c1', 'DfE holds nothing');
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

  test('of a child of whom nothing is stored is recorded all the same', async () => {
    const council = await aCouncil('nobody');
    const before = await council.contents();
    const { removed } = await council.erase('C3');
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

describe('an erasure for which one call is not enough', () => {
  /** Every read takes half of the time of an answer: a call reads no more than it must to get on. */
  const slow = (council: Council, changes: Partial<BlobStore> = {}) => {
    const blobs = new SlowBlobs(interfered(council.blobs, changes), longestAnswerMs / 2);
    let asked = 0;
    const call = async () => {
      // Each call has a time of its own; nothing but the stored records goes from one to the next.
      const dependencies = {
        ...council.dependencies(blobs),
        ledger: new Ledger(blobs),
        now: blobs.now,
        randomHex: () => (asked += 1).toString(16).padStart(6, '0'),
      };
      const deadline = answerDeadline(blobs.now);
      return eraseChild('C1', asker, dependencies, deadline);
    };
    return { blobs, call };
  };
  const payloads = 25;

  /** More blobs with a payload of the child than one call gets through, also when it only has to empty them. */
  async function aLargeCouncil(): Promise<Council> {
    const council = await filled(new Council(new MemoryBlobs()));
    for (let chunk = 100; chunk < 100 + payloads; chunk += 1) {
      await council.chunk(`runs/${secondNight}/chunks/a1/00${String(chunk)}.json`, ['C1', 'C2']);
    }
    return council;
  }

  const isStored = async (council: Council) => (await council.stored('C1')).length > 0;

  /** Asks until it is done. @returns the erasure, and the number of calls */
  async function untilDone(call: () => ReturnType<typeof eraseChild>) {
    for (let calls = 1; calls <= 100; calls += 1) {
      const done = await call();
      if (done.erased) return { erasure: done.erasure, calls };
    }
    return assert.fail('it is not done after 100 calls');
  }

  test('says so in each call but the last, and the whole is erased and recorded as by one call', async () => {
    const [large, other] = [await aLargeCouncil(), await aLargeCouncil()];
    const { call } = slow(large);
    let calls = 1;
    for (let done = await call(); !done.erased; done = await call()) {
      calls += 1;
      assert.deepEqual(await large.erasures(), []);
      assert.equal(await large.staging.heldAtDfe('C1'), 'DfE holds nothing');
      assert.equal(done.plan.complete, false);
    }
    assert.ok(calls > 5, `${String(calls)} calls`);
    assert.equal(await isStored(large), false);
    assert.equal(await large.staging.heldAtDfe('C1'), 'no row');
    const [erasure] = await large.erasures();
    const whole = await other.erase('C1');
    assert.ok(erasure);
    assert.deepEqual(erasure.removed, whole.removed);
    const withoutLedger = ({ kept }: Erasure) => kept.filter(({ kind }) => kind !== 'ledger entry');
    assert.deepEqual(withoutLedger(erasure), withoutLedger(whole));
  });

  test('removes nothing before everything was looked at', async () => {
    const council = await aLargeCouncil();
    await council.blobs.write(`runs/${secondNight}/results/00001.json`, '{}');
    const before = await council.contents();
    const { call } = slow(council);
    await assert.rejects(untilDone(call), /results\/00001\.json/);
    assert.deepEqual(await council.contents(), before);
  });

  test('takes in what a run has written between two calls, however its id is ordered', async () => {
    const council = await aLargeCouncil();
    const { call } = slow(council);
    await call();
    await call();
    const later = ['20260101T020000000Z-00000c', '20270101T020000000Z-00000d'].map(
      (runId) => `runs/${runId}/chunks/a1/00001.json`,
    );
    for (const name of later) await council.chunk(name, ['C1', 'C2']);
    const { erasure } = await untilDone(call);
    assert.equal(await isStored(council), false);
    for (const name of later) assert.ok(erasure.removed[0]?.where.includes(name));
  });

  test('is refused while a run is going on, and goes on afterwards where it stood', async () => {
    const council = await aLargeCouncil();
    const { call } = slow(council);
    await call();
    await council.turn(secondNight, false);
    const before = await council.contents();
    await assert.rejects(call(), RunGoingOnError);
    assert.deepEqual(await council.contents(), before);
    await council.turn(secondNight, true);
    await untilDone(call);
    assert.equal(await isStored(council), false);
  });

  test('is the same when two ask at the same time, all the way', async () => {
    const council = await aLargeCouncil();
    const [one, other] = [slow(council), slow(council)];
    for (let calls = 0; calls < 100; calls += 1) {
      const both = await Promise.all([one.call(), other.call()].map((call) => call.catch(() => undefined)));
      if (both.some((done) => done?.erased === true)) break;
    }
    assert.equal(await isStored(council), false);
    assert.equal(await council.staging.heldAtDfe('C1'), 'no row');
    assert.ok((await council.erasures()).length > 0);
  });

  test('wherever a call is killed at a write, asking again does the rest', async () => {
    for (let nth = 1; nth <= 60; nth += 1) {
      const council = await aLargeCouncil();
      let writes = 0;
      const killed =
        <Arguments extends unknown[]>(write: (...given: Arguments) => Promise<boolean>) =>
        async (...given: Arguments): Promise<boolean> => {
          writes += 1;
          const done = await write(...given);
          if (writes === nth) throw new Error('killed after a write');
          return done;
        };
      const { call } = slow(council, {
        create: killed((name: string, content: string, facts?: Readonly<Record<string, string>>) =>
          council.blobs.create(name, content, facts),
        ),
        replace: killed((name: string, content: string, tag: string) =>
          council.blobs.replace(name, content, tag),
        ),
      });
      const calls: boolean[] = [];
      while (!calls.includes(true) && calls.length < 100) {
        calls.push((await call().catch(() => undefined))?.erased === true);
      }
      assert.equal(await isStored(council), false, `killed at write ${String(nth)}`);
      assert.ok((await council.erasures()).length > 0);
    }
  });

  test('and a look at what would be erased goes on in the same way, and begins anew once it is whole', async () => {
    const council = await aLargeCouncil();
    const blobs = new SlowBlobs(council.blobs, longestAnswerMs / 2);
    let asked = 0;
    const look = () =>
      planErasure(
        'C1',
        asker,
        {
          ...council.dependencies(blobs),
          now: blobs.now,
          randomHex: () => (asked += 1).toString(16).padStart(6, '0'),
        },
        answerDeadline(blobs.now),
      );
    const before = await council.contents();
    const found: number[] = [];
    for (;;) {
      const { removed, complete } = await look();
      found.push(removed[0]?.where.length ?? 0);
      if (complete) break;
    }
    assert.ok(found.length > 3);
    assert.equal(found.at(-1), payloads + 3);
    assert.deepEqual(await council.contents(), before);
    assert.ok(((await look()).removed[0]?.where.length ?? 0) < payloads);
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
    time: () => blobs.time(),
    ...changes,
  };
}
