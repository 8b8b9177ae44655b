import assert from 'node:assert/strict';
import { it } from 'node:test';
import { counted } from '../database/countedDatabase.js';
import { accepted, aNewChild, firstRun, inStep, staged, unanswered } from './children.js';
import { childrenOf, describeStagingTable } from './stagingUnderTest.js';

/** In characters; with their accents and signs outside the basic plane they are more in bytes. */
const size = 200 * 1024;
const sentence = 'Siân lives with “Nain” — 🙂 王小明, \\"quoted\\". ';

describeStagingTable('payloads of 200 KB', (staging) => {
  const writes = Array.from({ length: 30 }, (_, at) => {
    const text = `${String(at)} ${sentence.repeat(size / sentence.length)}`;
    return aNewChild(`C${100 + at}`, JSON.stringify({ text }));
  });

  it('30 of one range are staged, claimed and settled whole, and read back to the letter in one round trip', async () => {
    const children = async () => {
      const watched = counted(staging.database);
      const found = await childrenOf(watched, staging.table);
      assert.equal(watched.roundTrips, 1);
      return found;
    };
    await staging.stage(...writes);
    assert.deepEqual(
      await children(),
      writes.map((write) => staged(write)),
    );
    assert.equal((await staging.claim(firstRun, ...writes)).size, writes.length);
    assert.deepEqual(
      await children(),
      writes.map((write) => unanswered(write)),
    );
    await staging.settle(firstRun, ...writes.map((write) => accepted(write)));
    assert.deepEqual(await children(), writes.map(inStep));
  });
});
