import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { aCareEpisode, anAdoption, anEpisode, aPerson } from '../aPerson.js';
import { builtOf, episodesSent, findingsOf } from '../aPayload.js';

const adoptionsOf = (rows: PersonRows) =>
  episodesSent(rows).flatMap(({ social_care_episode_id: id, adoption }) =>
    adoption ? [[id, adoption]] : [],
  );

const older = anEpisode({ cine_referral_id: 'R1', cine_referral_date: '2024-05-01' });
const newer = anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-05-01' });
const decided = {
  initial_decision_date: '2025-10-01',
  purge: false,
};

describe('an adoption', () => {
  it('is on the episode of its period of care, once', () => {
    const rows = aPerson({
      ssd_cin_episodes: [older, newer],
      ssd_cla_episodes: [aCareEpisode({ clae_referral_id: 'R1' })],
      ssd_permanence: [anAdoption()],
    });
    assert.deepEqual(adoptionsOf(rows), [['R1', decided]]);
  });

  for (const [what, period] of [
    ['has no period of care', null],
    ['has a period of care that no episode belongs to', 'K9'],
  ] as const) {
    it(`is on the latest episode when it ${what}`, () => {
      const rows = aPerson({
        ssd_cin_episodes: [newer, older],
        ssd_cla_episodes: [aCareEpisode({ clae_referral_id: 'R1' })],
        ssd_permanence: [anAdoption({ perm_cla_id: period })],
      });
      assert.deepEqual(adoptionsOf(rows), [['R2', decided]]);
    });
  }

  it('is on the latest episode when that of its period of care is not sent', () => {
    const rows = aPerson({
      ssd_cin_episodes: [
        anEpisode({ cine_referral_date: '2015-01-01', cine_close_date: '2016-01-01' }),
        newer,
      ],
      ssd_cla_episodes: [aCareEpisode({ clae_referral_id: 'R1' })],
      ssd_permanence: [anAdoption()],
    });
    assert.deepEqual(adoptionsOf(rows), [['R2', decided]]);
  });

  for (const column of [
    'perm_adm_decision_date',
    'perm_matched_date',
    'perm_placed_for_adoption_date',
  ] as const) {
    it(`is sent when its ${column} alone lies in the window, to the day`, () => {
      const none = {
        perm_adm_decision_date: null,
        perm_matched_date: null,
        perm_placed_for_adoption_date: null,
      } as const;
      const on = (day: '2024-03-31' | '2024-04-01' | '2026-08-12' | '2026-08-13') =>
        adoptionsOf(
          aPerson({ ssd_cin_episodes: [newer], ssd_permanence: [anAdoption({ ...none, [column]: day })] }),
        ).length;
      assert.equal(on('2024-03-31'), 0);
      assert.equal(on('2024-04-01'), 1);
      assert.equal(on('2026-08-12'), 1);
      assert.equal(on('2026-08-13'), 0);
    });
  }

  it('is sent with all its dates when one of them lies in the window', () => {
    const rows = aPerson({
      ssd_cin_episodes: [newer],
      ssd_permanence: [
        anAdoption({
          perm_adm_decision_date: '2023-01-01',
          perm_matched_date: '2023-06-01',
          perm_placed_for_adoption_date: '2024-04-01',
        }),
      ],
    });
    const dates = {
      initial_decision_date: '2023-01-01',
      matched_date: '2023-06-01',
      placed_date: '2024-04-01',
      purge: false,
    };
    assert.deepEqual(adoptionsOf(rows), [['R2', dates]]);
  });

  it('is the latest of several', () => {
    const earlier = anAdoption({ perm_table_id: 'PE9', perm_adm_decision_date: '2024-06-01' });
    for (const adoptions of [
      [earlier, anAdoption()],
      [anAdoption(), earlier],
    ]) {
      const rows = aPerson({ ssd_cin_episodes: [newer], ssd_permanence: adoptions });
      assert.deepEqual(adoptionsOf(rows), [['R2', decided]]);
    }
  });

  it('may be another while a date of one cannot be read', () => {
    const rows = aPerson({
      ssd_cin_episodes: [newer],
      ssd_permanence: [
        anAdoption({ perm_table_id: 'AD1', perm_matched_date: '2026-01-01' }),
        anAdoption({
          perm_table_id: 'AD2',
          perm_placed_for_adoption_date: { unreadable: 'form', found: '4 characters: letters' },
        }),
      ],
    });
    assert.deepEqual(adoptionsOf(rows), []);
    assert.deepEqual(new Set(findingsOf(rows).map(({ rowId }) => rowId)), new Set(['AD2']));
    assert.deepEqual(builtOf(rows).rowsOutOfScope, { ssd_permanence: { notChosen: 1 } });
  });

  it('of a child without an episode is reported', () => {
    assert.deepEqual(findingsOf(aPerson({ ssd_permanence: [anAdoption()] })), [
      { rule: 'no-episode', table: 'ssd_permanence', rowId: 'PE1', column: 'perm_person_id' },
    ]);
  });
});
