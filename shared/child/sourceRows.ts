import type { DateCell, TextCell } from './cells.js';

/**
 * The columns of the Standard Safeguarding Dataset (SSD) that the payload and its findings need, by table, under the
 * names of the SSD specification.
 *
 * - `id`: the row's own id or a key to another row, as text without the blanks that pad it; null when there is none, or
 *   no such column. Ids that the database takes for equal are spelled alike, and a key is spelled as the id it refers to
 *   (`relate.ts`): equal is equal.
 * - `text`, `date`: a cell, see `cells.ts`.
 */
export const ssdTables = {
  ssd_person: {
    pers_person_id: 'id',
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
    addr_table_id: 'id',
    addr_person_id: 'id',
    addr_address_postcode: 'text',
    addr_address_start_date: 'date',
    addr_address_end_date: 'date',
  },
  ssd_disability: { disa_table_id: 'id', disa_person_id: 'id', disa_disability_code: 'text' },
  ssd_immigration_status: {
    immi_immigration_status_id: 'id',
    immi_person_id: 'id',
    immi_immigration_status: 'text',
    immi_immigration_status_start_date: 'date',
    immi_immigration_status_end_date: 'date',
  },
  ssd_linked_identifiers: {
    link_table_id: 'id',
    link_person_id: 'id',
    link_identifier_type: 'text',
    link_identifier_value: 'text',
    link_valid_from_date: 'date',
  },
  ssd_sdq_scores: {
    csdq_table_id: 'id',
    csdq_person_id: 'id',
    csdq_sdq_completed_date: 'date',
    csdq_sdq_score: 'text',
  },
  ssd_cin_episodes: {
    cine_referral_id: 'id',
    cine_person_id: 'id',
    cine_referral_date: 'date',
    cine_referral_source_code: 'text',
    cine_referral_source_desc: 'text',
    cine_referral_nfa: 'text',
    cine_close_date: 'date',
    cine_close_reason: 'text',
    cine_referral_team: 'text',
    cine_referral_worker_id: 'text',
  },
  ssd_cin_assessments: {
    cina_assessment_id: 'id',
    cina_person_id: 'id',
    cina_referral_id: 'id',
    cina_assessment_start_date: 'date',
    cina_assessment_auth_date: 'date',
    cina_assessment_team: 'text',
    cina_assessment_worker_id: 'text',
  },
  ssd_assessment_factors: {
    cinf_table_id: 'id',
    cinf_assessment_id: 'id',
    cinf_assessment_factors_json: 'text',
  },
  ssd_cin_plans: {
    cinp_cin_plan_id: 'id',
    cinp_person_id: 'id',
    cinp_referral_id: 'id',
    cinp_cin_plan_start_date: 'date',
    cinp_cin_plan_end_date: 'date',
    cinp_cin_plan_team: 'text',
    cinp_cin_plan_worker_id: 'text',
  },
  ssd_s47_enquiry: {
    s47e_s47_enquiry_id: 'id',
    s47e_person_id: 'id',
    s47e_referral_id: 'id',
    s47e_s47_start_date: 'date',
    s47e_s47_end_date: 'date',
    s47e_s47_outcome_json: 'text',
    s47e_s47_completed_by_team: 'text',
    s47e_s47_completed_by_worker_id: 'text',
  },
  ssd_initial_cp_conference: {
    icpc_icpc_id: 'id',
    icpc_person_id: 'id',
    icpc_s47_enquiry_id: 'id',
    icpc_referral_id: 'id',
    icpc_icpc_date: 'date',
    icpc_icpc_team: 'text',
    icpc_icpc_worker_id: 'text',
  },
  ssd_cp_plans: {
    cppl_cp_plan_id: 'id',
    cppl_person_id: 'id',
    cppl_referral_id: 'id',
    cppl_cp_plan_start_date: 'date',
    cppl_cp_plan_end_date: 'date',
  },
  ssd_cla_episodes: {
    clae_cla_episode_id: 'id',
    clae_person_id: 'id',
    clae_cla_id: 'id',
    clae_cla_placement_id: 'id',
    clae_referral_id: 'id',
    clae_cla_episode_start_date: 'date',
    clae_cla_episode_start_reason: 'text',
    clae_cla_episode_ceased_date: 'date',
    clae_cla_episode_ceased_reason: 'text',
  },
  ssd_cla_placement: {
    clap_cla_placement_id: 'id',
    clap_person_id: 'id',
    clap_cla_id: 'id',
    clap_cla_placement_start_date: 'date',
    clap_cla_placement_end_date: 'date',
    clap_cla_placement_postcode: 'text',
    clap_cla_placement_type: 'text',
    clap_cla_placement_change_reason: 'text',
  },
  ssd_permanence: {
    perm_table_id: 'id',
    perm_person_id: 'id',
    perm_cla_id: 'id',
    perm_adm_decision_date: 'date',
    perm_matched_date: 'date',
    perm_placed_for_adoption_date: 'date',
  },
  ssd_care_leavers: {
    clea_table_id: 'id',
    clea_person_id: 'id',
    clea_care_leaver_latest_contact: 'date',
    clea_care_leaver_activity: 'text',
    clea_care_leaver_accommodation: 'text',
    clea_care_leaver_allocated_team: 'text',
    clea_care_leaver_worker_id: 'text',
  },
  ssd_involvements: {
    invo_involvements_id: 'id',
    invo_person_id: 'id',
    invo_referral_id: 'id',
    invo_professional_id: 'id',
    invo_professional_role_id: 'text',
    invo_involvement_start_date: 'date',
    invo_involvement_end_date: 'date',
    invo_professional_team: 'text',
    /** Of the worker in ssd_professionals: read once a run and put here (`professionals.ts`). */
    prof_social_worker_registration_no: 'text',
  },
} as const;

