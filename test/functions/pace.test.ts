import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { parseFaults } from '../local/dfe/faults.js';
import { runNight } from '../local/night.js';
import { fillSsd } from '../../infra/syntheticSsd/fill.js';
import { Stack } from '../local/stack.js';

const today = plainDate('2026-08-11');
const source = { kind: 'synthetic', children: 60, seed: 'pace' } as const;

/** Moves on only when it is read, by so little that its DfE finds any app too fast, whatever this machine does. */
function slowClock(): () => Date {
  let time = Date.now();
  return () => new Date((time += 45));
}

const cases = [
  {
    what: 'keeps to its ceiling, so that a DfE that allows a little more never has to slow it down',
    postsPerSecond: '4',
    // Each of the two posts in flight takes at least half a second: at most three of each arrive within one second.
    faults: 'rate=6',
    slowedDown: 'none',
  },
  {
    what: 'that is too fast for DfE is slowed down by its 429, and everything is accepted all the same',
    postsPerSecond: '100',
    faults: 'rate=3',
    dfeNow: slowClock(),
    slowedDown: 'some',
  },
] as const;

for (const { what, postsPerSecond, faults, slowedDown, ...clock } of cases) {
  test(`the app ${what}`, async (t) => {
    const stack = await Stack.start({
      faults: parseFaults(faults),
      ...clock,
      settings: {
        CHUNK_MAX_CHILDREN: '5',
        DFE_POSTS_IN_FLIGHT: '2',
        DFE_POSTS_PER_SECOND: postsPerSecond,
      },
    });
    t.after(() => stack.stop());
    await stack.withDatabase((database) => fillSsd(database, stack.schema, source, today));
    const host = await stack.startApp(today);
    const status = await runNight(host, AbortSignal.timeout(60_000), () => undefined);
    assert.equal(status.status, 'completed');
    assert.equal(status.totals?.accepted, status.figures?.cohort);
    const { postsByStatus, mostPostsInFlight } = stack.dfe.statistics;
    assert.ok(mostPostsInFlight <= 2);
    assert.equal((postsByStatus['429'] ?? 0) > 0 ? 'some' : 'none', slowedDown);
  });
}
