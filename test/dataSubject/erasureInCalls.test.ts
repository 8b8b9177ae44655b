import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BlobStore } from '../../shared/records/blobStore.js';
import { eraseChild, planErasure, RunGoingOnError } from '../../shared/dataSubject/erasure.js';
import { answerDeadline, longestAnswerMs } from '../../shared/records/inTime.js';
import { Ledger } from '../../shared/records/ledger.js';
import type { Erasure } from '../../shared/records/ledgerEntries.js';
import { MemoryBlobs } from '../records/memoryBlobs.js';
import { SlowBlobs } from '../records/slowBlobs.js';
import { secondNight, asker, Council, filled, interfered } from './aCouncil.js';

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

  test('is refused while a run is in progress, and continues afterwards where it stopped', async () => {
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

  test('finishes when asked again, at whichever write a call was killed', async () => {
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

  test('is previewed in the same way: the preview continues over several calls, and begins again once it is complete', async () => {
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
