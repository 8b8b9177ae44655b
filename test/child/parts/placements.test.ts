import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlainDate } from '../../../shared/child/dates.js';
import { aCareEpisode, anEpisode, aPerson, aPlacement } from '../aPerson.js';
import {
  acknowledgedTextOf,
  builtOf,
  episodesSent,
  findingsOf,
  payloadOf,
  placementsSent,
  rulesOn,
  today,
} from '../aPayload.js';

const episode = anEpisode();

/** Two placements of one period of care; in the first the legal status changed once. */
const moved = aPerson({
  ssd_cin_episodes: [episode],
  ssd_cla_episodes: [
    aCareEpisode({
      clae_cla_episode_id: 'E3',
      clae_cla_placement_id: 'L2',
      clae_cla_episode_start_date: '2025-11-01',
      clae_cla_episode_start_reason: 'P',
    }),
    aCareEpisode({
      clae_cla_episode_id: 'E2',
      clae_cla_episode_start_date: '2025-09-01',
      clae_cla_episode_start_reason: 'L',
      clae_cla_episode_ceased_date: '2025-11-01',
      clae_cla_episode_ceased_reason: 'X1',
    }),
    aCareEpisode({
      clae_cla_episode_id: 'E1',
      clae_cla_episode_start_reason: 'S',
      clae_cla_episode_ceased_date: '2025-09-01',
      clae_cla_episode_ceased_reason: 'E4A',
    }),
  ],
  ssd_cla_placement: [
    aPlacement({ clap_cla_placement_id: 'L2', clap_cla_placement_start_date: '2025-11-01' }),
    aPlacement({ clap_cla_placement_end_date: '2025-11-01', clap_cla_placement_change_reason: 'CARPL' }),
  ],
});

describe('the reasons of a placement', () => {
  it('are the first start reason and the last ceased reason of its own care episodes', () => {
    const [first, second] = placementsSent(moved);
    assert.equal(first?.child_looked_after_placement_id, 'L1');
    assert.equal(first.start_reason, 'S');
    assert.equal(first.end_reason, 'X1');
    assert.equal(second?.child_looked_after_placement_id, 'L2');
    assert.equal(second.start_reason, 'P');
  });

  it('give an open placement no end reason, even when something ended before it', () => {
    assert.equal(placementsSent(moved)[1]?.end_reason, undefined);
  });

  it('are those of the period of care when no care episode names the placement', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [
        aCareEpisode({
          clae_cla_placement_id: null,
          clae_cla_episode_start_reason: 'S',
          clae_cla_episode_ceased_date: '2025-09-01',
          clae_cla_episode_ceased_reason: 'X1',
        }),
        aCareEpisode({
          clae_cla_episode_id: 'E2',
          clae_cla_placement_id: 'L9',
          clae_cla_episode_start_date: '2025-09-01',
          clae_cla_episode_start_reason: 'P',
          clae_cla_episode_ceased_date: '2026-01-01',
          clae_cla_episode_ceased_reason: 'E3',
        }),
      ],
      ssd_cla_placement: [aPlacement({ clap_cla_placement_end_date: '2026-01-01' })],
    });
    const [placement] = placementsSent(rows);
    assert.equal(placement?.start_reason, 'S');
    assert.equal(placement.end_reason, 'E3');
  });

  it('are never those of another period of care', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [
        aCareEpisode({
          clae_cla_episode_id: 'E9',
          clae_cla_id: 'K9',
          clae_cla_placement_id: 'L9',
          clae_cla_episode_start_date: '2024-06-01',
          clae_cla_episode_start_reason: 'B',
        }),
        aCareEpisode({ clae_cla_placement_id: null }),
      ],
      ssd_cla_placement: [aPlacement()],
    });
    assert.equal(placementsSent(rows)[0]?.start_reason, 'S');
  });
});

describe('two spells at one placement id, as Eclipse has them', () => {
  const first = {
    clap_cla_placement_start_date: '2024-06-01',
    clap_cla_placement_end_date: '2024-12-01',
  } as const;
  const rows = aPerson({
    ssd_cin_episodes: [
      anEpisode({ cine_referral_date: '2024-05-01', cine_close_date: '2024-12-31' }),
      anEpisode({ cine_referral_id: 'R2' }),
    ],
    ssd_cla_episodes: [
      aCareEpisode({
        clae_cla_episode_start_date: '2024-06-01',
        clae_cla_episode_ceased_date: '2024-12-01',
        clae_cla_episode_ceased_reason: 'E4A',
      }),
      aCareEpisode({
        clae_cla_episode_id: 'E2',
        clae_cla_id: 'K2',
        clae_referral_id: 'R2',
        clae_cla_episode_start_reason: 'B',
      }),
    ],
    ssd_cla_placement: [aPlacement(first), aPlacement({ clap_cla_id: 'K2' })],
  });
  it('are each under the referral of their own period of care', () => {
    const counts = episodesSent(rows).map((sent) => sent.child_looked_after_placements?.length ?? 0);
    assert.deepEqual(counts, [1, 1]);
  });
  it('have the reasons of their own period of care', () => {
    assert.equal(episodesSent(rows)[1]?.child_looked_after_placements?.[0]?.start_reason, 'B');
  });
});

