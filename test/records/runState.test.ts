import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { readRunState, type RunState } from '../../shared/records/runState.js';
import { runStore } from '../../shared/records/runStore.js';
import { writePastNight } from '../pages/pastRuns.js';
import { MemoryBlobs } from './memoryBlobs.js';

const decision = { at: '2026-08-11T03:00:00.000Z', by: 'a person' };

type Kept = 'plan' | 'paused plan' | 'approval' | 'cancellation' | 'summary';

/** A run of which only some records are kept, with what a finished run wrote in them. */
async function aRunWith(...kept: readonly Kept[]) {
  const past = new MemoryBlobs();
  const night = { ago: 0, status: 'completed', accepted: 1, refused: 0, outstanding: 0 } as const;
  const now = new Date('2026-08-11T02:00:00Z');
  const runId = await writePastNight(night, plainDate('2026-08-11'), now, runStore(past));
  const blobs = new MemoryBlobs();
  const runs = runStore(blobs);
  const plan = await runStore(past).plan.read(runId);
  const summary = await runStore(past).summary.read(runId);
  assert.ok(plan && summary);
  if (kept.includes('plan')) await runs.plan.create(runId, plan);
  if (kept.includes('paused plan')) await runs.plan.create(runId, { ...plan, held: true });
  if (kept.includes('approval')) await runs.approval.create(runId, decision);
  if (kept.includes('cancellation'))
    await runs.cancellation.create(runId, { ...decision, cause: 'decision' });
  if (kept.includes('summary')) await runs.summary.create(runId, summary);
  return { runId, runs, blobs };
}

describe('the state of a run', () => {
  const states: readonly [RunState['state'], ...Kept[]][] = [
    ['unplanned'],
    ['unplanned', 'cancellation'],
    ['sending', 'plan'],
    ['sending', 'plan', 'cancellation'],
    ['paused', 'paused plan'],
    ['paused', 'paused plan', 'cancellation'],
    ['sending', 'paused plan', 'approval'],
    ['ended', 'plan', 'summary'],
    ['ended', 'summary'],
  ];
  for (const [state, ...kept] of states) {
    test(`is ${state} with ${kept.length === 0 ? 'no record' : kept.join(', ')}`, async () => {
      const { runId, runs } = await aRunWith(...kept);
      assert.equal((await readRunState(runId, runs)).state, state);
    });
  }

  for (const record of ['plan', 'approval', 'cancellation'] as const) {
    test(`is unreadable when another version has written the ${record}, and names the record`, async () => {
      const { runId, runs, blobs } = await aRunWith(record === 'plan' ? 'cancellation' : 'paused plan');
      await blobs.write(`runs/${runId}/${record}.json`, '{"version":"of the future"}');
      const state = await readRunState(runId, runs);
      assert.equal(state.state, 'unreadable');
      assert.match(state.unreadable[record]?.message ?? '', new RegExp(`${record}\\.json`));
    });
  }

  test('is ended when another version has written the summary', async () => {
    const { runId, runs, blobs } = await aRunWith('paused plan');
    await blobs.write(`runs/${runId}/summary.json`, '{"version":"of the future"}');
    assert.equal((await readRunState(runId, runs)).state, 'ended');
  });

  test('is read again only as far as a record was absent', async () => {
    const { runId, runs, blobs } = await aRunWith('paused plan', 'approval');
    const known = await readRunState(runId, runs);
    const reads: string[] = [];
    const read = (name: string) => {
      reads.push(name);
      return blobs.read(name);
    };
    const noted = runStore({
      create: (...wanted) => blobs.create(...wanted),
      write: (...wanted) => blobs.write(...wanted),
      replace: (...wanted) => blobs.replace(...wanted),
      read,
      readTagged: (name) => blobs.readTagged(name),
      list: (prefix) => blobs.list(prefix),
      folders: (prefix) => blobs.folders(prefix),
      time: () => blobs.time(),
    });
    await runs.cancellation.create(runId, { ...decision, cause: 'decision' });
    assert.deepEqual((await readRunState(runId, noted, known)).cancellation?.by, decision.by);
    assert.deepEqual(reads.sort(), [`runs/${runId}/cancellation.json`, `runs/${runId}/summary.json`]);
  });
});
