import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../shared/child/cells.js';
import { builtInProfile, type Profile } from '../../shared/ssd/profile.js';
import { testEngines } from '../database/engines.js';
import { publishedColumns, tableNames } from '../local/ssd/columns.js';
import { tableLayout } from '../local/ssd/layout.js';
import { anSsd, everyone, ofNobody, type AnSsd } from './anSsd.js';

/**
 * The tables and columns that Data to Insight's guide lets a council deploy alone: `minimal_ssd.csv` of
 * data-to-insight/dfe-csc-api-data-flows. `ssd_linked_identifiers` is not among them.
 */
const minimal: Readonly<Record<string, readonly string[]>> = {
  ssd_person: [
    ...['pers_person_id', 'pers_legacy_id', 'pers_dob', 'pers_expected_dob', 'pers_upn', 'pers_upn_unknown'],
    ...['pers_forename', 'pers_surname', 'pers_sex', 'pers_ethnicity'],
  ],
  ssd_address: ['addr_person_id', 'addr_address_postcode', 'addr_address_start_date'],
  ssd_disability: ['disa_person_id', 'disa_disability_code'],
  ssd_immigration_status: [
    ...['immi_person_id', 'immi_immigration_status', 'immi_immigration_status_start_date'],
    'immi_immigration_status_end_date',
  ],
  ssd_assessment_factors: ['cinf_assessment_id', 'cinf_assessment_factors_json'],
  ssd_care_leavers: [
    ...['clea_person_id', 'clea_care_leaver_latest_contact', 'clea_care_leaver_activity'],
    'clea_care_leaver_accommodation',
  ],
  ssd_cin_assessments: [
    ...['cina_assessment_id', 'cina_referral_id', 'cina_assessment_start_date', 'cina_assessment_auth_date'],
  ],
  ssd_cin_episodes: [
    ...[
      'cine_person_id',
      'cine_referral_id',
      'cine_referral_date',
      'cine_close_date',
      'cine_referral_source_code',
    ],
    ...['cine_close_reason', 'cine_referral_nfa'],
  ],
  ssd_cin_plans: [
    ...['cinp_cin_plan_id', 'cinp_person_id', 'cinp_referral_id', 'cinp_cin_plan_start_date'],
    'cinp_cin_plan_end_date',
  ],
  ssd_cla_episodes: [
    ...['clae_person_id', 'clae_referral_id', 'clae_cla_id', 'clae_cla_episode_start_reason'],
    'clae_cla_episode_ceased_reason',
  ],
  ssd_cla_placement: [
    ...[
      'clap_cla_placement_id',
      'clap_cla_id',
      'clap_cla_placement_start_date',
      'clap_cla_placement_end_date',
    ],
    ...['clap_cla_placement_postcode', 'clap_cla_placement_type', 'clap_cla_placement_change_reason'],
  ],
  ssd_cp_plans: [
    ...['cppl_cp_plan_id', 'cppl_person_id', 'cppl_referral_id', 'cppl_cp_plan_start_date'],
    'cppl_cp_plan_end_date',
  ],
  ssd_initial_cp_conference: ['icpc_s47_enquiry_id', 'icpc_icpc_date'],
  ssd_involvements: [
    ...[
      'invo_referral_id',
      'invo_professional_id',
      'invo_involvement_start_date',
      'invo_involvement_end_date',
    ],
  ],
  ssd_permanence: [
    ...['perm_person_id', 'perm_cla_id', 'perm_adm_decision_date', 'perm_matched_date'],
    'perm_placed_for_adoption_date',
  ],
  ssd_professionals: ['prof_professional_id', 'prof_social_worker_registration_no'],
  ssd_s47_enquiry: [
    ...['s47e_referral_id', 's47e_s47_enquiry_id', 's47e_s47_start_date', 's47e_s47_end_date'],
    's47e_s47_outcome_json',
  ],
  ssd_sdq_scores: ['csdq_person_id', 'csdq_sdq_completed_date', 'csdq_sdq_score'],
};

/** Takes away what the minimal SSD does not have. */
async function reduce({ database, schema }: AnSsd): Promise<void> {
  for (const table of tableNames) {
    const kept = minimal[table];
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

/** The published columns that the minimal SSD lacks, as loading needs them to be absent. */
for (const engine of testEngines) {
  describe(`the minimal SSD (${engine.name})`, () => {
    it('names only columns that there are', () => {
      const wrong = Object.entries(minimal).flatMap(([table, columns]) =>
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
