import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWorld, night, type Interference, type SsdName } from './world.js';

const world = aWorld();

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

async function writesOfANight(ssd: SsdName): Promise<number> {
  const counting = killedAt(0, 'before');
  await night(world.dependencies(ssd, {}, counting));
  return counting.writes;
}

test('wherever a night is killed, DfE holds just what the SSD says after it has been repeated or after the next one', async () => {
  await world.fresh();
  await night(world.dependencies('first'));
  const writes = await writesOfANight('later');
  assert.ok(writes > 10, `a night has ${String(writes)} writes`);
  const expected = await world.expected('later');

  for (let nth = 1; nth <= writes; nth += 1) {
    for (const moment of ['before', 'after'] as const) {
      await world.fresh();
      await night(world.dependencies('first'));
      await night(world.dependencies('later', {}, killedAt(nth, moment)));
      await night(world.dependencies('later'));
      assert.deepEqual(world.dfe.children(), expected, `killed ${moment} write ${String(nth)}`);
    }
  }
});