describe('a placement', () => {
  it('that ends before it starts is not sent: without its end it would say that it is open', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [aPlacement({ clap_cla_placement_end_date: '2025-06-30' })],
    });
    assert.deepEqual(placementsSent(rows), []);
    assert.deepEqual(findingsOf(rows), [
      {
        rule: 'end-before-start',
        table: 'ssd_cla_placement',
        rowId: 'L1',
        column: 'clap_cla_placement_end_date',
      },
    ]);
  });

  it('that ends before it starts stays at DfE as it was acknowledged', () => {
    const withEnd = (end: PlainDate | null) =>
      aPerson({
        ssd_cin_episodes: [episode],
        ssd_cla_episodes: [aCareEpisode()],
        ssd_cla_placement: [aPlacement({ clap_cla_placement_end_date: end })],
      });
    const before = payloadOf(withEnd(null));
    const { child } = builtOf(withEnd('2025-06-30'), rulesOn(today), [acknowledgedTextOf(before)]);
    assert.deepEqual(child, before);
  });

  it('that is kept back for its end has each of its values reported that cannot be read', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [aCareEpisode({ clae_cla_episode_start_reason: 'no such reason' })],
      ssd_cla_placement: [
        aPlacement({
          clap_cla_placement_end_date: { unreadable: 'placeholder', found: 'a date that stands for none' },
          clap_cla_placement_type: 'no such type',
          clap_cla_placement_postcode: 'nowhere',
        }),
      ],
    });
    assert.deepEqual(placementsSent(rows), []);
    assert.deepEqual(
      findingsOf(rows)
        .map(({ column }) => column)
        .sort(),
      [
        'clae_cla_episode_start_reason',
        'clap_cla_placement_end_date',
        'clap_cla_placement_postcode',
        'clap_cla_placement_type',
      ],
    );
  });

  it('that ends on the day it starts keeps its end', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [aCareEpisode()],
      ssd_cla_placement: [aPlacement({ clap_cla_placement_end_date: '2025-07-01' })],
    });
    assert.equal(placementsSent(rows)[0]?.end_date, '2025-07-01');
    assert.deepEqual(findingsOf(rows), []);
  });

  it('is under the referral of its own care episodes', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode, anEpisode({ cine_referral_id: 'R2' })],
      ssd_cla_episodes: [
        aCareEpisode(),
        aCareEpisode({
          clae_cla_episode_id: 'E2',
          clae_cla_placement_id: 'L2',
          clae_referral_id: 'R2',
        }),
      ],
      ssd_cla_placement: [aPlacement(), aPlacement({ clap_cla_placement_id: 'L2' })],
    });
    const placements = episodesSent(rows).map((sent) => [
      sent.social_care_episode_id,
      sent.child_looked_after_placements?.map((one) => one.child_looked_after_placement_id),
    ]);
    assert.deepEqual(placements, [
      ['R1', ['L1']],
      ['R2', ['L2']],
    ]);
  });

  it('is sent with its postcode, type and reason of change', () => {
    const [placement] = placementsSent(moved);
    assert.equal(placement?.postcode, 'BD1 1HX');
    assert.equal(placement.placement_type, 'U4');
    assert.equal(placement.change_reason, 'CARPL');
  });

  for (const type of ['Z11', 'P3', 'T4']) {
    it(`may be of the newer type ${type}`, () => {
      const rows = aPerson({
        ssd_cin_episodes: [episode],
        ssd_cla_episodes: [aCareEpisode()],
        ssd_cla_placement: [aPlacement({ clap_cla_placement_type: type })],
      });
      assert.equal(placementsSent(rows)[0]?.placement_type, type);
    });
  }

  it('whose own care episodes name no referral is under that of its period of care', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [
        aCareEpisode({ clae_referral_id: null }),
        aCareEpisode({ clae_cla_episode_id: 'E2', clae_cla_placement_id: 'L2' }),
      ],
      ssd_cla_placement: [aPlacement()],
    });
    assert.equal(placementsSent(rows).length, 1);
  });

  it('under a referral that the child does not have is reported', () => {
    const rows = aPerson({
      ssd_cin_episodes: [episode],
      ssd_cla_episodes: [aCareEpisode({ clae_referral_id: 'R9' })],
      ssd_cla_placement: [aPlacement()],
    });
    assert.deepEqual(placementsSent(rows), []);
    assert.deepEqual(
      findingsOf(rows).map(({ rule, table, rowId }) => [rule, table, rowId]),
      [['no-episode', 'ssd_cla_placement', 'L1']],
    );
  });
});
