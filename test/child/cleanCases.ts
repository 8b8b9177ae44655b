import type { PersonRows } from '../../shared/child/sourceRows.js';
import type { JsonObject } from '../local/dfe/json.js';
import {
  aCareEpisode,
  aCareLeaverContact,
  aCinPlan,
  aConference,
  aCpPlan,
  aDisability,
  aFormerUpn,
  anAddress,
  anAdoption,
  anAssessment,
  anEpisode,
  anImmigrationStatus,
  anInvolvement,
  anSdqScore,
  aPerson,
  aPlacement,
  aSection47,
  someFactors,
} from './aPerson.js';

/** A person with clean rows, and the whole payload that the specification asks for, written by hand. */
interface CleanCase {
  readonly story: string;
  readonly rows: PersonRows;
  readonly expected: JsonObject;
}

const protectedChild: CleanCase = {
  story: 'a disabled child with a protection plan, then a child in need plan',
  rows: aPerson({
    person: {
      pers_person_id: '2001',
      pers_legacy_id: 'L2001',
      pers_upn: 'Z820200001002',
      pers_forename: 'Siân',
      pers_surname: "O'Hara-李",
      pers_sex: 'F',
      pers_ethnicity: 'MWAS',
      pers_dob: '2014-02-28',
      pers_expected_dob: '2014-03-05',
    },
    ssd_address: [
      anAddress({
        addr_table_id: 'AD1',
        addr_address_postcode: 'S1 2HH',
        addr_address_end_date: '2024-05-31',
      }),
      anAddress({
        addr_table_id: 'AD2',
        addr_address_postcode: 's118yz',
        addr_address_start_date: '2024-06-01',
      }),
    ],
    ssd_disability: [
      aDisability({ disa_table_id: 'DI1', disa_disability_code: 'MOB' }),
      aDisability({ disa_table_id: 'DI2', disa_disability_code: 'HEAR' }),
    ],
    ssd_linked_identifiers: [aFormerUpn({ link_identifier_value: 'K820199001003' })],
    ssd_cin_episodes: [
      anEpisode({
        cine_referral_id: 'REF-1',
        cine_referral_date: '2024-09-02',
        cine_referral_source_code: '2B',
        cine_referral_nfa: 'N',
        cine_close_date: '2026-05-29',
        cine_close_reason: 'RC8',
      }),
    ],
    ssd_cin_assessments: [
      anAssessment({
        cina_assessment_id: 'ASM-1',
        cina_referral_id: 'REF-1',
        cina_assessment_start_date: '2024-09-03',
        cina_assessment_auth_date: '2024-10-15',
      }),
    ],
    ssd_assessment_factors: [
      someFactors({ cinf_assessment_id: 'ASM-1', cinf_assessment_factors_json: '["4B","1A","20"]' }),
    ],
    ssd_s47_enquiry: [
      aSection47({
        s47e_s47_enquiry_id: 'S47-1',
        s47e_referral_id: 'REF-1',
        s47e_s47_start_date: '2024-09-10',
        s47e_s47_end_date: '2024-09-20',
        s47e_s47_outcome_json: '{"OUTCOME_NFA":"N","CP_CONFERENCE_FLAG":"Y"}',
      }),
    ],
    ssd_initial_cp_conference: [aConference({ icpc_s47_enquiry_id: 'S47-1', icpc_icpc_date: '2024-09-27' })],
    ssd_cp_plans: [
      aCpPlan({
        cppl_cp_plan_id: 'CP-1',
        cppl_referral_id: 'REF-1',
        cppl_cp_plan_start_date: '2024-09-27',
        cppl_cp_plan_end_date: '2025-06-30',
      }),
    ],
    ssd_cin_plans: [
      aCinPlan({
        cinp_cin_plan_id: 'CIN-1',
        cinp_referral_id: 'REF-1',
        cinp_cin_plan_start_date: '2025-07-01',
        cinp_cin_plan_end_date: '2026-05-29',
      }),
    ],
    ssd_involvements: [
      anInvolvement({
        invo_involvements_id: 'I1',
        invo_referral_id: 'REF-1',
        invo_involvement_start_date: '2024-09-02',
        invo_involvement_end_date: '2025-04-30',
        prof_social_worker_registration_no: 'SW200001',
      }),
      anInvolvement({
        invo_involvements_id: 'I2',
        invo_referral_id: 'REF-1',
        invo_involvement_start_date: '2025-05-01',
        prof_social_worker_registration_no: 'SW200002',
      }),
      anInvolvement({
        invo_involvements_id: 'I3',
        invo_referral_id: 'REF-1',
        invo_professional_role_id: 'IRO',
      }),
    ],
  }),
  expected: {
    la_child_id: '2001',
    mis_child_id: 'L2001',
    purge: false,
    child_details: {
      unique_pupil_number: 'Z820200001002',
      former_unique_pupil_number: 'K820199001003',
      first_name: 'Siân',
      surname: "O'Hara-李",
      date_of_birth: '2014-02-28',
      expected_date_of_birth: '2014-03-05',
      sex: 'F',
      ethnicity: 'MWAS',
      disabilities: ['HEAR', 'MOB'],
      postcode: 'S11 8YZ',
      uasc_flag: false,
      purge: false,
    },
    social_care_episodes: [
      {
        social_care_episode_id: 'REF-1',
        referral_date: '2024-09-02',
        referral_source: '2B',
        closure_date: '2026-05-29',
        closure_reason: 'RC8',
        referral_no_further_action_flag: false,
        purge: false,
        care_worker_details: [
          { worker_id: 'SW200002', start_date: '2025-05-01' },
          { worker_id: 'SW200001', start_date: '2024-09-02', end_date: '2025-04-30' },
        ],
        child_and_family_assessments: [
          {
            child_and_family_assessment_id: 'ASM-1',
            start_date: '2024-09-03',
            authorisation_date: '2024-10-15',
            factors: ['1A', '20', '4B'],
            purge: false,
          },
        ],
        child_in_need_plans: [
          {
            child_in_need_plan_id: 'CIN-1',
            start_date: '2025-07-01',
            end_date: '2026-05-29',
            purge: false,
          },
        ],
        section_47_assessments: [
          {
            section_47_assessment_id: 'S47-1',
            start_date: '2024-09-10',
            icpc_required_flag: true,
            icpc_date: '2024-09-27',
            end_date: '2024-09-20',
            purge: false,
          },
        ],
        child_protection_plans: [
          {
            child_protection_plan_id: 'CP-1',
            start_date: '2024-09-27',
            end_date: '2025-06-30',
            purge: false,
          },
        ],
      },
    ],
  },
};

