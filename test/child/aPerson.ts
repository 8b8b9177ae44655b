import { recordOf } from '../../shared/child/recordOf.js';
import {
  detailTables,
  type PersonRows,
  type SsdDetailTable,
  type SsdRow,
} from '../../shared/child/sourceRows.js';

/** The columns of a row that a test cares about; the builder fills in the rest. */
type Some<Table extends keyof Tables> = Partial<SsdRow<Table>>;
type Tables = Record<SsdDetailTable | 'ssd_person', unknown>;

type SomeRows = { readonly person?: Some<'ssd_person'> } & {
  readonly [Table in SsdDetailTable]?: readonly SsdRow<Table>[];
};

/** A person with a sound id, born in 2012, and nothing else in any table. */
export function aPerson({ person, ...details }: SomeRows = {}): PersonRows {
  return {
    person: {
      pers_person_id: '1001',
      pers_legacy_id: null,
      pers_upn: null,
      pers_upn_unknown: null,
      pers_forename: 'Ada',
      pers_surname: 'Example',
      pers_sex: 'F',
      pers_ethnicity: 'WBRI',
      pers_dob: '2012-06-15',
      pers_expected_dob: null,
      ...person,
    },
    ...recordOf(detailTables, () => []),
    ...details,
  };
}

/** The current address. */
export function anAddress(row: Some<'ssd_address'> = {}): SsdRow<'ssd_address'> {
  return {
    addr_table_id: 'AD1',
    addr_person_id: '1001',
    addr_address_postcode: 'LS1 1UR',
    addr_address_start_date: '2015-01-01',
    addr_address_end_date: null,
    ...row,
  };
}

export function aDisability(row: Some<'ssd_disability'> = {}): SsdRow<'ssd_disability'> {
  return { disa_table_id: 'DI1', disa_person_id: '1001', disa_disability_code: 'AUT', ...row };
}

/** An unaccompanied asylum-seeking child's status, without an end. */
export function anImmigrationStatus(
  row: Some<'ssd_immigration_status'> = {},
): SsdRow<'ssd_immigration_status'> {
  return {
    immi_immigration_status_id: 'IM1',
    immi_person_id: '1001',
    immi_immigration_status: 'UASC',
    immi_immigration_status_start_date: '2020-01-01',
    immi_immigration_status_end_date: null,
    ...row,
  };
}

export function aFormerUpn(row: Some<'ssd_linked_identifiers'> = {}): SsdRow<'ssd_linked_identifiers'> {
  return {
    link_table_id: 'LI1',
    link_person_id: '1001',
    link_identifier_type: 'Former Unique Pupil Number',
    link_identifier_value: 'B820200001007',
    link_valid_from_date: '2020-09-01',
    ...row,
  };
}

export function anSdqScore(row: Some<'ssd_sdq_scores'> = {}): SsdRow<'ssd_sdq_scores'> {
  return {
    csdq_table_id: 'SD1',
    csdq_person_id: '1001',
    csdq_sdq_completed_date: '2025-06-01',
    csdq_sdq_score: '12',
    ...row,
  };
}

/** The open referral `R1` of May 2025. */
export function anEpisode(row: Some<'ssd_cin_episodes'> = {}): SsdRow<'ssd_cin_episodes'> {
  return {
    cine_referral_id: 'R1',
    cine_person_id: '1001',
    cine_referral_team: null,
    cine_referral_worker_id: null,
    cine_referral_date: '2025-05-01',
    cine_referral_source_code: '1A',
    cine_referral_source_desc: null,
    cine_referral_nfa: 'N',
    cine_close_date: null,
    cine_close_reason: null,
    ...row,
  };
}

/** Under referral `R1`, as everything below unless said otherwise. */
export function anAssessment(row: Some<'ssd_cin_assessments'> = {}): SsdRow<'ssd_cin_assessments'> {
  return {
    cina_assessment_id: 'A1',
    cina_person_id: '1001',
    cina_assessment_team: null,
    cina_assessment_worker_id: null,
    cina_referral_id: 'R1',
    cina_assessment_start_date: '2025-05-02',
    cina_assessment_auth_date: null,
    ...row,
  };
}

/** The factors of assessment `A1`. */
export function someFactors(row: Some<'ssd_assessment_factors'> = {}): SsdRow<'ssd_assessment_factors'> {
  return {
    cinf_table_id: 'F1',
    cinf_assessment_id: 'A1',
    cinf_assessment_factors_json: '["1A"]',
    ...row,
  };
}

