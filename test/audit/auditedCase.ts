import assert from 'node:assert/strict';
import { audit, printed, type Audit } from './auditor.js';
import type { AuditFinding, AuditInput, Cms, OutOfScope, Row } from './input.js';
import { columnsOf } from './loadAudited.js';
import { tableNames, type TableName } from '../../infra/syntheticSsd/columns.js';

export type Rows = Partial<Record<TableName, readonly Row[]>>;
export type Payload = Record<string, unknown>;

const today = '2026-06-15';

/** An SSD with every published column, but those of `without` (a table, or a table with a column). */
function ssdOfRows(rows: Rows, cms: Cms = 'systemc', without: readonly string[] = []): AuditInput['ssd'] {
  const present = tableNames.filter((table) => !without.includes(table));
  return {
    cms,
    tables: new Map(
      present.map((table) => {
        const columns = columnsOf(table, cms)
          .map(({ name }) => name)
          .filter((name) => !without.includes(`${table}.${name}`));
        return [table, { columns: new Set(columns), rows: rows[table] ?? [] }];
      }),
    ),
  };
}

/** Child A, for which everything is sent that the payload has a place for. */
export const rowsOfA = {
  ssd_person: [
    {
      pers_person_id: 'A',
      pers_legacy_id: 'LA',
      pers_upn: 'A123456789012',
      pers_forename: 'Ann',
      pers_surname: 'Test',
      pers_sex: 'F',
      pers_ethnicity: 'WBRI',
      pers_dob: '2008-05-05',
    },
  ],
  ssd_address: [
    {
      addr_table_id: 'AD1',
      addr_person_id: 'A',
      addr_address_postcode: 'ab1 2cd',
      addr_address_start_date: '2020-01-01',
    },
  ],
  ssd_disability: [{ disa_table_id: 'D1', disa_person_id: 'A', disa_disability_code: 'MOB' }],
  ssd_immigration_status: [
    {
      immi_immigration_status_id: 'IM1',
      immi_person_id: 'A',
      immi_immigration_status: 'UASC',
      immi_immigration_status_start_date: '2024-01-01',
      immi_immigration_status_end_date: '2026-01-01',
    },
  ],
  ssd_linked_identifiers: [
    {
      link_table_id: 'L1',
      link_person_id: 'A',
      link_identifier_type: 'Former Unique Pupil Number',
      link_identifier_value: 'B123456789012',
      link_valid_from_date: '2020-01-01',
    },
  ],
  ssd_sdq_scores: [
    { csdq_table_id: 'Q1', csdq_person_id: 'A', csdq_sdq_completed_date: '2025-02-02', csdq_sdq_score: 12 },
  ],
  ssd_cin_episodes: [
    {
      cine_referral_id: 'R1',
      cine_person_id: 'A',
      cine_referral_date: '2024-05-01',
      cine_referral_source_desc: '1A Individual',
      cine_referral_nfa: 'N',
    },
  ],
  ssd_cin_assessments: [
    {
      cina_assessment_id: 'AS1',
      cina_person_id: 'A',
      cina_referral_id: 'R1',
      cina_assessment_start_date: '2024-05-02',
      cina_assessment_auth_date: '2024-06-01',
    },
  ],
  ssd_assessment_factors: [
    { cinf_table_id: 'F1', cinf_assessment_id: 'AS1', cinf_assessment_factors_json: '["1A","2B",null]' },
  ],
  ssd_cin_plans: [
    {
      cinp_cin_plan_id: 'P1',
      cinp_person_id: 'A',
      cinp_referral_id: 'R1',
      cinp_cin_plan_start_date: '2024-06-01',
    },
  ],
  ssd_s47_enquiry: [
    {
      s47e_s47_enquiry_id: 'S1',
      s47e_person_id: 'A',
      s47e_referral_id: 'R1',
      s47e_s47_start_date: '2024-07-01',
      s47e_s47_end_date: '2024-07-10',
      s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"Y"}',
    },
  ],
  ssd_initial_cp_conference: [
    {
      icpc_icpc_id: 'IC1',
      icpc_person_id: 'A',
      icpc_s47_enquiry_id: 'S1',
      icpc_referral_id: 'R1',
      icpc_icpc_date: '2024-07-20',
    },
  ],
  ssd_cp_plans: [
    {
      cppl_cp_plan_id: 'CP1',
      cppl_person_id: 'A',
      cppl_referral_id: 'R1',
      cppl_cp_plan_start_date: '2024-07-20',
      cppl_cp_plan_end_date: '2025-01-20',
    },
  ],
  ssd_cla_episodes: [
    {
      clae_cla_episode_id: 'E1',
      clae_person_id: 'A',
      clae_cla_id: 'C1',
      clae_cla_placement_id: 'PL1',
      clae_referral_id: 'R1',
      clae_cla_episode_start_date: '2025-01-01',
      clae_cla_episode_start_reason: 'S',
    },
  ],
  ssd_cla_placement: [
    {
      clap_cla_placement_id: 'PL1',
      clap_cla_id: 'C1',
      clap_person_id: 'A',
      clap_cla_placement_start_date: '2025-01-01',
      clap_cla_placement_type: 'U4',
      clap_cla_placement_postcode: 'AB3 4EF',
    },
  ],
  ssd_permanence: [
    { perm_table_id: 'PE1', perm_person_id: 'LA', perm_cla_id: 'C1', perm_adm_decision_date: '2025-06-01' },
  ],
  ssd_care_leavers: [
    {
      clea_table_id: 'CL1',
      clea_person_id: 'A',
      clea_care_leaver_latest_contact: '2026-01-01',
      clea_care_leaver_activity: 'F1',
      clea_care_leaver_accommodation: 'B1',
    },
  ],
  ssd_involvements: [
    {
      invo_involvements_id: 'I1',
      invo_professional_id: 'W1',
      invo_professional_role_id: 'CW',
      invo_person_id: 'A',
      invo_referral_id: 'R1',
      invo_involvement_start_date: '2024-05-01',
    },
  ],
  ssd_professionals: [{ prof_professional_id: 'W1', prof_social_worker_registration_no: 'SW1' }],
} satisfies Rows;

