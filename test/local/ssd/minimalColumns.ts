import type { TableName } from '../../../infra/syntheticSsd/columns.js';

/**
 * The tables and columns that Data to Insight's guide lets a council deploy alone: `minimal_ssd.csv` of
 * data-to-insight/dfe-csc-api-data-flows. `ssd_linked_identifiers` is not among them.
 */
export const minimalColumns: Readonly<Partial<Record<TableName, readonly string[]>>> = {
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
