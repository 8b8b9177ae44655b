import assert from 'node:assert/strict';
import type { HeldAtDfe } from '../../shared/staging/stagedChild.js';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { eraseChild, planErasure } from '../../shared/dataSubject/erasure.js';
import { noDeadline } from '../../shared/records/inTime.js';
import { Ledger, type LedgerBlobs } from '../../shared/records/ledger.js';
import type { Access, Asker, Erasure } from '../../shared/records/ledgerEntries.js';
import { chunkSchema } from '../../shared/records/chunk.js';
import type { RunRequest } from '../../shared/records/runRequest.js';
import { runStore } from '../../shared/records/runStore.js';
import type { StagedRows } from '../../shared/dataSubject/stagedRows.js';

export const firstNight = '20260811T020000000Z-00000a';
export const secondNight = '20260812T020000000Z-00000b';
export const hash = 'ab'.repeat(32);
export const asker: Asker = { by: 'function key', reason: 'request 4' };

const inSmallLetters = (personId: string): string => personId.toLowerCase();

/** The staging table as far as an erasure knows it, as SQL Server compares ids. */
class Rows implements StagedRows {
  readonly rows = new Map<string, HeldAtDfe>();

  idKey(): Promise<(personId: string) => string> {
    return Promise.resolve(inSmallLetters);
  }

  heldAtDfe(personId: string): Promise<HeldAtDfe> {
    return Promise.resolve(this.rows.get(inSmallLetters(personId)) ?? 'no row');
  }

  removeIfNotHeld(personId: string): Promise<boolean> {
    const key = inSmallLetters(personId);
    return Promise.resolve(this.rows.get(key) === 'DfE holds nothing' && this.rows.delete(key));
  }
}

export class Council {
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

export const places = {
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
export async function filled(council: Council): Promise<Council> {
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
  staging.rows.set('c1', 'DfE holds nothing');

  // What looks like the child and is not.
  await council.chunk(`runs/${firstNight}/chunks/a2/00002.json`, ['C11', 'C2']);
  const ofAnotherTable = { ...finding, table: 'ssd_address' };
  await blobs.write(`runs/${firstNight}/findings/00002.jsonl`, `${JSON.stringify(ofAnotherTable)}\n`);
  await blobs.write(`runs/${firstNight}/findings/00003.jsonl`, '');
  await blobs.write(`runs/${secondNight}/request.json`, JSON.stringify({ children: ['C11'] }));
  return council;
}

export function interfered(blobs: BlobStore, changes: Partial<BlobStore>): BlobStore {
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
