import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn, isUnreadable } from '../../shared/child/cells.js';
import { builtInProfile, profileFrom, withRegistrationColumn } from '../../shared/ssd/profile.js';
import { testEngines } from '../database/engines.js';
import { anSsd, everyone, type AnSsd } from './anSsd.js';

const ours = profileFrom({}, 'ours');

for (const engine of testEngines) {
  describe(`the worker of an involvement (${engine.name})`, () => {
    const worker = (id: string | null, registration: string | null, staff: string | null = null) => ({
      prof_professional_id: id,
      prof_staff_id: staff,
      prof_social_worker_registration_no: registration,
      prof_professional_department: `D ${String(id)}`,
    });

    async function numbers(
      ssd: AnSsd,
      profile: Parameters<AnSsd['reader']>[0] = ours,
    ): Promise<Record<string, unknown>> {
      const read = (await everyone(ssd.reader(profile))).get('A');
      return Object.fromEntries(
        (read?.ssd_involvements ?? []).map((row) => {
          const { prof_social_worker_registration_no: number } = row;
          return [String(row.invo_involvements_id), isUnreadable(number) ? number.unreadable : number];
        }),
      );
    }

    const involvements = (...workers: readonly (string | null)[]) => ({
      ssd_person: [{ pers_person_id: 'A' }],
      ssd_involvements: workers.map((id) => ({
        invo_involvements_id: `of ${String(id)}`,
        invo_person_id: 'A',
        invo_professional_id: id,
      })),
    });

    it('has the registration number that ssd_professionals gives, with any blanks', async () => {
      const ssd = await anSsd(engine, {
        ...involvements('W1', 'W2 ', 'W3', 'W9', null),
        ssd_professionals: [worker('W1 ', 'SW1'), worker('W2', 'SW2'), worker('W3', null)],
      });
      assert.deepEqual(await numbers(ssd), {
        'of W1': 'SW1',
        'of W2': 'SW2',
        'of W3': null,
        'of W9': null,
        'of null': null,
      });
    });

    it('has an unknown number when two rows give different ones, and one when one row has none', async () => {
      const ssd = await anSsd(engine, {
        ...involvements('W1', 'W2', 'W3'),
        ssd_professionals: [
          ...[worker('W1', 'SW1'), worker('W1', 'SW9')],
          ...[worker('W2', 'SW2'), worker('W2', null), worker('W2', ' ')],
          ...[worker('W3', 'SW3 '), worker('W3', 'SW3')],
        ],
      });
      const found = await numbers(ssd);
      assert.equal(found['of W1'], 'contradictory');
      assert.equal(found['of W2'], 'SW2');
      assert.equal(String(found['of W3']).trim(), 'SW3');
    });

    it('is found by the staff id where the profile says so, the professional id first', async () => {
      const ssd = await anSsd(
        engine,
        {
          ssd_person: [{ pers_person_id: 'A' }],
          ssd_cin_episodes: [{ cine_referral_id: 1, cine_person_id: 'A' }],
          ssd_involvements: ['S1', 'W2'].map((id) => ({
            invo_involvements_id: `of ${id}`,
            invo_referral_id: '1',
            invo_professional_id: id,
          })),
          ssd_professionals: [
            worker(null, 'SW1', 'S1'),
            worker('W2', 'SW2', 'S2'),
            worker('W3', 'SW3', 'W2'),
          ],
        },
        'mosaic',
      );
      assert.deepEqual(await numbers(ssd, builtInProfile('mosaic')), { 'of S1': 'SW1', 'of W2': 'SW2' });
    });

    it('is spelled as in ssd_professionals, since it may be what is sent', async () => {
      const ssd = await anSsd(engine, {
        ...involvements('W1 '),
        ssd_professionals: [worker('W1', 'SW1')],
      });
      const read = (await everyone(ssd.reader(ours))).get('A');
      assert.equal(read?.ssd_involvements[0]?.invo_professional_id, 'W1');
    });

    it('has what is in another column where a council says so', async () => {
      const ssd = await anSsd(engine, { ...involvements('W1'), ssd_professionals: [worker('W1', 'SW1')] });
      const names = withRegistrationColumn(ours.names, 'prof_professional_department');
      assert.deepEqual(await numbers(ssd, { names }), { 'of W1': 'D W1' });
    });

    it('has an unknown number when the column or the table is absent', async () => {
      const ssd = await anSsd(engine, {
        ...involvements('W1', 'W9'),
        ssd_professionals: [worker('W1', 'SW1')],
      });
      const unknown = { 'of W1': absentColumn.unreadable, 'of W9': absentColumn.unreadable };
      assert.deepEqual(
        await numbers(ssd, { names: withRegistrationColumn(ours.names, 'prof_no_such') }),
        unknown,
      );
      await ssd.database.query(`DROP TABLE ${ssd.schema}.ssd_professionals`);
      assert.deepEqual(await numbers(ssd), unknown);
    });
  });
}
