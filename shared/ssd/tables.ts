import type { PlainDate } from '../child/dates.js';

/**
 * The columns of the Standard Safeguarding Dataset (SSD) that the payload needs, by table, under the names of the
 * SSD specification. Whatever type a case management system gives a column, a value reaches the domain as text or
 * as a plain date.
 */
export const ssdTables = {
  ssd_person: {
    pers_person_id: 'text',
    pers_legacy_id: 'text',
    pers_upn: 'text',
    pers_upn_unknown: 'text',
    pers_forename: 'text',
    pers_surname: 'text',
    pers_sex: 'text',
    pers_ethnicity: 'text',
    pers_dob: 'date',
    pers_expected_dob: 'date',
  },
  ssd_address: {
    addr_table_id: 'text',
    addr_address_postcode: 'text',
    addr_address_start_date: 'date',
    addr_address_end_date: 'date',
  },
  ssd_disability: { disa_table_id: 'text', disa_disability_code: 'text' },
  ssd_immigration_status: {
    immi_immigration_status_id: 'text',
    immi_immigration_status: 'text',
    immi_immigration_status_start_date: 'date',
    immi_immigration_status_end_date: 'date',
  },
  ssd_linked_identifiers: {
    link_table_id: 'text',
    link_identifier_type: 'text',
    link_identifier_value: 'text',
    link_valid_from_date: 'date',
  },
  ssd_sdq_scores: { csdq_table_id: 'text', csdq_sdq_completed_date: 'date', csdq_sdq_score: 'text' },
  ssd_cin_episodes: {
    cine_referral_id: 'text',
    cine_referral_date: 'date',
    cine_referral_source_code: 'text',
    cine_referral_source_desc: 'text',
    cine_referral_nfa: 'text',
    cine_close_date: 'date',
    cine_close_reason: 'text',
  },
  ssd_cin_assessments: {
    cina_assessment_id: 'text',
    cina_referral_id: 'text',
    cina_assessment_start_date: 'date',
    cina_assessment_auth_date: 'date',
  },
  ssd_assessment_factors: {
    cinf_table_id: 'text',
    cinf_assessment_id: 'text',
    cinf_assessment_factors_json: 'text',
  },
  ssd_cin_plans: {
    cinp_cin_plan_id: 'text',
    cinp_referral_id: 'text',
    cinp_cin_plan_start_date: 'date',
    cinp_cin_plan_end_date: 'date',
  },
  ssd_s47_enquiry: {
    s47e_s47_enquiry_id: 'text',
    s47e_referral_id: 'text',
    s47e_s47_start_date: 'date',
    s47e_s47_end_date: 'date',
    s47e_s47_outcome_json: 'text',
  },
  ssd_initial_cp_conference: { icpc_icpc_id: 'text', icpc_s47_enquiry_id: 'text', icpc_icpc_date: 'date' },
  ssd_cp_plans: {
    cppl_cp_plan_id: 'text',
    cppl_referral_id: 'text',
    cppl_cp_plan_start_date: 'date',
    cppl_cp_plan_end_date: 'date',
  },
  ssd_cla_episodes: {
    clae_cla_episode_id: 'text',
    clae_cla_id: 'text',
    clae_cla_placement_id: 'text',
    clae_referral_id: 'text',
    clae_cla_episode_start_date: 'date',
    clae_cla_episode_start_reason: 'text',
    clae_cla_episode_ceased_date: 'date',
    clae_cla_episode_ceased_reason: 'text',
  },
  ssd_cla_placement: {
    clap_cla_placement_id: 'text',
    clap_cla_id: 'text',
    clap_cla_placement_start_date: 'date',
    clap_cla_placement_end_date: 'date',
    clap_cla_placement_postcode: 'text',
    clap_cla_placement_type: 'text',
    clap_cla_placement_change_reason: 'text',
  },
  ssd_permanence: {
    perm_table_id: 'text',
    perm_cla_id: 'text',
    perm_adm_decision_date: 'date',
    perm_matched_date: 'date',
    perm_placed_for_adoption_date: 'date',
  },
  ssd_care_leavers: {
    clea_table_id: 'text',
    clea_care_leaver_latest_contact: 'date',
    clea_care_leaver_activity: 'text',
    clea_care_leaver_accommodation: 'text',
  },
  ssd_involvements: {
    invo_involvements_id: 'text',
    invo_referral_id: 'text',
    invo_professional_role_id: 'text',
    invo_involvement_start_date: 'date',
    invo_involvement_end_date: 'date',
    /** Joined from ssd_professionals. */
    prof_social_worker_registration_no: 'text',
  },
} as const;

export type SsdTable = keyof typeof ssdTables;

/** The columns by which a table's rows find their person; they are read besides those above. */
export const personColumns: Readonly<Record<SsdTable, readonly string[]>> = {
  ssd_person: ['pers_person_id'],
  ssd_address: ['addr_person_id'],
  ssd_disability: ['disa_person_id'],
  ssd_immigration_status: ['immi_person_id'],
  ssd_linked_identifiers: ['link_person_id'],
  ssd_sdq_scores: ['csdq_person_id'],
  ssd_cin_episodes: ['cine_person_id'],
  ssd_cin_assessments: ['cina_person_id'],
  ssd_assessment_factors: ['cinf_assessment_id'],
  ssd_cin_plans: ['cinp_person_id'],
  ssd_s47_enquiry: ['s47e_person_id'],
  ssd_initial_cp_conference: ['icpc_person_id'],
  ssd_cp_plans: ['cppl_person_id'],
  ssd_cla_episodes: ['clae_person_id'],
  ssd_cla_placement: ['clap_cla_id', 'clap_person_id'],
  ssd_permanence: ['perm_person_id'],
  ssd_care_leavers: ['clea_person_id'],
  ssd_involvements: ['invo_referral_id', 'invo_professional_id'],
};

type RowOf<Columns> = {
  readonly [Column in keyof Columns]: (Columns[Column] extends 'date' ? PlainDate : string) | null;
};

/** One row of an SSD table, limited to the columns that the payload needs. */
export type SsdRow<Table extends SsdTable> = RowOf<(typeof ssdTables)[Table]>;

/** The tables that hang on a person, each with any number of rows a child. */
export type SsdDetailTable = Exclude<SsdTable, 'ssd_person'>;

/** Everything the SSD says about one person. */
export type PersonRows = { readonly person: SsdRow<'ssd_person'> } & {
  readonly [Table in SsdDetailTable]: readonly SsdRow<Table>[];
};
