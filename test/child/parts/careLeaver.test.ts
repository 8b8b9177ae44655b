import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { aCareLeaverContact, anAdoption, anEpisode, aPerson } from '../aPerson.js';
import { episodesSent, findingsOf } from '../aPayload.js';

const adoptionsOf = (rows: PersonRows) =>
  episodesSent(rows).flatMap(({ social_care_episode_id: id, adoption }) =>
    adoption ? [[id, adoption]] : [],
  );
const careLeaversOf = (rows: PersonRows) =>
  episodesSent(rows).flatMap(({ social_care_episode_id: id, care_leavers }) =>
    care_leavers ? [[id, care_leavers]] : [],
  );

const older = anEpisode({ cine_referral_id: 'R1', cine_referral_date: '2024-05-01' });
const newer = anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-05-01' });
const decided = {
  initial_decision_date: '2025-10-01',
  purge: false,
};

describe('care leaver data', () => {
  const contact = { contact_date: '2025-09-01', activity: 'F2', accommodation: 'U', purge: false };
  const closed = { cine_close_date: '2026-01-01', cine_close_reason: 'RC8' } as const;

  it('are on the open episode, once, even when a closed one is later', () => {
    const rows = aPerson({
      ssd_cin_episodes: [older, { ...newer, ...closed }],
      ssd_care_leavers: [aCareLeaverContact()],
    });
    assert.deepEqual(careLeaversOf(rows), [['R1', contact]]);
  });

  it('are on the latest of several open episodes', () => {
    const rows = aPerson({ ssd_cin_episodes: [newer, older], ssd_care_leavers: [aCareLeaverContact()] });
    assert.deepEqual(careLeaversOf(rows), [['R2', contact]]);
  });

  it('are on the latest episode when all are closed', () => {
    const rows = aPerson({
      ssd_cin_episodes: [
        { ...newer, ...closed },
        { ...older, ...closed },
      ],
      ssd_care_leavers: [aCareLeaverContact()],
    });
    assert.deepEqual(careLeaversOf(rows), [['R2', contact]]);
  });

  it('are those of the latest contact', () => {
    const earlier = aCareLeaverContact({
      clea_table_id: 'CL9',
      clea_care_leaver_latest_contact: '2024-09-01',
      clea_care_leaver_activity: 'G6',
    });
    for (const contacts of [
      [earlier, aCareLeaverContact()],
      [aCareLeaverContact(), earlier],
    ]) {
      const rows = aPerson({ ssd_cin_episodes: [newer], ssd_care_leavers: contacts });
      assert.deepEqual(careLeaversOf(rows), [['R2', contact]]);
    }
  });

  it('have each of their values reported that cannot be read, also while the latest contact is unknown', () => {
    const rows = aPerson({
      ssd_cin_episodes: [newer],
      ssd_care_leavers: [
        aCareLeaverContact({
          clea_table_id: 'CL1',
          clea_care_leaver_latest_contact: { unreadable: 'form', found: '4 characters: letters' },
          clea_care_leaver_activity: 'no such activity',
        }),
        aCareLeaverContact({ clea_table_id: 'CL2', clea_care_leaver_accommodation: 'no such place' }),
      ],
    });
    assert.deepEqual(careLeaversOf(rows), []);
    assert.deepEqual(
      findingsOf(rows).map(({ rowId, column }) => [rowId, column]),
      [
        ['CL1', 'clea_care_leaver_latest_contact'],
        ['CL1', 'clea_care_leaver_activity'],
        ['CL2', 'clea_care_leaver_accommodation'],
      ],
    );
  });

  it('are next to an adoption on the same episode', () => {
    const rows = aPerson({
      ssd_cin_episodes: [newer],
      ssd_permanence: [anAdoption()],
      ssd_care_leavers: [aCareLeaverContact()],
    });
    assert.deepEqual(adoptionsOf(rows), [['R2', decided]]);
    assert.deepEqual(careLeaversOf(rows), [['R2', contact]]);
  });

  it('of a person without an episode are reported', () => {
    assert.deepEqual(findingsOf(aPerson({ ssd_care_leavers: [aCareLeaverContact()] })), [
      { rule: 'no-episode', table: 'ssd_care_leavers', rowId: 'CL1', column: 'clea_person_id' },
    ]);
  });
});