const lookedAfterChild: CleanCase = {
  story: 'a child who came alone, moved between two placements and is to be adopted',
  rows: aPerson({
    person: {
      pers_person_id: '2002',
      pers_upn_unknown: 'UN2',
      pers_forename: 'Idris',
      pers_surname: 'Noor',
      pers_sex: 'M',
      pers_ethnicity: 'BAFR',
      pers_dob: '2022-01-01',
    },
    ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status_end_date: '2026-02-28' })],
    ssd_sdq_scores: [
      anSdqScore({ csdq_table_id: 'SD2', csdq_sdq_completed_date: '2026-07-01', csdq_sdq_score: '11' }),
      anSdqScore({ csdq_table_id: 'SD1', csdq_sdq_completed_date: '2025-07-01', csdq_sdq_score: '17' }),
    ],
    ssd_cin_episodes: [
      anEpisode({
        cine_referral_id: 'REF_2',
        cine_referral_date: '2025-01-10',
        cine_referral_source_code: '5B',
        cine_referral_nfa: '0',
      }),
    ],
    ssd_cla_episodes: [
      aCareEpisode({
        clae_cla_episode_id: 'CE1',
        clae_cla_placement_id: 'PL1',
        clae_referral_id: 'REF_2',
        clae_cla_episode_start_date: '2025-01-12',
        clae_cla_episode_start_reason: 'S',
        clae_cla_episode_ceased_date: '2025-08-01',
        clae_cla_episode_ceased_reason: 'X1',
      }),
      aCareEpisode({
        clae_cla_episode_id: 'CE2',
        clae_cla_placement_id: 'PL2',
        clae_referral_id: 'REF_2',
        clae_cla_episode_start_date: '2025-08-01',
        clae_cla_episode_start_reason: 'P',
      }),
    ],
    ssd_cla_placement: [
      aPlacement({
        clap_cla_placement_id: 'PL1',
        clap_cla_placement_start_date: '2025-01-12',
        clap_cla_placement_end_date: '2025-08-01',
        clap_cla_placement_postcode: 'HU1 2AA',
        clap_cla_placement_type: 'U6',
        clap_cla_placement_change_reason: 'LAREQ',
      }),
      aPlacement({
        clap_cla_placement_id: 'PL2',
        clap_cla_placement_start_date: '2025-08-01',
        clap_cla_placement_postcode: null,
        clap_cla_placement_type: 'A3',
      }),
    ],
    ssd_permanence: [
      anAdoption({
        perm_adm_decision_date: '2025-06-01',
        perm_matched_date: '2025-07-15',
        perm_placed_for_adoption_date: '2025-08-01',
      }),
    ],
  }),
  expected: {
    la_child_id: '2002',
    purge: false,
    child_details: {
      unique_pupil_number_unknown_reason: 'UN2',
      first_name: 'Idris',
      surname: 'Noor',
      date_of_birth: '2022-01-01',
      sex: 'M',
      ethnicity: 'BAFR',
      disabilities: ['NONE'],
      uasc_flag: true,
      uasc_end_date: '2026-02-28',
      purge: false,
    },
    health_and_wellbeing: {
      sdq_assessments: [
        { date: '2025-07-01', score: 17 },
        { date: '2026-07-01', score: 11 },
      ],
      purge: false,
    },
    social_care_episodes: [
      {
        social_care_episode_id: 'REF_2',
        referral_date: '2025-01-10',
        referral_source: '5B',
        referral_no_further_action_flag: false,
        purge: false,
        child_looked_after_placements: [
          {
            child_looked_after_placement_id: 'PL1',
            start_date: '2025-01-12',
            start_reason: 'S',
            postcode: 'HU1 2AA',
            placement_type: 'U6',
            end_date: '2025-08-01',
            end_reason: 'X1',
            change_reason: 'LAREQ',
            purge: false,
          },
          {
            child_looked_after_placement_id: 'PL2',
            start_date: '2025-08-01',
            start_reason: 'P',
            placement_type: 'A3',
            purge: false,
          },
        ],
        adoption: {
          initial_decision_date: '2025-06-01',
          matched_date: '2025-07-15',
          placed_date: '2025-08-01',
          purge: false,
        },
      },
    ],
  },
};

