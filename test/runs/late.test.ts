import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { landsWithinMs } from '../../shared/host/durations.js';
import { sendChunk } from '../../shared/runs/sendChunk.js';
import type { SsdName } from './world.js';
import { statusOf } from './statusOf.js';
import { world, day, approvedRequest, planned, deliveredSlowly, assertPutRight } from './slowPosts.js';

/** How much is sent of a child, and a DfE that understands it. */
const modes = [
  { arrays: 'replace', mode: 'changes' },
  { arrays: 'merge', mode: 'changes' },
  { arrays: 'merge', mode: 'snapshot' },
  { arrays: 'blocks', mode: 'partial' },
] as const;

for (const { arrays, mode } of modes) {
  describe(`a POST that DfE takes late (${arrays}, ${mode})`, () => {
    const more = { mode };

    /**
     * Each chunk of a night on `before` is delivered twice, the first POST is slow, the second ends the run. Then the SSD
     * says `after`, and a rerun is accepted.
     */
    async function overtaken(before: SsdName, after: SsdName) {
      const { runId, chunks, dependencies } = await planned(before, more);
      assert.ok(chunks.length > 0);
      const late = await deliveredSlowly(chunks, before, more);
      for (const chunk of chunks) await sendChunk(chunk, dependencies);
      assert.equal((await statusOf(runId, dependencies)).status, 'completed', 'DfE holds it, late or not');
      world.later(5);
      const rerun = world.dependencies(after, more);
      const rerunId = await world.run(rerun, approvedRequest);
      assert.ok(rerunId !== undefined);
      assert.deepEqual(world.dfe.children(), await world.expected(after));
      return { late, rerun, rerunId };
    }

    for (const senders of ['hear', 'were killed'] as const) {
      const which =
        senders === 'hear' ? '' : ', also when its sender was killed before it could note the answer';

      test(`is corrected after a rerun that it overwrites${which}`, async () => {
        await world.fresh({ arrays });
        const { late, rerun, rerunId } = await overtaken('first', 'later');
        const { status, totals, explanation } = await statusOf(rerunId, rerun);
        assert.equal(status, 'completedWithFailures');
        assert.ok((totals?.inDoubt ?? 0) > 0);
        assert.match(explanation ?? '', /may still arrive/);
        await late.land(rerun, senders);
        assert.notDeepEqual(world.dfe.children(), await world.expected('later'), 'it has overwritten');
        await assertPutRight('later', more);
      });

      test(`is corrected when it removes a child that has come back${which}`, async () => {
        await world.fresh({ arrays });
        await world.run(world.dependencies('first', more));
        world.later(day);
        const { late, rerun } = await overtaken('empty', 'first');
        await late.land(rerun, senders);
        assert.deepEqual(world.dfe.children(), []);
        await assertPutRight('first', more);
      });

      test(`is corrected when it brings back a child that was removed${which}`, async () => {
        await world.fresh({ arrays });
        const { late, rerun } = await overtaken('first', 'empty');
        const removed = (await world.expected('first'))[0]?.la_child_id ?? '';
        assert.equal(await rerun.staging.heldAtDfe(removed), 'DfE may hold the child', 'an erasure waits');
        assert.equal(await rerun.staging.removeIfNotHeld(removed), false);
        await late.land(rerun, senders);
        assert.notDeepEqual(world.dfe.children(), []);
        await assertPutRight('empty', more);
        assert.equal(await rerun.staging.heldAtDfe(removed), 'DfE holds nothing');
      });

      test(`is corrected when its run was abandoned${which}`, async () => {
        await world.fresh({ arrays });
        const { chunks, runId } = await planned('first', more);
        world.later(2 * day - 10);
        const late = await deliveredSlowly(chunks, 'first', more);
        world.later(11);
        const next = world.dependencies('later', more);
        const nextId = await world.run(next);
        assert.ok(nextId !== undefined && nextId !== runId);
        assert.equal((await statusOf(runId, next)).status, 'failed');
        assert.equal((await statusOf(nextId, next)).status, 'completedWithFailures');
        await late.land(next, senders);
        await assertPutRight('later', more);
      });
    }

    test('changes nothing, and nothing is sent again, when it carries what DfE has accepted since', async () => {
      await world.fresh({ arrays });
      const { chunks, dependencies } = await planned('first', more);
      const late = await deliveredSlowly(chunks, 'first', more);
      for (const chunk of chunks) await sendChunk(chunk, dependencies);
      await late.land(dependencies, 'hear');
      world.later(day);
      const next = world.dependencies('first', { mode: 'changes' });
      const runId = await world.run(next);
      const status = await statusOf(runId ?? '', next);
      assert.equal(status.figures?.toSend, 0);
      assert.deepEqual(world.dfe.children(), await world.expected('first'));
    });

    test('leaves no doubt once it can no longer arrive', async () => {
      await world.fresh({ arrays });
      const { chunks, dependencies } = await planned('first', more);
      await deliveredSlowly(chunks, 'first', more);
      for (const chunk of chunks) await sendChunk(chunk, dependencies);
      world.later(landsWithinMs / 60_000 + 1);
      const rerun = world.dependencies('later', more);
      const runId = await world.run(rerun, approvedRequest);
      assert.equal((await statusOf(runId ?? '', rerun)).status, 'completed');
    });
  });
}