export function aCinPlan(row: Some<'ssd_cin_plans'> = {}): SsdRow<'ssd_cin_plans'> {
  return {
    cinp_cin_plan_id: 'N1',
    cinp_person_id: '1001',
    cinp_cin_plan_team: null,
    cinp_cin_plan_worker_id: null,
    cinp_referral_id: 'R1',
    cinp_cin_plan_start_date: '2025-06-01',
    cinp_cin_plan_end_date: null,
    ...row,
  };
}

export function aSection47(row: Some<'ssd_s47_enquiry'> = {}): SsdRow<'ssd_s47_enquiry'> {
  return {
    s47e_s47_enquiry_id: 'S1',
    s47e_person_id: '1001',
    s47e_s47_completed_by_team: null,
    s47e_s47_completed_by_worker_id: null,
    s47e_referral_id: 'R1',
    s47e_s47_start_date: '2025-05-10',
    s47e_s47_end_date: null,
    s47e_s47_outcome_json: null,
    ...row,
  };
}

/** The initial conference of section 47 enquiry `S1`. */
export function aConference(
  row: Some<'ssd_initial_cp_conference'> = {},
): SsdRow<'ssd_initial_cp_conference'> {
  return {
    icpc_icpc_id: 'C1',
    icpc_person_id: '1001',
    icpc_s47_enquiry_id: 'S1',
    icpc_referral_id: 'R1',
    icpc_icpc_date: '2025-05-20',
    icpc_icpc_team: null,
    icpc_icpc_worker_id: null,
    ...row,
  };
}

export function aCpPlan(row: Some<'ssd_cp_plans'> = {}): SsdRow<'ssd_cp_plans'> {
  return {
    cppl_cp_plan_id: 'P1',
    cppl_person_id: '1001',
    cppl_referral_id: 'R1',
    cppl_cp_plan_start_date: '2025-05-20',
    cppl_cp_plan_end_date: null,
    ...row,
  };
}

/** The care episode of placement `L1` in the period of care `K1`. */
export function aCareEpisode(row: Some<'ssd_cla_episodes'> = {}): SsdRow<'ssd_cla_episodes'> {
  return {
    clae_cla_episode_id: 'E1',
    clae_person_id: '1001',
    clae_cla_id: 'K1',
    clae_cla_placement_id: 'L1',
    clae_referral_id: 'R1',
    clae_cla_episode_start_date: '2025-07-01',
    clae_cla_episode_start_reason: 'S',
    clae_cla_episode_ceased_date: null,
    clae_cla_episode_ceased_reason: null,
    ...row,
  };
}

export function aPlacement(row: Some<'ssd_cla_placement'> = {}): SsdRow<'ssd_cla_placement'> {
  return {
    clap_cla_placement_id: 'L1',
    clap_person_id: '1001',
    clap_cla_id: 'K1',
    clap_cla_placement_start_date: '2025-07-01',
    clap_cla_placement_end_date: null,
    clap_cla_placement_postcode: 'BD1 1HX',
    clap_cla_placement_type: 'U4',
    clap_cla_placement_change_reason: null,
    ...row,
  };
}

/** An adoption of the period of care `K1`, decided and not yet matched. */
export function anAdoption(row: Some<'ssd_permanence'> = {}): SsdRow<'ssd_permanence'> {
  return {
    perm_table_id: 'PE1',
    perm_person_id: '1001',
    perm_cla_id: 'K1',
    perm_adm_decision_date: '2025-10-01',
    perm_matched_date: null,
    perm_placed_for_adoption_date: null,
    ...row,
  };
}

export function aCareLeaverContact(row: Some<'ssd_care_leavers'> = {}): SsdRow<'ssd_care_leavers'> {
  return {
    clea_table_id: 'CL1',
    clea_person_id: '1001',
    clea_care_leaver_allocated_team: null,
    clea_care_leaver_worker_id: null,
    clea_care_leaver_latest_contact: '2025-09-01',
    clea_care_leaver_activity: 'F2',
    clea_care_leaver_accommodation: 'U',
    ...row,
  };
}

/** A registered care worker on referral `R1`, active on 31 March 2026. */
export function anInvolvement(row: Some<'ssd_involvements'> = {}): SsdRow<'ssd_involvements'> {
  return {
    invo_involvements_id: 'I1',
    invo_person_id: '1001',
    invo_professional_id: 'W1',
    invo_professional_team: null,
    invo_referral_id: 'R1',
    invo_professional_role_id: 'CW',
    invo_involvement_start_date: '2025-06-01',
    invo_involvement_end_date: null,
    prof_social_worker_registration_no: 'SW100001',
    ...row,
  };
}
