import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainDate } from '../../../shared/child/dates.js';
import { aCareEpisode, anEpisode, aPerson, aPlacement } from '../aPerson.js';
import { findingsOf, rulesOn, theEpisode, today } from '../aPayload.js';

const first = plainDate('2025-05-01');
const second = plainDate('2025-09-01');
const eclipse = { ...rulesOn(today), placementIdsRepeat: true };

/** A child who stays at one address twice: two placements, one id, each named by its care episode. */
const aChildBackAtAnAddress = aPerson({
  ssd_cin_episodes: [anEpisode()],
  ssd_cla_episodes: [
    aCareEpisode({
      clae_cla_episode_id: 'A',
      clae_cla_placement_id: '421',
      clae_cla_episode_start_date: first,
      clae_cla_episode_start_reason: 'S',
    }),
    aCareEpisode({
      clae_cla_episode_id: 'B',
      clae_cla_placement_id: '421',
      clae_cla_episode_start_date: second,
      clae_cla_episode_start_reason: 'P',
    }),
  ],
  ssd_cla_placement: [
    aPlacement({
      clap_cla_placement_id: '421',
      clap_cla_placement_start_date: first,
      clap_cla_placement_end_date: second,
    }),
    aPlacement({
      clap_cla_placement_id: '421',
      clap_cla_placement_start_date: second,
      clap_cla_placement_end_date: null,
    }),
  ],
});

describe('placements of one child that share an id', () => {
  it('are all sent, each with its first day behind the id and the reasons of its own care episodes', () => {
    const placements = theEpisode(aChildBackAtAnAddress, eclipse).child_looked_after_placements ?? [];
    assert.deepEqual(
      placements.map((placement) => [placement.child_looked_after_placement_id, placement.start_reason]),
      [
        ['421-20250501', 'S'],
        ['421-20250901', 'P'],
      ],
    );
    const left = findingsOf(aChildBackAtAnAddress, eclipse).filter(({ rule }) => rule === 'duplicate-id');
    assert.deepEqual(left, []);
  });

  it('are a fault of the source where the profile does not know of it', () => {
    assert.equal(theEpisode(aChildBackAtAnAddress).child_looked_after_placements?.length, 1);
    assert.ok(findingsOf(aChildBackAtAnAddress).some(({ rule }) => rule === 'duplicate-id'));
  });

  it('leave ids alone that only one placement has', () => {
    const rows = aPerson({
      ssd_cin_episodes: [anEpisode()],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [aPlacement()],
    });
    assert.deepEqual(theEpisode(rows, eclipse), theEpisode(rows));
  });
});
