import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { aWorld } from '../runs/world.js';
import { playLeg, ways, type Troubles } from './campaign.js';
import { ChangingSsd } from './changingSsd.js';

const troubles: Troubles = { kills: true, duplicates: true, late: true, clock: true };
const nights = 2;
const seed = 'in the suite';

const world = aWorld(1);

describe('a campaign', () => {
  let ssd: ChangingSsd;
  before(async () => {
    ssd = new ChangingSsd(world.database, 'ssd_campaign', 12, seed);
    await ssd.start();
  });

  test('of killed steps and doubled messages leaves DfE with what the SSD says on each green evening and in the end', async (t) => {
    let kills = 0;
    let duplicates = 0;
    for (const way of ways) {
      const tally = await playLeg({ ...way, nights, seed, troubles }, world, ssd);
      assert.deepEqual([tally.wrong, tally.atTheEnd], [[], []], `${way.mode}, ${way.arrays}`);
      assert.ok(tally.green > 0);
      kills += tally.kills;
      duplicates += tally.duplicates;
    }
    assert.ok(kills > 5 && duplicates > 5);
    t.diagnostic(`${String(kills)} kills, ${String(duplicates)} duplicates`);
  });

  test('notices a DfE that says it has taken what it has not', async () => {
    const tally = await playLeg(
      {
        mode: 'changes',
        arrays: 'replace',
        nights: 1,
        seed,
        troubles: { kills: false, duplicates: false, late: false, clock: false },
        post: (payloads) =>
          Promise.resolve({ kind: 'accepted', receipts: payloads.map(() => 'no receipt'), tries: 1 }),
      },
      world,
      ssd,
    );
    assert.notDeepEqual(tally.wrong, []);
    assert.notDeepEqual(tally.atTheEnd, []);
  });
});
