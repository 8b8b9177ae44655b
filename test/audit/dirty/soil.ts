import { randomFrom, type Random } from '../../../infra/syntheticSsd/random.js';
import type { TableName } from '../../../infra/syntheticSsd/columns.js';
import type { Cell, Cms, Ssd } from '../input.js';

export type SoiledRow = Record<string, Cell>;

/** An SSD while it is being soiled. */
export interface Soil {
  readonly cms: Cms;
  readonly today: string;
  readonly random: Random;
  readonly tables: Map<TableName, { readonly columns: Set<string>; rows: SoiledRow[] }>;
}

/** A copy that may be changed. */
export function soilOf(ssd: Ssd, today: string, ...key: readonly (string | number)[]): Soil {
  return {
    cms: ssd.cms,
    today,
    random: randomFrom(...key),
    tables: new Map(
      [...ssd.tables].map(([table, { columns, rows }]) => [
        table,
        { columns: new Set(columns), rows: rows.map((row) => ({ ...row })) },
      ]),
    ),
  };
}

export function rowsOf(soil: Soil, table: TableName): SoiledRow[] {
  return soil.tables.get(table)?.rows ?? [];
}

/** Some rows of a table, at least one where it has any. */
export function someRows(soil: Soil, table: TableName, share = 0.2): SoiledRow[] {
  const rows = rowsOf(soil, table);
  const chosen = rows.filter(() => soil.random.chance(share));
  const [first] = rows;
  return chosen.length > 0 || first === undefined ? chosen : [soil.random.pick(rows)];
}

function hasColumn(soil: Soil, table: TableName, column: string): boolean {
  return soil.tables.get(table)?.columns.has(column) ?? false;
}

/** Writes cells of one column of some rows. */
export function spoil(
  soil: Soil,
  table: TableName,
  column: string,
  value: (cell: Cell, row: SoiledRow) => Cell,
  share = 0.2,
): void {
  if (!hasColumn(soil, table, column)) return;
  for (const row of someRows(soil, table, share)) row[column] = value(row[column] ?? null, row);
}

/** The columns by which rows name their person. */
export const personColumns: readonly (readonly [TableName, string])[] = [
  ['ssd_address', 'addr_person_id'],
  ['ssd_disability', 'disa_person_id'],
  ['ssd_immigration_status', 'immi_person_id'],
  ['ssd_linked_identifiers', 'link_person_id'],
  ['ssd_sdq_scores', 'csdq_person_id'],
  ['ssd_cin_episodes', 'cine_person_id'],
  ['ssd_cin_assessments', 'cina_person_id'],
  ['ssd_cin_plans', 'cinp_person_id'],
  ['ssd_s47_enquiry', 's47e_person_id'],
  ['ssd_initial_cp_conference', 'icpc_person_id'],
  ['ssd_cp_plans', 'cppl_person_id'],
  ['ssd_cla_episodes', 'clae_person_id'],
  ['ssd_cla_placement', 'clap_person_id'],
  ['ssd_permanence', 'perm_person_id'],
  ['ssd_care_leavers', 'clea_person_id'],
  ['ssd_involvements', 'invo_person_id'],
];

/** Each kind of id, and the columns of other rows that refer to it. */
export const relations: readonly {
  readonly id: readonly [TableName, string];
  readonly references: readonly (readonly [TableName, string])[];
}[] = [
  {
    id: ['ssd_cin_episodes', 'cine_referral_id'],
    references: [
      ['ssd_cin_assessments', 'cina_referral_id'],
      ['ssd_cin_plans', 'cinp_referral_id'],
      ['ssd_s47_enquiry', 's47e_referral_id'],
      ['ssd_initial_cp_conference', 'icpc_referral_id'],
      ['ssd_cp_plans', 'cppl_referral_id'],
      ['ssd_cla_episodes', 'clae_referral_id'],
      ['ssd_involvements', 'invo_referral_id'],
    ],
  },
  {
    id: ['ssd_cla_episodes', 'clae_cla_id'],
    references: [
      ['ssd_cla_placement', 'clap_cla_id'],
      ['ssd_permanence', 'perm_cla_id'],
    ],
  },
  {
    id: ['ssd_cla_placement', 'clap_cla_placement_id'],
    references: [['ssd_cla_episodes', 'clae_cla_placement_id']],
  },
  {
    id: ['ssd_cin_assessments', 'cina_assessment_id'],
    references: [['ssd_assessment_factors', 'cinf_assessment_id']],
  },
  {
    id: ['ssd_s47_enquiry', 's47e_s47_enquiry_id'],
    references: [['ssd_initial_cp_conference', 'icpc_s47_enquiry_id']],
  },
  {
    id: ['ssd_professionals', 'prof_professional_id'],
    references: [['ssd_involvements', 'invo_professional_id']],
  },
];

