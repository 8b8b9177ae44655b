import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFaults } from '../local/dfe/faults.js';
import type { ArrayMode } from '../local/dfe/state.js';
import { aWorld, type Interference, type SsdName } from './world.js';

const world = aWorld(12);

/** Fails once: in place of the nth write, or right after it, as a process does that is killed there. */
function killedAt(nth: number, moment: 'before' | 'after'): Interference & { readonly writes: number } {
  let writes = 0;
  return {
    get writes() {
      return writes;
    },
    around: async (write) => {
      writes += 1;
      const now = writes === nth;
      if (now && moment === 'before') throw new Error('killed before a write');
      const result = await write();
      if (now) throw new Error('killed after a write');
      return result;
    },
  };
}

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

/** All nights, each with the ticks that follow it. @returns the number of writes */
async function allNights(arrays: ArrayMode, killer: ReturnType<typeof killedAt>): Promise<number> {
  await world.fresh({ arrays });
  for (const { ssd, refuses } of nights) {
    const [bad] = await world.expected('later');
    world.dfe.setFaults(refuses === 'nobody' ? {} : parseFaults(`refuse=${bad?.la_child_id ?? ''}`));
    const dependencies = world.dependencies(ssd, {}, killer);
    await world.night(dependencies);
    await world.ticks(dependencies).catch(() => undefined);
    world.later(60);
  }
  return killer.writes;
}

test('wherever three nights are killed, DfE holds just what the SSD says after the next one and a rerun of what was refused', async (t) => {
  const writes = await allNights('merge', killedAt(0, 'before'));
  assert.ok(writes > 60, `three nights have ${String(writes)} writes`);
  const expected = await world.expected('later');
  assert.notDeepEqual(world.dfe.children(), expected);

  let cases = 0;
  for (let nth = 1; nth <= writes; nth += 1) {
    for (const moment of ['before', 'after'] as const) {
      cases += 1;
      const arrays = (nth + cases) % 2 === 0 ? 'merge' : 'replace';
      await allNights(arrays, killedAt(nth, moment));
      const dependencies = world.dependencies('later');
      await world.night(dependencies);
      await world.ticks(dependencies);
      await world.night(dependencies, { trigger: 'http', requestedBy: 'a person', scope: 'refused' });
      assert.deepEqual(world.dfe.children(), expected, `killed ${moment} write ${String(nth)}, ${arrays}`);
    }
  }
  t.diagnostic(`${String(cases)} cases, all equal`);
});
