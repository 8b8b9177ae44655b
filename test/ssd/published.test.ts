import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { testEngines } from '../database/engines.js';
import { anSsd, everyone, ofNobody } from './anSsd.js';

const eclipse = builtInProfile('eclipse');
const mosaic = builtInProfile('mosaic');
const child = { pers_person_id: '5001', pers_dob: '2015-05-05' };

/** How the relation of a table to another fares, by the names of its columns. */
type Figures = Readonly<Record<string, readonly [rows: number, found: number]>>;

for (const engine of testEngines) {
  describe(`the keys that the extracts publish (${engine.name})`, () => {
    // On SQL Server Eclipse's scripts write another id for factors; a PostgreSQL server may hold a copy of those.
    for (const [where, factorsId] of [
      ['PostgreSQL', '500177001'],
      ['SQL Server', '5001-77001'],
    ] as const) {
      it(`of Eclipse’s scripts for ${where} meet what they mean`, async () => {
        const ssd = await anSsd(
          engine,
          {
            ssd_person: [child],
            ssd_cin_episodes: [
              {
                cine_referral_id: '500160001',
                cine_person_id: '5001',
                cine_referral_date: '2021-03-01',
                cine_close_date: '2022-01-10',
              },
              { cine_referral_id: '500188001', cine_person_id: '5001', cine_referral_date: '2025-01-10' },
            ],
            ssd_cin_assessments: [
              { cina_assessment_id: '500177001', cina_person_id: '5001', cina_referral_id: '500188001' },
            ],
            ssd_assessment_factors: [
              {
                cinf_table_id: factorsId,
                cinf_assessment_id: '77001',
                cinf_assessment_factors_json: '["1A", null]',
              },
            ],
            ssd_s47_enquiry: [
              {
                s47e_s47_enquiry_id: '66001',
                s47e_referral_id: '44001',
                s47e_person_id: '5001',
                s47e_s47_start_date: '2025-03-01',
              },
              {
                s47e_s47_enquiry_id: '66002',
                s47e_referral_id: null,
                s47e_person_id: '5001',
                s47e_s47_start_date: '2021-04-01',
              },
              {
                s47e_s47_enquiry_id: '66003',
                s47e_referral_id: null,
                s47e_person_id: '5001',
                s47e_s47_start_date: '2020-01-01',
              },
            ],
            ssd_cla_episodes: [
              {
                clae_cla_episode_id: 'E1',
                clae_person_id: '5001',
                clae_referral_id: '88001',
                clae_cla_episode_start_date: '2026-01-01',
              },
              {
                clae_cla_episode_id: 'E2',
                clae_person_id: '5001',
                clae_referral_id: '99999',
                clae_cla_episode_start_date: '2025-02-01',
              },
              { clae_cla_episode_id: 'E3', clae_person_id: '5001', clae_referral_id: null },
            ],
            ssd_involvements: [
              {
                invo_involvements_id: '22001',
                invo_professional_id: '900',
                invo_person_id: '5001',
                invo_involvement_start_date: '2025-01-11',
                invo_referral_id: '44001',
              },
            ],
            ssd_professionals: [
              {
                prof_professional_id: '900',
                prof_staff_id: '900',
                prof_social_worker_registration_no: 'SW12345',
              },
            ],
          },
          'eclipse',
        );
        const reader = ssd.reader(eclipse);
        const read = (await everyone(reader)).get('5001');
        assert.deepEqual(
          read?.ssd_assessment_factors.map((row) => [row.cinf_table_id, row.cinf_assessment_id]),
          [[factorsId, '500177001']],
        );
        assert.deepEqual(
          new Map(read.ssd_s47_enquiry.map((row) => [row.s47e_s47_enquiry_id, row.s47e_referral_id])),
          new Map([
            ['66001', '500188001'],
            ['66002', '500160001'],
            ['66003', null],
          ]),
        );
        assert.deepEqual(
          new Map(read.ssd_cla_episodes.map((row) => [row.clae_cla_episode_id, row.clae_referral_id])),
          new Map([
            ['E1', '500188001'],
            ['E2', '99999'],
            ['E3', null],
          ]),
        );
        assert.deepEqual(
          read.ssd_involvements.map((row) => [row.invo_referral_id, row.prof_social_worker_registration_no]),
          [['500188001', 'SW12345']],
        );
        assert.deepEqual(await ofNobody(reader), []);
        const figures: Figures = Object.fromEntries(
          (await reader.survey()).relations.map(({ relation, rows, found }) => [relation, [rows, found]]),
        );
        assert.deepEqual(figures['ssd_assessment_factors.cinf_assessment_id -> ssd_cin_assessments'], [1, 1]);
        assert.deepEqual(figures['ssd_s47_enquiry.s47e_referral_id -> ssd_cin_episodes'], [3, 2]);
        assert.deepEqual(figures['ssd_involvements.invo_referral_id -> ssd_cin_episodes'], [1, 1]);
        assert.deepEqual(figures['ssd_cla_episodes.clae_referral_id -> ssd_cin_episodes'], [3, 1]);
      });
    }

    it('of Eclipse: an assessment shared by several children gives each its own factors, or no factors', async () => {
      const factors = (id: string) => ({
        cinf_table_id: id,
        cinf_assessment_id: '77',
        cinf_assessment_factors_json: '[]',
      });
      const ssd = await anSsd(
        engine,
        {
          ssd_person: [{ pers_person_id: '10' }, { pers_person_id: '11' }],
          ssd_cin_assessments: ['10', '11'].map((id) => ({
            cina_assessment_id: `${id}77`,
            cina_person_id: id,
          })),
          ssd_assessment_factors: [factors('1077'), factors('11-77'), factors('another')],
        },
        'eclipse',
      );
      const reader = ssd.reader(eclipse);
      const read = await everyone(reader);
      const of = (id: string) =>
        read.get(id)?.ssd_assessment_factors.map((row) => [row.cinf_table_id, row.cinf_assessment_id]);
      assert.deepEqual(of('10'), [['1077', '1077']]);
      assert.deepEqual(of('11'), [['11-77', '1177']]);
      assert.deepEqual(await ofNobody(reader), ['belongs-to-two ssd_assessment_factors another']);
    });

    it('of Mosaic meet what they mean', async () => {
      const ssd = await anSsd(
        engine,
        {
          ssd_person: [{ pers_person_id: '6001' }],
          ssd_cin_episodes: [{ cine_referral_id: 88001, cine_person_id: '6001' }],
          ssd_cin_assessments: [
            { cina_assessment_id: '600177001', cina_person_id: '6001', cina_referral_id: '88001' },
          ],
          ssd_assessment_factors: [
            { cinf_table_id: null, cinf_assessment_id: '77001', cinf_assessment_factors_json: '["1A"]' },
          ],
          ssd_s47_enquiry: [{ s47e_s47_enquiry_id: 66001, s47e_referral_id: 88001, s47e_person_id: '6001' }],
          ssd_initial_cp_conference: [{ icpc_icpc_id: '7', icpc_s47_enquiry_id: '66001' }],
          ssd_cla_episodes: [{ clae_cla_episode_id: 'E', clae_person_id: '6001', clae_cla_id: 'K' }],
          ssd_cla_placement: [{ clap_cla_placement_id: 'P', clap_cla_id: 'K' }],
          ssd_involvements: [
            { invo_involvements_id: 'I', invo_professional_id: '900', invo_referral_id: '88001' },
          ],
          ssd_professionals: [
            { prof_professional_id: null, prof_staff_id: '900', prof_social_worker_registration_no: 'SW1' },
          ],
        },
        'mosaic',
      );
      const reader = ssd.reader(mosaic);
      const read = (await everyone(reader)).get('6001');
      assert.equal(read?.ssd_assessment_factors[0]?.cinf_assessment_id, '600177001');
      assert.equal(read.ssd_s47_enquiry[0]?.s47e_referral_id, '88001');
      assert.equal(read.ssd_initial_cp_conference[0]?.icpc_s47_enquiry_id, '66001');
      assert.equal(read.ssd_cla_placement.length, 1);
      assert.equal(read.ssd_involvements[0]?.prof_social_worker_registration_no, 'SW1');
      assert.deepEqual(await ofNobody(reader), []);
    });

    it('of Mosaic: an involvement on a referral that siblings share belongs to no child, because nothing says whose worker it is', async () => {
      const ssd = await anSsd(
        engine,
        {
          ssd_person: ['1', '2'].map((id) => ({ pers_person_id: id })),
          ssd_cin_episodes: ['1', '2'].map((id) => ({ cine_referral_id: 88, cine_person_id: id })),
          ssd_involvements: [{ invo_involvements_id: 'I', invo_referral_id: '88' }],
        },
        'mosaic',
      );
      assert.deepEqual(await ofNobody(ssd.reader(mosaic)), ['belongs-to-two ssd_involvements I']);
    });
  });
}