/** Start and end of what lasts. */
export const spells: readonly (readonly [TableName, start: string, end: string])[] = [
  ['ssd_cin_episodes', 'cine_referral_date', 'cine_close_date'],
  ['ssd_cin_assessments', 'cina_assessment_start_date', 'cina_assessment_auth_date'],
  ['ssd_cin_plans', 'cinp_cin_plan_start_date', 'cinp_cin_plan_end_date'],
  ['ssd_cp_plans', 'cppl_cp_plan_start_date', 'cppl_cp_plan_end_date'],
  ['ssd_s47_enquiry', 's47e_s47_start_date', 's47e_s47_end_date'],
  ['ssd_cla_placement', 'clap_cla_placement_start_date', 'clap_cla_placement_end_date'],
  ['ssd_cla_episodes', 'clae_cla_episode_start_date', 'clae_cla_episode_ceased_date'],
  ['ssd_involvements', 'invo_involvement_start_date', 'invo_involvement_end_date'],
  ['ssd_immigration_status', 'immi_immigration_status_start_date', 'immi_immigration_status_end_date'],
  ['ssd_address', 'addr_address_start_date', 'addr_address_end_date'],
];

/** Every date column that is read. */
export const dateColumns: readonly (readonly [TableName, string])[] = [
  ...spells.flatMap(([table, start, end]): (readonly [TableName, string])[] => [
    [table, start],
    [table, end],
  ]),
  ['ssd_person', 'pers_dob'],
  ['ssd_person', 'pers_expected_dob'],
  ['ssd_sdq_scores', 'csdq_sdq_completed_date'],
  ['ssd_initial_cp_conference', 'icpc_icpc_date'],
  ['ssd_permanence', 'perm_adm_decision_date'],
  ['ssd_permanence', 'perm_matched_date'],
  ['ssd_permanence', 'perm_placed_for_adoption_date'],
  ['ssd_care_leavers', 'clea_care_leaver_latest_contact'],
  ['ssd_linked_identifiers', 'link_valid_from_date'],
];

/** Every column with a national code, with some codes of its list and some texts that look like them. */
export const codedColumns: readonly {
  readonly table: TableName;
  readonly column: string;
  readonly codes: readonly string[];
  readonly texts: readonly string[];
}[] = [
  {
    table: 'ssd_person',
    column: 'pers_sex',
    codes: ['M', 'F', 'U'],
    texts: ['I', 'F to M', 'Male', 'Other'],
  },
  {
    table: 'ssd_person',
    column: 'pers_ethnicity',
    codes: ['WBRI', 'MWBA', 'CHNE'],
    texts: ['CNHE', 'MWBa', 'ORAB', '??', 'White British'],
  },
  {
    table: 'ssd_person',
    column: 'pers_upn_unknown',
    codes: ['UN1', 'UN4'],
    texts: ['UN1, U', 'UN99', 'not known'],
  },
  {
    table: 'ssd_disability',
    column: 'disa_disability_code',
    codes: ['MOB', 'HAND', 'AUT', 'NONE'],
    texts: ['Autism', '', '??', 'None', 'XYZ'],
  },
  {
    table: 'ssd_cin_episodes',
    column: 'cine_referral_source_code',
    codes: ['1A', '4', '6', '10'],
    texts: ['4123', '8 year old sibling', 'Police', '1a'],
  },
  {
    table: 'ssd_cin_episodes',
    column: 'cine_referral_source_desc',
    codes: ['1A', '4', '6'],
    texts: ['4 Ways School', '1A Individual', 'Housing', '6 - Police'],
  },
  {
    table: 'ssd_cin_episodes',
    column: 'cine_close_reason',
    codes: ['RC1', 'RC8'],
    texts: ['RC7: other', 'Case closed', 'RC10', 'Adopted'],
  },
  {
    table: 'ssd_cla_episodes',
    column: 'clae_cla_episode_start_reason',
    codes: ['S', 'P', 'L'],
    texts: ['S Started', 'P lacement broke down', 'Started to be looked after', 'Q'],
  },
  {
    table: 'ssd_cla_episodes',
    column: 'clae_cla_episode_ceased_reason',
    codes: ['X1', 'E4A', 'E11'],
    texts: ['E4', 'E4A) Returned home', 'moved on', 'E8 - other'],
  },
  {
    table: 'ssd_cla_placement',
    column: 'clap_cla_placement_type',
    codes: ['U4', 'A3', 'K2'],
    texts: ['H5', 'Z1', 'P2', 'DQ', 'Foster care', 'U4 - Foster'],
  },
  {
    table: 'ssd_cla_placement',
    column: 'clap_cla_placement_change_reason',
    codes: ['CARPL', 'OTHER'],
    texts: ['Other reasons', 'ALLEG: allegation', 'carpl'],
  },
  {
    table: 'ssd_care_leavers',
    column: 'clea_care_leaver_activity',
    codes: ['F1', 'G5'],
    texts: ['F1 - Full time', 'F1 driver', 'NEET', 'Full time apprenticeship'],
  },
  {
    table: 'ssd_care_leavers',
    column: 'clea_care_leaver_accommodation',
    codes: ['B', 'U', 'Z'],
    texts: ['B1', 'Z2', 'B & B', 'H M Prison Leeds', 'S 17 funded flat', 'U) Independent living'],
  },
];