export type SsdTable = keyof typeof ssdTables;

/** The columns of ssd_professionals, which is read once a run. */
export const professionalColumns = [
  'prof_professional_id',
  'prof_staff_id',
  'prof_social_worker_registration_no',
] as const;

/** A column of any table that is read: no two tables have one of the same name. */
export type SsdColumn =
  { [Table in SsdTable]: keyof (typeof ssdTables)[Table] }[SsdTable] | (typeof professionalColumns)[number];

type Kind = 'id' | 'text' | 'date';
type ValueOf<K extends Kind> = K extends 'id' ? string | null : K extends 'date' ? DateCell : TextCell;

type RowOf<Columns extends Readonly<Record<string, Kind>>> = {
  readonly [Column in keyof Columns]: ValueOf<Columns[Column]>;
};

/** One row of an SSD table, limited to the columns that are needed. */
export type SsdRow<Table extends SsdTable> = RowOf<(typeof ssdTables)[Table]>;

/** The tables whose rows belong to a person, each with any number of rows for a child. */
export type SsdDetailTable = Exclude<SsdTable, 'ssd_person'>;

/** Everything the SSD says about one person. Every row is this person's by all its keys. */
export type PersonRows = { readonly person: SsdRow<'ssd_person'> } & {
  readonly [Table in SsdDetailTable]: readonly SsdRow<Table>[];
};

/** A table's own row id: its first column. */
export function rowIdOf(table: SsdTable): string {
  return Object.keys(ssdTables[table])[0] ?? '';
}

/** The table of a column. */
export function tableOf(column: SsdColumn): SsdTable | 'ssd_professionals' {
  if (column.startsWith('prof_')) return 'ssd_professionals';
  const found = Object.keys(ssdTables).find(
    (table) => isSsdTable(table) && Object.hasOwn(ssdTables[table], column),
  );
  if (found === undefined || !isSsdTable(found)) throw new RangeError(`${column} is in no table`);
  return found;
}

/** The columns of one kind, in any table. */
export function columnsOfKind(kind: Kind): readonly SsdColumn[] {
  return Object.values(ssdTables).flatMap((columns) =>
    Object.entries(columns)
      .filter(([, its]) => its === kind)
      .map(([column]) => column)
      .filter(isSsdColumn),
  );
}

function isSsdColumn(name: string): name is SsdColumn {
  return Object.values(ssdTables).some((columns) => Object.hasOwn(columns, name));
}

export function isSsdTable(name: string): name is SsdTable {
  return Object.hasOwn(ssdTables, name);
}

/** The tables whose rows belong to a person. */
export const detailTables: readonly SsdDetailTable[] = Object.keys(ssdTables).filter(isDetailTable);

function isDetailTable(name: string): name is SsdDetailTable {
  return name !== 'ssd_person' && Object.hasOwn(ssdTables, name);
}