const careLeaver: CleanCase = {
  story: 'a young person of 20 who left care, with an old closed episode and an open one',
  rows: aPerson({
    person: {
      pers_person_id: '2003',
      pers_legacy_id: 'L2003',
      pers_upn: 'UN9',
      pers_sex: 'U',
      pers_dob: '2006-02-03',
    },
    ssd_cin_episodes: [
      anEpisode({
        cine_referral_id: 'OLD',
        cine_referral_date: '2015-01-01',
        cine_close_date: '2016-01-01',
        cine_close_reason: 'RC9',
      }),
      anEpisode({ cine_referral_id: 'OPEN', cine_referral_date: '2019-01-01', cine_referral_nfa: null }),
    ],
    ssd_care_leavers: [
      aCareLeaverContact({ clea_table_id: 'CL1', clea_care_leaver_latest_contact: '2025-02-01' }),
      aCareLeaverContact({
        clea_table_id: 'CL2',
        clea_care_leaver_latest_contact: '2026-02-01',
        clea_care_leaver_activity: 'P4',
        clea_care_leaver_accommodation: 'Y',
      }),
    ],
  }),
  expected: {
    la_child_id: '2003',
    mis_child_id: 'L2003',
    purge: false,
    child_details: {
      unique_pupil_number_unknown_reason: 'UN9',
      first_name: 'Ada',
      surname: 'Example',
      date_of_birth: '2006-02-03',
      sex: 'U',
      ethnicity: 'WBRI',
      disabilities: ['NONE'],
      uasc_flag: false,
      purge: false,
    },
    social_care_episodes: [
      {
        social_care_episode_id: 'OPEN',
        referral_date: '2019-01-01',
        referral_source: '1A',
        purge: false,
        care_leavers: { contact_date: '2026-02-01', activity: 'P4', accommodation: 'Y', purge: false },
      },
    ],
  },
};

