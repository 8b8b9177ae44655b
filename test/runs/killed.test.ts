import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFaults } from '../local/dfe/faults.js';
import type { ArrayMode } from '../local/dfe/state.js';
import { killedAt } from './interference.js';
import { aWorld, type SsdName } from './world.js';

const world = aWorld(12);

interface Night {
  readonly ssd: SsdName;
  readonly refuses: 'one child' | 'nobody';
}

/** Newcomers, changes, leavers, returns, a refusal and its end. */
const nights: readonly Night[] = [
  { ssd: 'first', refuses: 'nobody' },
  { ssd: 'later', refuses: 'one child' },
  { ssd: 'first', refuses: 'nobody' },
];

/** Where an extract is killed is what `resumed.test.ts` is about. */
const ofTheExtract = /(checkpoint|progress)\.json$|\/findings\//;

/** All nights, each with the ticks that follow it. @returns the number of writes */
async function allNights(
  arrays: ArrayMode,
  bad: string,
  killer: ReturnType<typeof killedAt>,
): Promise<number> {
  await world.fresh({ arrays });
  for (const { ssd, refuses } of nights) {
    world.dfe.setFaults(refuses === 'nobody' ? {} : parseFaults(`refuse=${bad}`));
    const dependencies = world.dependencies(ssd, {}, killer);
    await world.run(dependencies);
    await world.ticks(dependencies).catch(() => undefined);
    world.later(60);
  }
  return killer.writes;
}

test('wherever three nights are killed, DfE holds just what the SSD says after the next one and a rerun of what was refused', async (t) => {
  const expected = await world.expected('later');
  const bad = expected[0]?.la_child_id ?? '';
  const writes = await allNights('merge', bad, killedAt(0, 'before', ofTheExtract));
  assert.ok(writes > 60, `three nights have ${String(writes)} writes`);
  assert.notDeepEqual(world.dfe.children(), expected);

  let cases = 0;
  for (let nth = 1; nth <= writes; nth += 1) {
    // What is killed before a write has done all that is done when it is killed after the one before it.
    for (const moment of nth % 3 === 0 ? (['before', 'after'] as const) : (['after'] as const)) {
      cases += 1;
      const arrays = (nth + cases) % 2 === 0 ? 'merge' : 'replace';
      await allNights(arrays, bad, killedAt(nth, moment, ofTheExtract));
      const dependencies = world.dependencies('later');
      await world.run(dependencies);
      await world.ticks(dependencies);
      await world.run(dependencies, { trigger: 'http', requestedBy: 'a person', scope: 'refused' });
      assert.deepEqual(world.dfe.children(), expected, `killed ${moment} write ${String(nth)}, ${arrays}`);
    }
  }
  t.diagnostic(`${String(cases)} cases, all equal`);
});
