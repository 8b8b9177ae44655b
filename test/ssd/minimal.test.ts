import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../shared/child/cells.js';
import { builtInProfile, type Profile } from '../../shared/ssd/profile.js';
import { testEngines } from '../database/engines.js';
import { tableNames } from '../../infra/syntheticSsd/columns.js';
import { publishedColumns } from '../../shared/ssd/publishedColumns.js';
import { tableLayout } from '../../infra/syntheticSsd/layout.js';
import { minimalColumns } from '../local/ssd/minimalColumns.js';
import { anSsd, everyone, ofNobody, type AnSsd } from './anSsd.js';

/** Takes away what the minimal SSD does not have. */
async function reduce({ database, schema }: AnSsd): Promise<void> {
  for (const table of tableNames) {
    const kept = minimalColumns[table];
    if (kept === undefined) {
      await database.query(`DROP TABLE ${schema}.${table}`);
      continue;
    }
    for (const { name } of tableLayout(table, 'systemc').columns.filter(
      (column) => !kept.includes(column.name),
    )) {
      await database.query(`ALTER TABLE ${schema}.${table} DROP COLUMN ${name}`);
    }
  }
}

for (const engine of testEngines) {
  describe(`the minimal SSD (${engine.name})`, () => {
    it('names only columns that there are', () => {
      const wrong = Object.entries(minimalColumns).flatMap(([table, columns]) =>
        columns.filter((column) => {
          const published = Object.entries(publishedColumns).find(([name]) => name === table)?.[1] ?? {};
          return !Object.hasOwn(published, column);
        }),
      );
      assert.deepEqual(wrong, []);
    });

    it('gives every row its child by the keys that it has', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: ['A', 'B'].map((id) => ({ pers_person_id: id, pers_dob: '2015-05-05' })),
        ssd_cin_episodes: ['A', 'B'].map((id) => ({ cine_referral_id: `R${id}`, cine_person_id: id })),
        ssd_cin_assessments: ['A', 'B'].map((id) => ({
          cina_assessment_id: `S${id}`,
          cina_referral_id: `R${id}`,
        })),
        ssd_assessment_factors: [
          { cinf_table_id: 'F', cinf_assessment_id: 'SB', cinf_assessment_factors_json: '["1A"]' },
        ],
        ssd_s47_enquiry: [{ s47e_s47_enquiry_id: 'Q', s47e_referral_id: 'RA' }],
        ssd_initial_cp_conference: [{ icpc_s47_enquiry_id: 'Q', icpc_icpc_date: '2025-05-05' }],
        ssd_cp_plans: [{ cppl_cp_plan_id: 'P', cppl_referral_id: 'RA' }],
        ssd_cla_episodes: [{ clae_person_id: 'A', clae_referral_id: 'RA', clae_cla_id: 'K' }],
        ssd_cla_placement: [{ clap_cla_placement_id: 'L', clap_cla_id: 'K' }],
        ssd_permanence: [{ perm_cla_id: 'K', perm_matched_date: '2025-05-05' }],
        ssd_involvements: [{ invo_referral_id: 'RB', invo_professional_id: 'W' }],
        ssd_professionals: [{ prof_professional_id: 'W', prof_social_worker_registration_no: 'SW1' }],
        ssd_sdq_scores: [{ csdq_person_id: 'B', csdq_sdq_completed_date: '2025-05-05', csdq_sdq_score: 3 }],
      });
      await reduce(ssd);
      const ours: Pick<Profile, 'names'> = builtInProfile('systemc');
      const reader = ssd.reader(ours);
      const read = await everyone(reader);
      const [a, b] = [read.get('A'), read.get('B')];
      assert.deepEqual(
        [a?.ssd_cin_assessments, b?.ssd_cin_assessments].map((rows) =>
          rows?.map((row) => row.cina_assessment_id),
        ),
        [['SA'], ['SB']],
      );
      assert.deepEqual(
        b?.ssd_assessment_factors.map((row) => [row.cinf_assessment_id, row.cinf_assessment_factors_json]),
        [['SB', '["1A"]']],
      );
      assert.deepEqual(
        a?.ssd_initial_cp_conference.map((row) => row.icpc_s47_enquiry_id),
        ['Q'],
      );
      assert.deepEqual(
        [a.ssd_cp_plans, a.ssd_cla_placement, a.ssd_permanence].map((rows) => rows.length),
        [1, 1, 1],
      );
      assert.deepEqual(
        b.ssd_involvements.map((row) => row.prof_social_worker_registration_no),
        ['SW1'],
      );
      assert.equal(b.ssd_sdq_scores[0]?.csdq_sdq_score, '3');
      assert.deepEqual(b.ssd_involvements[0]?.invo_professional_role_id, absentColumn);
      assert.equal(a.ssd_cla_placement[0]?.clap_person_id, null);
      assert.deepEqual(a.ssd_linked_identifiers, []);
      assert.deepEqual(await ofNobody(reader), []);
      const survey = await reader.survey();
      assert.deepEqual([...survey.absentTables], ['ssd_linked_identifiers']);
      assert.ok(survey.absentColumns.some(({ column }) => column === 'cina_person_id'));
      assert.deepEqual(await reader.unfitColumns(), []);
      await reader.rowCounts();
      await reader.newestDates('2026-08-11');
      await reader.unindexedPersonColumns();
    });
  });
}
