import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { aCareEpisode, anEpisode, aPerson, aPlacement } from '../aPerson.js';
import { placed, told as toldOfAll } from './remarksOf.js';

/** What is asked about placements at the same time: such rows break the rules of the return on care as well. */
const told = (rows: PersonRows) =>
  toldOfAll(rows).filter((text) => /^(?:placements-overlap|end-before-start)/.test(text));

describe('placements', () => {
  const second = aPlacement({
    clap_cla_placement_id: 'L2',
    clap_cla_placement_start_date: '2025-08-01',
  });
  const asked = ['placements-overlap: ssd_cla_placement L1 clap_cla_placement_end_date'];

  it('that are open at the same time are queried, except the latest', () => {
    assert.deepEqual(told(placed(aPlacement(), second)), asked);
  });

  it('that end after the next one began are queried', () => {
    assert.deepEqual(told(placed(aPlacement({ clap_cla_placement_end_date: '2025-08-02' }), second)), asked);
  });

  it('may end on the day the next one begins', () => {
    assert.deepEqual(told(placed(aPlacement({ clap_cla_placement_end_date: '2025-08-01' }), second)), []);
  });

  it('are compared across the episodes of the child', () => {
    const rows = aPerson({
      ssd_cin_episodes: [
        anEpisode({ cine_close_date: '2025-07-15', cine_close_reason: 'RC1' }),
        anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-07-20' }),
      ],
      ssd_cla_episodes: [
        aCareEpisode(),
        aCareEpisode({
          clae_cla_episode_id: 'E2',
          clae_cla_placement_id: 'L2',
          clae_referral_id: 'R2',
          clae_cla_episode_start_date: '2025-08-01',
        }),
      ],
      ssd_cla_placement: [aPlacement(), second],
    });
    assert.deepEqual(told(rows), asked);
  });

  it('that are there twice do not overlap themselves', () => {
    assert.deepEqual(told(placed(aPlacement(), aPlacement())), []);
  });

  it('that end before they begin are reported once, for the value that is left out', () => {
    const reversed = aPlacement({ clap_cla_placement_end_date: '2025-06-30' });
    assert.deepEqual(told(placed(reversed, second)), [
      'end-before-start: ssd_cla_placement L1 clap_cla_placement_end_date',
    ]);
  });
});