export const assessment = {
  child_and_family_assessment_id: 'AS1',
  start_date: '2024-05-02',
  authorisation_date: '2024-06-01',
  factors: ['1A', '2B'],
  purge: false,
};
export const plan = { child_in_need_plan_id: 'P1', start_date: '2024-06-01', purge: false };
export const enquiry = {
  section_47_assessment_id: 'S1',
  start_date: '2024-07-01',
  icpc_required_flag: true,
  icpc_date: '2024-07-20',
  end_date: '2024-07-10',
  purge: false,
};
const protection = {
  child_protection_plan_id: 'CP1',
  start_date: '2024-07-20',
  end_date: '2025-01-20',
  purge: false,
};
export const placement = {
  child_looked_after_placement_id: 'PL1',
  start_date: '2025-01-01',
  start_reason: 'S',
  postcode: 'AB3 4EF',
  placement_type: 'U4',
  purge: false,
};
export const episode = {
  social_care_episode_id: 'R1',
  referral_date: '2024-05-01',
  referral_source: '1A',
  referral_no_further_action_flag: false,
  purge: false,
  care_worker_details: [{ worker_id: 'SW1', start_date: '2024-05-01' }],
  child_and_family_assessments: [assessment],
  child_in_need_plans: [plan],
  section_47_assessments: [enquiry],
  child_protection_plans: [protection],
  child_looked_after_placements: [placement],
  adoption: { initial_decision_date: '2025-06-01', purge: false },
  care_leavers: { contact_date: '2026-01-01', activity: 'F1', accommodation: 'B', purge: false },
};
export const details = {
  unique_pupil_number: 'A123456789012',
  former_unique_pupil_number: 'B123456789012',
  first_name: 'Ann',
  surname: 'Test',
  date_of_birth: '2008-05-05',
  sex: 'F',
  ethnicity: 'WBRI',
  disabilities: ['MOB'],
  postcode: 'AB1 2CD',
  uasc_flag: true,
  uasc_end_date: '2026-01-01',
  purge: false,
};

export function payloadOf(changes: Payload = {}, inEpisode: Payload = {}, inDetails: Payload = {}): Payload {
  return {
    la_child_id: 'A',
    mis_child_id: 'LA',
    purge: false,
    child_details: { ...details, ...inDetails },
    health_and_wellbeing: { sdq_assessments: [{ date: '2025-02-02', score: 12 }], purge: false },
    social_care_episodes: [{ ...episode, ...inEpisode }],
    ...changes,
  };
}

export function without(payload: Payload, ...keys: readonly string[]): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([key]) => !keys.includes(key)));
}

/** Rows of A with one cell of the first row of a table changed. */
export function withCell(table: keyof typeof rowsOfA, column: string, cell: Row[string]): Rows {
  const [first, ...others] = rowsOfA[table];
  return { ...rowsOfA, [table]: [{ ...first, [column]: cell }, ...others] };
}

export interface Case {
  readonly rows?: Rows;
  readonly cms?: Cms;
  readonly without?: readonly string[];
  readonly payloads?: readonly unknown[];
  readonly findings?: readonly AuditFinding[];
  readonly acknowledged?: readonly unknown[];
  readonly outOfScope?: OutOfScope;
}

export function audited(given: Case): Audit {
  return audit({
    ssd: ssdOfRows(given.rows ?? rowsOfA, given.cms, given.without),
    today,
    payloads: given.payloads ?? [payloadOf()],
    findings: given.findings ?? [],
    ...(given.acknowledged === undefined ? {} : { acknowledged: given.acknowledged }),
    ...(given.outOfScope === undefined ? {} : { outOfScope: given.outOfScope }),
  });
}

export function finding(table: string, rowId: string | null, column: string): AuditFinding {
  return { rule: 'a-rule', table, rowId, column, found: 'something' };
}

export function isClean(given: Case): void {
  const result = audited(given);
  assert.ok(
    result.unexplained.length + result.falsities.length + result.countDifferences.length === 0,
    printed(result),
  );
}

export function findsFalsity(given: Case, at: RegExp): void {
  const result = audited(given);
  assert.ok(
    result.falsities.some((falsity) => at.test(`${falsity.at}: ${falsity.what}`)),
    `no falsity ${String(at)}\n${printed(result)}`,
  );
}
