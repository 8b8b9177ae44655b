import { detailTables, ssdTables, type PersonRows, type SsdTable } from '../../shared/child/sourceRows.js';
import { type SsdRow, type TableName } from '../../infra/syntheticSsd/columns.js';

/** A row with nothing but the columns given; those that must not be empty have to be among them. */
export type Rows = Readonly<Partial<Record<TableName, readonly SsdRow[]>>>;

export function aPerson(id: string, more: SsdRow = {}): SsdRow {
  return { pers_person_id: id, pers_dob: '2015-05-05', ...more };
}

/** One row in every table about one child. */
function rowsOfChild(id: string): Rows {
  const day = '2025-06-07';
  const [referral, assessment, enquiry] = [`${id}-ref`, `${id}-ass`, `${id}-s47`];
  const [care, placement, worker] = [`${id}-care`, `${id}-pla`, `${id}-pro`];
  return {
    ssd_person: [
      {
        pers_person_id: id,
        pers_legacy_id: `${id}-legacy`,
        pers_upn: 'A123456789012',
        pers_forename: 'Łucja',
        pers_surname: "O'Neill 🙂",
        pers_sex: 'F',
        pers_ethnicity: 'WBRI',
        pers_dob: '2012-02-29',
      },
    ],
    ssd_address: [
      {
        addr_table_id: `${id}-adr`,
        addr_person_id: id,
        addr_address_postcode: 'CF10 1AA',
        addr_address_start_date: day,
      },
    ],
    ssd_disability: [{ disa_table_id: `${id}-dis`, disa_person_id: id, disa_disability_code: 'MOB' }],
    ssd_immigration_status: [
      {
        immi_immigration_status_id: `${id}-imm`,
        immi_person_id: id,
        immi_immigration_status: 'UASC',
        immi_immigration_status_start_date: day,
      },
    ],
    ssd_linked_identifiers: [
      {
        link_table_id: `${id}-lnk`,
        link_person_id: id,
        link_identifier_type: 'Former Unique Pupil Number',
        link_identifier_value: 'B123456789012',
        link_valid_from_date: day,
      },
    ],
    // A whole number in SystemC, text to the domain.
    ssd_sdq_scores: [
      { csdq_table_id: `${id}-sdq`, csdq_person_id: id, csdq_sdq_completed_date: day, csdq_sdq_score: 12 },
    ],
    ssd_cin_episodes: [
      {
        cine_referral_id: referral,
        cine_person_id: id,
        cine_referral_date: day,
        cine_referral_source_code: '1A',
        cine_referral_source_desc: 'Individual - family member',
        cine_referral_nfa: 'N',
        cine_referral_team: 'T1',
        cine_referral_worker_id: 'W1',
      },
    ],
    ssd_cin_assessments: [
      {
        cina_assessment_id: assessment,
        cina_person_id: id,
        cina_referral_id: referral,
        cina_assessment_start_date: day,
        cina_assessment_team: 'T1',
        cina_assessment_worker_id: 'W1',
      },
    ],
    ssd_assessment_factors: [
      {
        cinf_table_id: `${id}-fac`,
        cinf_assessment_id: assessment,
        cinf_assessment_factors_json: '["1A","2B"]',
      },
    ],
    ssd_cin_plans: [
      {
        cinp_cin_plan_id: `${id}-cin`,
        cinp_person_id: id,
        cinp_referral_id: referral,
        cinp_cin_plan_start_date: day,
      },
    ],
    ssd_s47_enquiry: [
      {
        s47e_s47_enquiry_id: enquiry,
        s47e_person_id: id,
        s47e_referral_id: referral,
        s47e_s47_start_date: day,
        s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"Y"}',
      },
    ],
    ssd_initial_cp_conference: [
      { icpc_icpc_id: `${id}-cpc`, icpc_person_id: id, icpc_s47_enquiry_id: enquiry, icpc_icpc_date: day },
    ],
    ssd_cp_plans: [
      {
        cppl_cp_plan_id: `${id}-cpp`,
        cppl_person_id: id,
        cppl_referral_id: referral,
        cppl_cp_plan_start_date: day,
      },
    ],
    ssd_cla_episodes: [
      {
        clae_cla_episode_id: `${id}-cla`,
        clae_person_id: id,
        clae_cla_id: care,
        clae_cla_placement_id: placement,
        clae_referral_id: referral,
        clae_cla_episode_start_date: day,
        clae_cla_episode_start_reason: 'S',
      },
    ],
    ssd_cla_placement: [
      {
        clap_cla_placement_id: placement,
        clap_cla_id: care,
        clap_cla_placement_start_date: day,
        clap_cla_placement_postcode: 'LL57 1AA',
        clap_cla_placement_type: 'U1',
      },
    ],
    ssd_permanence: [
      { perm_table_id: `${id}-per`, perm_person_id: id, perm_cla_id: care, perm_adm_decision_date: day },
    ],
    ssd_care_leavers: [
      {
        clea_table_id: `${id}-lea`,
        clea_person_id: id,
        clea_care_leaver_latest_contact: day,
        clea_care_leaver_activity: 'F1',
        clea_care_leaver_accommodation: 'B',
      },
    ],
    ssd_involvements: [
      {
        invo_involvements_id: `${id}-inv`,
        invo_referral_id: referral,
        invo_professional_id: worker,
        invo_professional_role_id: 'CW',
        invo_involvement_start_date: day,
      },
    ],
    ssd_professionals: [{ prof_professional_id: worker, prof_social_worker_registration_no: 'SW123456' }],
  };
}

/** What the reader makes of the rows of one child: every column, as text; NULL where there is nothing. */
function readOf(rows: Rows): Readonly<Record<string, unknown>> {
  const columnsOf = (table: SsdTable, row: SsdRow) =>
    Object.fromEntries(
      Object.keys(ssdTables[table]).map((column) => {
        const value = column === 'prof_social_worker_registration_no' ? 'SW123456' : (row[column] ?? null);
        return [column, typeof value === 'number' ? String(value) : value];
      }),
    );
  const [person = {}] = rows.ssd_person ?? [];
  return {
    person: columnsOf('ssd_person', person),
    ...Object.fromEntries(
      detailTables.map((table) => [table, (rows[table] ?? []).map((row) => columnsOf(table, row))]),
    ),
  };
}

export function byId(one: PersonRows, other: PersonRows): number {
  return String(one.person.pers_person_id) < String(other.person.pers_person_id) ? -1 : 1;
}

/** One row in every table about one child, and what the reader makes of them. */
export function aChild(id: string): {
  readonly rows: Rows;
  readonly read: Readonly<Record<string, unknown>>;
} {
  const rows = rowsOfChild(id);
  return { rows, read: readOf(rows) };
}