const unbornChild: CleanCase = {
  story: 'a child that is expected and was referred without further action',
  rows: aPerson({
    person: {
      pers_person_id: '2004',
      pers_forename: null,
      pers_surname: 'Example',
      pers_sex: null,
      pers_ethnicity: 'NOBT',
      pers_dob: null,
      pers_expected_dob: '2026-08-01',
    },
    ssd_cin_episodes: [
      anEpisode({
        cine_referral_id: 'R4',
        cine_referral_date: '2026-07-01',
        cine_referral_source_desc: '10',
        cine_referral_nfa: 'Y',
        cine_close_date: '2026-07-02',
        cine_close_reason: 'RC1',
      }),
    ],
  }),
  expected: {
    la_child_id: '2004',
    purge: false,
    child_details: {
      surname: 'Example',
      expected_date_of_birth: '2026-08-01',
      sex: 'U',
      ethnicity: 'NOBT',
      disabilities: ['NONE'],
      uasc_flag: false,
      purge: false,
    },
    social_care_episodes: [
      {
        social_care_episode_id: 'R4',
        referral_date: '2026-07-01',
        referral_source: '10',
        closure_date: '2026-07-02',
        closure_reason: 'RC1',
        referral_no_further_action_flag: true,
        purge: false,
      },
    ],
  },
};

const stillLookedAfter: CleanCase = {
  story: 'a child in a placement under a referral that closed long before the window',
  rows: aPerson({
    person: { pers_person_id: '2005' },
    ssd_cin_episodes: [
      anEpisode({
        cine_referral_id: 'R5',
        cine_referral_date: '2021-03-01',
        cine_close_date: '2022-03-01',
        cine_close_reason: 'RC9',
      }),
    ],
    ssd_cla_episodes: [
      aCareEpisode({
        clae_cla_placement_id: 'L5',
        clae_referral_id: 'R5',
        clae_cla_episode_start_date: '2021-05-01',
        clae_cla_episode_start_reason: 'S',
      }),
    ],
    ssd_cla_placement: [
      aPlacement({
        clap_cla_placement_id: 'L5',
        clap_cla_placement_start_date: '2021-05-01',
        clap_cla_placement_type: 'Z11',
      }),
    ],
  }),
  expected: {
    la_child_id: '2005',
    purge: false,
    child_details: {
      first_name: 'Ada',
      surname: 'Example',
      date_of_birth: '2012-06-15',
      sex: 'F',
      ethnicity: 'WBRI',
      disabilities: ['NONE'],
      uasc_flag: false,
      purge: false,
    },
    social_care_episodes: [
      {
        social_care_episode_id: 'R5',
        referral_date: '2021-03-01',
        referral_source: '1A',
        closure_date: '2022-03-01',
        closure_reason: 'RC9',
        referral_no_further_action_flag: false,
        purge: false,
        child_looked_after_placements: [
          {
            child_looked_after_placement_id: 'L5',
            start_date: '2021-05-01',
            start_reason: 'S',
            postcode: 'BD1 1HX',
            placement_type: 'Z11',
            purge: false,
          },
        ],
      },
    ],
  },
};

export const cleanCases: readonly CleanCase[] = [
  protectedChild,
  lookedAfterChild,
  careLeaver,
  unbornChild,
  stillLookedAfter,
];
