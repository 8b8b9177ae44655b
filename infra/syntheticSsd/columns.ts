/**
 * Every table and column of the Standard Safeguarding Dataset that an extract publishes, under its SSD name, with
 * the type each case management system gives it: `[SystemC, Mosaic, Eclipse]`.
 *
 * `PK` and `NOT NULL` are as published; `AS name` is the name a system uses instead; null is a column that the
 * system does not have. A SystemC column always exists, so its types also shape the rows of the generator.
 * Source: the published extracts of data-to-insight/ssd-data-model (SystemC and Mosaic on SQL Server, Eclipse on
 * PostgreSQL). `pers_common_child_id`, which no extract has, is left out.
 */
export const publishedColumns = {
  ssd_person: {
    pers_legacy_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    pers_person_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    pers_upn: ['nvarchar(13)', 'varchar(48)', 'varchar(13)'],
    pers_forename: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    pers_surname: ['nvarchar(255)', 'varchar(255)', 'varchar(255)'],
    pers_sex: ['nvarchar(20)', 'varchar(48)', 'varchar(20)'],
    pers_gender: ['nvarchar(10)', 'varchar(48)', 'varchar(10)'],
    pers_ethnicity: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    pers_dob: ['datetime', 'datetime', 'timestamp'],
    pers_single_unique_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    pers_upn_unknown: ['nvarchar(6)', 'varchar(20)', 'varchar(6)'],
    pers_send_flag: ['nchar(5)', 'varchar(1)', 'char(5)'],
    pers_expected_dob: ['datetime', 'datetime', 'timestamp'],
    pers_death_date: ['datetime', 'datetime', 'timestamp'],
    pers_is_mother: ['nchar(1)', 'varchar(1)', 'char(1)'],
    pers_nationality: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
  },
  ssd_address: {
    addr_table_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    addr_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    addr_address_type: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    addr_address_start_date: ['datetime', 'datetime', 'timestamp'],
    addr_address_end_date: ['datetime', 'datetime', 'timestamp'],
    addr_address_postcode: ['nvarchar(15)', 'varchar(15)', 'varchar(15)'],
    addr_address_json: ['nvarchar(1000)', 'varchar(1000)', 'varchar(1000)'],
  },
  ssd_disability: {
    disa_table_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    disa_person_id: ['nvarchar(48) NOT NULL', 'varchar(48)', 'varchar(48) NOT NULL'],
    disa_disability_code: ['nvarchar(48) NOT NULL', 'varchar(48)', 'varchar(48) NOT NULL'],
  },
  ssd_immigration_status: {
    immi_immigration_status_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    immi_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    immi_immigration_status_start_date: ['datetime', 'datetime', 'timestamp'],
    immi_immigration_status_end_date: ['datetime', 'datetime', 'timestamp'],
    immi_immigration_status: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_linked_identifiers: {
    link_table_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    link_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    link_identifier_type: ['nvarchar(100)', 'varchar(20)', 'varchar(100)'],
    link_identifier_value: ['nvarchar(100)', 'varchar(20)', 'varchar(100)'],
    link_valid_from_date: ['datetime', 'datetime', 'timestamp'],
    link_valid_to_date: ['datetime', 'datetime', 'timestamp'],
  },
  ssd_assessment_factors: {
    cinf_table_id: ['nvarchar(48) NOT NULL', 'varchar(48)', 'varchar(48) NOT NULL'],
    cinf_assessment_id: ['nvarchar(48) NOT NULL', 'varchar(48)', 'varchar(48) NOT NULL'],
    cinf_assessment_factors_json: ['nvarchar(max)', 'varchar(1000)', 'text'],
  },
  ssd_care_leavers: {
    clea_table_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    clea_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clea_care_leaver_eligibility: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clea_care_leaver_in_touch: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clea_care_leaver_latest_contact: ['datetime', 'datetime', 'timestamp'],
    clea_care_leaver_accommodation: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clea_care_leaver_accom_suitable: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clea_care_leaver_activity: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clea_pathway_plan_review_date: ['datetime', 'datetime', 'timestamp'],
    clea_care_leaver_personal_advisor: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clea_care_leaver_allocated_team: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clea_care_leaver_worker_id: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_cin_assessments: {
    cina_assessment_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    cina_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cina_referral_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cina_assessment_start_date: ['datetime', 'datetime', 'timestamp'],
    cina_assessment_child_seen: ['nchar(1)', 'varchar(1)', 'char(1)'],
    cina_assessment_auth_date: ['datetime', 'datetime', 'timestamp'],
    cina_assessment_outcome_json: ['nvarchar(1000)', 'varchar(1000)', 'varchar(1000)'],
    cina_assessment_outcome_nfa: ['nchar(1)', 'varchar(1)', 'char(1)'],
    cina_assessment_team: ['nvarchar(48)', 'varchar(100)', 'varchar(48)'],
    cina_assessment_worker_id: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_cin_episodes: {
    cine_referral_id: ['nvarchar(48) PK', 'int', 'varchar(48) PK'],
    cine_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cine_referral_date: ['datetime', 'datetime', 'timestamp'],
    cine_cin_primary_need_code: ['nvarchar(3)', 'varchar(16)', 'varchar(3)'],
    cine_referral_source_code: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cine_referral_source_desc: ['nvarchar(255)', 'varchar(255)', 'varchar(255)'],
    cine_referral_outcome_json: ['nvarchar(4000)', 'varchar(4000)', 'varchar(4000)'],
    cine_referral_nfa: ['nchar(1)', 'varchar(1)', 'char(1)'],
    cine_close_reason: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    cine_close_date: ['datetime', 'datetime', 'timestamp'],
    cine_referral_team: ['nvarchar(48)', 'varchar(100)', 'varchar(48)'],
    cine_referral_worker_id: ['nvarchar(48)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_cin_plans: {
    cinp_cin_plan_id: ['nvarchar(48) PK', 'varchar(48) AS cin_plan_id', 'varchar(48) PK'],
    cinp_referral_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cinp_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cinp_cin_plan_start_date: ['datetime', 'datetime', 'timestamp'],
    cinp_cin_plan_end_date: ['datetime', 'datetime', 'timestamp'],
    cinp_cin_plan_team: ['nvarchar(48)', 'varchar(100)', 'varchar(48)'],
    cinp_cin_plan_worker_id: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_cla_episodes: {
    clae_cla_episode_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    clae_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clae_cla_placement_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clae_cla_episode_start_date: ['datetime', 'datetime', 'timestamp'],
    clae_cla_episode_start_reason: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clae_cla_primary_need_code: ['nvarchar(3)', 'varchar(100)', 'varchar(3)'],
    clae_cla_episode_ceased_date: ['datetime', 'datetime', 'timestamp'],
    clae_cla_episode_ceased_reason: ['nvarchar(255)', 'varchar(255)', 'varchar(255)'],
    clae_cla_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clae_referral_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clae_cla_last_iro_contact_date: ['datetime', 'datetime', 'timestamp'],
    clae_entered_care_date: ['datetime', 'datetime', 'timestamp'],
  },
  ssd_cla_placement: {
    clap_cla_placement_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    clap_cla_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clap_person_id: ['nvarchar(48)', null, 'varchar(48)'],
    clap_cla_placement_start_date: ['datetime', 'datetime', 'timestamp'],
    clap_cla_placement_type: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    clap_cla_placement_urn: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clap_cla_placement_distance: ['float', 'decimal(7,2)', 'double'],
    clap_cla_placement_provider: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    clap_cla_placement_postcode: ['nvarchar(8)', 'varchar(8)', 'varchar(8)'],
    clap_cla_placement_end_date: ['datetime', 'datetime', 'timestamp'],
    clap_cla_placement_change_reason: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
  },
  ssd_cp_plans: {
    cppl_cp_plan_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    cppl_referral_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cppl_icpc_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cppl_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    cppl_cp_plan_start_date: ['datetime', 'datetime', 'timestamp'],
    cppl_cp_plan_end_date: ['datetime', 'datetime', 'timestamp'],
    cppl_cp_plan_ola: ['nchar(1)', 'varchar(1)', 'char(1)'],
    cppl_cp_plan_initial_category: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    cppl_cp_plan_latest_category: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
  },
  ssd_initial_cp_conference: {
    icpc_icpc_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    icpc_icpc_meeting_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    icpc_s47_enquiry_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    icpc_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    icpc_cp_plan_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    icpc_referral_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    icpc_icpc_transfer_in: ['nchar(1)', 'varchar(1)', 'char(1)'],
    icpc_icpc_target_date: ['datetime', 'datetime', 'timestamp'],
    icpc_icpc_date: ['datetime', 'datetime', 'timestamp'],
    icpc_icpc_outcome_cp_flag: ['nchar(1)', 'varchar(1)', 'char(1)'],
    icpc_icpc_outcome_json: ['nvarchar(1000)', 'varchar(500)', 'varchar(1000)'],
    icpc_icpc_team: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    icpc_icpc_worker_id: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_involvements: {
    invo_involvements_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    invo_professional_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    invo_professional_role_id: ['nvarchar(200)', 'varchar(48)', 'varchar(200)'],
    invo_professional_team: ['nvarchar(48)', 'varchar(255)', 'varchar(48)'],
    invo_person_id: ['nvarchar(48)', null, 'varchar(48)'],
    invo_involvement_start_date: ['datetime', 'datetime', 'timestamp'],
    invo_involvement_end_date: ['datetime', 'datetime', 'timestamp'],
    invo_worker_change_reason: ['nvarchar(200)', 'varchar(200)', 'varchar(200)'],
    invo_referral_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
  },
  ssd_permanence: {
    perm_table_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    perm_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    perm_cla_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    perm_adm_decision_date: ['datetime', 'datetime', 'timestamp'],
    perm_part_of_sibling_group: ['nchar(1)', 'varchar(1)', 'char(1)'],
    perm_siblings_placed_together: ['int', 'int', 'integer'],
    perm_siblings_placed_apart: ['int', 'int', 'integer'],
    perm_ffa_cp_decision_date: ['datetime', 'datetime', 'timestamp'],
    perm_placement_order_date: ['datetime', 'datetime', 'timestamp'],
    perm_matched_date: ['datetime', 'datetime', 'timestamp'],
    perm_adopter_sex: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    perm_adopter_legal_status: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    perm_number_of_adopters: ['int', 'varchar(3)', 'integer'],
    perm_placed_for_adoption_date: ['datetime', 'datetime', 'timestamp'],
    perm_adopted_by_carer_flag: ['nchar(1)', 'varchar(1)', 'char(1)'],
    perm_placed_foster_carer_date: ['datetime', 'datetime', 'timestamp'],
    perm_placed_ffa_cp_date: ['datetime', 'datetime', 'timestamp'],
    perm_placement_provider_urn: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    perm_decision_reversed_date: ['datetime', 'datetime', 'timestamp'],
    perm_decision_reversed_reason: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    perm_permanence_order_date: ['datetime', 'datetime', 'timestamp'],
    perm_permanence_order_type: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    perm_adoption_worker_id: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_professionals: {
    prof_professional_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    prof_staff_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    prof_professional_name: ['nvarchar(300)', null, 'varchar(300)'],
    prof_social_worker_registration_no: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    prof_agency_worker_flag: ['nchar(1)', 'varchar(100)', 'char(1)'],
    prof_professional_job_title: ['nvarchar(500)', 'varchar(500)', 'varchar(500)'],
    prof_professional_caseload: ['int', 'int', 'integer'],
    prof_professional_department: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
    prof_full_time_equivalency: ['float', 'decimal(6,2)', 'double'],
  },
  ssd_s47_enquiry: {
    s47e_s47_enquiry_id: ['nvarchar(48) PK', 'int', 'varchar(48) PK'],
    s47e_referral_id: ['nvarchar(48)', 'int', 'varchar(48)'],
    s47e_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    s47e_s47_start_date: ['datetime', 'datetime', 'timestamp'],
    s47e_s47_end_date: ['datetime', 'datetime', 'timestamp'],
    s47e_s47_nfa: ['nchar(1)', 'char(1)', 'char(1)'],
    s47e_s47_outcome_json: ['nvarchar(1000)', 'varchar(1000)', 'varchar(1000)'],
    s47e_s47_completed_by_team: ['nvarchar(48)', 'varchar(100)', 'varchar(48)'],
    s47e_s47_completed_by_worker_id: ['nvarchar(100)', 'varchar(48)', 'varchar(100)'],
  },
  ssd_sdq_scores: {
    csdq_table_id: ['nvarchar(48) PK', 'varchar(48)', 'varchar(48) PK'],
    csdq_person_id: ['nvarchar(48)', 'varchar(48)', 'varchar(48)'],
    csdq_sdq_completed_date: ['datetime', 'datetime', 'timestamp'],
    csdq_sdq_score: ['int', 'varchar(100)', 'integer'],
    csdq_sdq_reason: ['nvarchar(100)', 'varchar(100)', 'varchar(100)'],
  },
} as const;

export type TableName = keyof typeof publishedColumns;

type Published = typeof publishedColumns;

type BaseValue<Type> = Type extends `int${string}` | `float${string}` ? number : string;

type ValueOf<Type> = Type extends `${string} ${'PK' | 'NOT NULL'}` ? BaseValue<Type> : BaseValue<Type> | null;

/** One row of one table in SystemC's columns; dates are text, `yyyy-MM-dd`. */
export type RowOf<Table extends TableName> = {
  -readonly [Column in keyof Published[Table]]: Published[Table][Column] extends readonly [
    infer Type,
    ...unknown[],
  ]
    ? ValueOf<Type>
    : never;
};

/** One row of any table of any system: column name to text (dates too, `yyyy-MM-dd`), number or null. */
export type SsdRow = Readonly<Record<string, string | number | null>>;

/** One row and its table: a whole SSD is a sequence of these. */
export interface SsdEntry {
  readonly table: TableName;
  readonly row: SsdRow;
}

export function isTableName(name: string): name is TableName {
  return Object.hasOwn(publishedColumns, name);
}

/** Every SSD table, in the order of the specification. */
export const tableNames: readonly TableName[] = Object.keys(publishedColumns).filter(isTableName);
