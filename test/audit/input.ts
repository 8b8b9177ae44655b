import type { TableName } from '../../infra/syntheticSsd/columns.js';

/** The case management systems with a built-in profile. */
export const cmsNames = ['systemc', 'mosaic', 'eclipse'] as const;
export type Cms = (typeof cmsNames)[number];

export type Cell = string | number | boolean | null;

/** One row under the names of the SSD specification; a column that it lacks is NULL. */
export type Row = Readonly<Record<string, Cell>>;

/** One table: the columns that the SSD has, and its rows. */
export interface Table {
  readonly columns: ReadonlySet<string>;
  readonly rows: readonly Row[];
}

/** An SSD. A table that is not in the map does not exist in the database; one that is empty does. */
export interface Ssd {
  readonly cms: Cms;
  readonly tables: ReadonlyMap<TableName, Table>;
}

/** A finding as a run writes it. */
export interface AuditFinding {
  readonly rule: string;
  readonly table: string;
  readonly rowId: string | null;
  readonly column: string;
  readonly found: string;
  readonly childId?: string | null | undefined;
  readonly parentId?: string | null | undefined;
}

/** The rules by which a row may be out of scope, as the cohort report counts them. */
export const scopeRules = [
  'notInCohort',
  'outsideWindow',
  'notReported',
  'notChosen',
  'sameAsAnother',
  'context',
] as const;
export type ScopeRule = (typeof scopeRules)[number];

/** Rows out of scope, by table and rule. */
export type OutOfScope = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What an auditor is given. */
export interface AuditInput {
  readonly ssd: Ssd;
  readonly today: string;
  readonly payloads: readonly unknown[];
  readonly findings: readonly AuditFinding[];
  /** Absent: the counts are not compared. */
  readonly outOfScope?: OutOfScope | undefined;
  /** What DfE had acknowledged before the run: what is unknown now may be repeated from it. */
  readonly acknowledged?: readonly unknown[];
}

/** The id column of a table: what a finding calls the row by. Mosaic's professionals have theirs in `prof_staff_id`. */
export function rowIdColumn(table: TableName, cms: Cms): string {
  return table === 'ssd_professionals' && cms === 'mosaic' ? 'prof_staff_id' : rowIdColumns[table];
}

const rowIdColumns: Readonly<Record<TableName, string>> = {
  ssd_person: 'pers_person_id',
  ssd_address: 'addr_table_id',
  ssd_disability: 'disa_table_id',
  ssd_immigration_status: 'immi_immigration_status_id',
  ssd_linked_identifiers: 'link_table_id',
  ssd_sdq_scores: 'csdq_table_id',
  ssd_cin_episodes: 'cine_referral_id',
  ssd_cin_assessments: 'cina_assessment_id',
  ssd_assessment_factors: 'cinf_table_id',
  ssd_cin_plans: 'cinp_cin_plan_id',
  ssd_s47_enquiry: 's47e_s47_enquiry_id',
  ssd_initial_cp_conference: 'icpc_icpc_id',
  ssd_cp_plans: 'cppl_cp_plan_id',
  ssd_cla_episodes: 'clae_cla_episode_id',
  ssd_cla_placement: 'clap_cla_placement_id',
  ssd_permanence: 'perm_table_id',
  ssd_care_leavers: 'clea_table_id',
  ssd_involvements: 'invo_involvements_id',
  ssd_professionals: 'prof_professional_id',
};

/** What a row says apart from its own technical id: two rows that agree in all of these say the same. */
export const sayingColumns: Readonly<Record<TableName, readonly string[]>> = {
  ssd_person: [
    'pers_person_id',
    'pers_legacy_id',
    'pers_upn',
    'pers_upn_unknown',
    'pers_forename',
    'pers_surname',
    'pers_sex',
    'pers_ethnicity',
    'pers_dob',
    'pers_expected_dob',
  ],
  ssd_address: [
    'addr_person_id',
    'addr_address_postcode',
    'addr_address_start_date',
    'addr_address_end_date',
  ],
  ssd_disability: ['disa_person_id', 'disa_disability_code'],
  ssd_immigration_status: [
    'immi_person_id',
    'immi_immigration_status',
    'immi_immigration_status_start_date',
    'immi_immigration_status_end_date',
  ],
  ssd_linked_identifiers: [
    'link_person_id',
    'link_identifier_type',
    'link_identifier_value',
    'link_valid_from_date',
  ],
  ssd_sdq_scores: ['csdq_person_id', 'csdq_sdq_completed_date', 'csdq_sdq_score'],
  ssd_cin_episodes: [
    'cine_referral_id',
    'cine_person_id',
    'cine_referral_date',
    'cine_referral_source_code',
    'cine_referral_source_desc',
    'cine_referral_nfa',
    'cine_close_date',
    'cine_close_reason',
  ],
  ssd_cin_assessments: [
    'cina_assessment_id',
    'cina_person_id',
    'cina_referral_id',
    'cina_assessment_start_date',
    'cina_assessment_auth_date',
  ],
  ssd_assessment_factors: ['cinf_assessment_id', 'cinf_assessment_factors_json'],
  ssd_cin_plans: [
    'cinp_cin_plan_id',
    'cinp_person_id',
    'cinp_referral_id',
    'cinp_cin_plan_start_date',
    'cinp_cin_plan_end_date',
  ],
  ssd_s47_enquiry: [
    's47e_s47_enquiry_id',
    's47e_person_id',
    's47e_referral_id',
    's47e_s47_start_date',
    's47e_s47_end_date',
    's47e_s47_outcome_json',
  ],
  ssd_initial_cp_conference: ['icpc_person_id', 'icpc_s47_enquiry_id', 'icpc_referral_id', 'icpc_icpc_date'],
  ssd_cp_plans: [
    'cppl_cp_plan_id',
    'cppl_person_id',
    'cppl_referral_id',
    'cppl_cp_plan_start_date',
    'cppl_cp_plan_end_date',
  ],
  ssd_cla_episodes: [
    'clae_person_id',
    'clae_cla_id',
    'clae_cla_placement_id',
    'clae_referral_id',
    'clae_cla_episode_start_date',
    'clae_cla_episode_start_reason',
    'clae_cla_episode_ceased_date',
    'clae_cla_episode_ceased_reason',
  ],
  ssd_cla_placement: [
    'clap_cla_placement_id',
    'clap_cla_id',
    'clap_person_id',
    'clap_cla_placement_start_date',
    'clap_cla_placement_end_date',
    'clap_cla_placement_postcode',
    'clap_cla_placement_type',
    'clap_cla_placement_change_reason',
  ],
  ssd_permanence: [
    'perm_person_id',
    'perm_cla_id',
    'perm_adm_decision_date',
    'perm_matched_date',
    'perm_placed_for_adoption_date',
  ],
  ssd_care_leavers: [
    'clea_person_id',
    'clea_care_leaver_latest_contact',
    'clea_care_leaver_activity',
    'clea_care_leaver_accommodation',
  ],
  ssd_involvements: [
    'invo_professional_id',
    'invo_professional_role_id',
    'invo_person_id',
    'invo_referral_id',
    'invo_involvement_start_date',
    'invo_involvement_end_date',
  ],
  ssd_professionals: ['prof_professional_id', 'prof_staff_id', 'prof_social_worker_registration_no'],
};
