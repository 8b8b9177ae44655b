import fc from 'fast-check';
import type { PlainDate } from '../../shared/child/dates.js';
import type { PersonRows } from '../../shared/child/sourceRows.js';
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

/*
 * Persons with few ids, days and values, so that rows meet: two of one id, the same day at both ends, a plan under a
 * referral that is not there. Some values cannot be sent.
 */

const days: readonly PlainDate[] = [
  '2023-06-01',
  '2024-03-31',
  '2024-04-01',
  '2025-03-31',
  '2025-09-01',
  '2026-03-31',
  '2026-08-12',
  '2026-08-13',
];
const day = fc.constantFrom(...days);
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });
const mostly = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 12 });
const text = (...values: string[]) => mostly(fc.constantFrom(...values));
const upTo = <T>(length: number, row: fc.Arbitrary<T>) => fc.array(row, { maxLength: length });
/** Rows that a database would let stand together: their row ids differ. */
const withOwnIds = <T>(length: number, row: fc.Arbitrary<T>, numbered: (row: T, id: string) => T) =>
  upTo(length, row).map((rows) => rows.map((one, index) => numbered(one, String(index + 1))));

const referral = text('R1', 'R2', 'R3');
const period = text('K1', 'K2');
const placement = text('L1', 'L2', 'L3');
const postcode = text('LS1 1UR', 'bd11hx', 'nowhere');

/** The rows of the person `1001`. */
export const anyPerson: fc.Arbitrary<PersonRows> = fc
  .record({
    person: fc.record({
      pers_legacy_id: perhaps(fc.constantFrom('M1', 'M2', 'M 3')),
      pers_upn: perhaps(fc.constantFrom('A820200001001', 'UN2', 'none')),
      pers_upn_unknown: perhaps(fc.constantFrom('UN1', 'UN99')),
      pers_forename: perhaps(fc.constantFrom('Ada', 'Zoë', '"\\', '李')),
      pers_sex: text('F', 'm', 'Male'),
      pers_dob: mostly(fc.constantFrom<PlainDate>('2012-02-29', '2012-03-01')),
    }),
    ssd_address: withOwnIds(
      3,
      fc
        .record({
          addr_address_postcode: postcode,
          addr_address_start_date: perhaps(day),
          addr_address_end_date: perhaps(day),
        })
        .map(anAddress),
      (row, addr_table_id) => ({ ...row, addr_table_id }),
    ),
    ssd_disability: withOwnIds(
      3,
      fc.record({ disa_disability_code: text('AUT', 'NONE', 'mob', 'other') }).map(aDisability),
      (row, disa_table_id) => ({ ...row, disa_table_id }),
    ),
    ssd_immigration_status: withOwnIds(
      2,
      fc
        .record({
          immi_immigration_status: text('UASC', 'REF'),
          immi_immigration_status_end_date: perhaps(day),
        })
        .map(anImmigrationStatus),
      (row, immi_immigration_status_id) => ({ ...row, immi_immigration_status_id }),
    ),
    ssd_linked_identifiers: withOwnIds(
      2,
      fc
        .record({
          link_identifier_value: text('B820200001007', 'C820200001008'),
          link_valid_from_date: perhaps(day),
        })
        .map(aFormerUpn),
      (row, link_table_id) => ({ ...row, link_table_id }),
    ),
    ssd_sdq_scores: withOwnIds(
      2,
      fc
        .record({ csdq_sdq_completed_date: mostly(day), csdq_sdq_score: text('9', '12', '41') })
        .map(anSdqScore),
      (row, csdq_table_id) => ({ ...row, csdq_table_id }),
    ),
    ssd_cin_episodes: upTo(
      3,
      fc
        .record({
          cine_referral_id: referral,
          cine_referral_date: mostly(day),
          cine_close_date: perhaps(day),
          cine_close_reason: perhaps(fc.constantFrom('RC1', 'rc8 - done')),
        })
        .map(anEpisode),
    ),
    ssd_cin_assessments: upTo(
      3,
      fc
        .record({
          cina_assessment_id: text('A1', 'A2', 'A3', 'A/4'),
          cina_referral_id: referral,
          cina_assessment_start_date: perhaps(day),
          cina_assessment_auth_date: perhaps(day),
        })
        .map(anAssessment),
    ),
    ssd_assessment_factors: withOwnIds(
      3,
      fc
        .record({
          cinf_assessment_id: text('A1', 'A2'),
          cinf_assessment_factors_json: text('["2B","1A"]', '{"3A":"Yes"}', '1A,9A', '['),
        })
        .map(someFactors),
      (row, cinf_table_id) => ({ ...row, cinf_table_id }),
    ),
    ssd_cin_plans: upTo(
      3,
      fc
        .record({
          cinp_cin_plan_id: text('N1', 'N2'),
          cinp_referral_id: referral,
          cinp_cin_plan_start_date: mostly(day),
          cinp_cin_plan_end_date: perhaps(day),
        })
        .map(aCinPlan),
    ),
    ssd_s47_enquiry: upTo(
      2,
      fc
        .record({
          s47e_s47_enquiry_id: text('S1', 'S2'),
          s47e_referral_id: referral,
          s47e_s47_start_date: mostly(day),
          s47e_s47_end_date: perhaps(day),
          s47e_s47_outcome_json: text('{"CP_CONFERENCE_FLAG":"Y"}', '{}', 'conference'),
        })
        .map(aSection47),
    ),
    ssd_initial_cp_conference: withOwnIds(
      2,
      fc.record({ icpc_s47_enquiry_id: text('S1', 'S2'), icpc_icpc_date: mostly(day) }).map(aConference),
      (row, icpc_icpc_id) => ({ ...row, icpc_icpc_id }),
    ),
    ssd_cp_plans: upTo(
      2,
      fc
        .record({
          cppl_cp_plan_id: text('P1', 'P2'),
          cppl_referral_id: referral,
          cppl_cp_plan_end_date: perhaps(day),
        })
        .map(aCpPlan),
    ),
    ssd_cla_episodes: withOwnIds(
      4,
      fc
        .record({
          clae_cla_id: period,
          clae_cla_placement_id: placement,
          clae_referral_id: referral,
          clae_cla_episode_start_date: mostly(day),
          clae_cla_episode_start_reason: text('S', 'L', 'P', '?'),
          clae_cla_episode_ceased_date: perhaps(day),
          clae_cla_episode_ceased_reason: perhaps(fc.constantFrom('X1', 'E3')),
        })
        .map(aCareEpisode),
      (row, clae_cla_episode_id) => ({ ...row, clae_cla_episode_id }),
    ),
    ssd_cla_placement: upTo(
      3,
      fc
        .record({
          clap_cla_placement_id: placement,
          clap_cla_id: period,
          clap_cla_placement_start_date: mostly(day),
          clap_cla_placement_end_date: perhaps(day),
          clap_cla_placement_postcode: postcode,
        })
        .map(aPlacement),
    ),
    ssd_permanence: withOwnIds(
      2,
      fc
        .record({
          perm_cla_id: period,
          perm_adm_decision_date: perhaps(day),
          perm_matched_date: perhaps(day),
          perm_placed_for_adoption_date: perhaps(day),
        })
        .map(anAdoption),
      (row, perm_table_id) => ({ ...row, perm_table_id }),
    ),
    ssd_care_leavers: withOwnIds(
      2,
      fc
        .record({
          clea_care_leaver_latest_contact: perhaps(day),
          clea_care_leaver_activity: text('F2', 'G6', 'school'),
          clea_care_leaver_accommodation: text('U', 'Z'),
        })
        .map(aCareLeaverContact),
      (row, clea_table_id) => ({ ...row, clea_table_id }),
    ),
    ssd_involvements: withOwnIds(
      3,
      fc
        .record({
          invo_referral_id: referral,
          invo_professional_role_id: text('CW', 'IRO'),
          invo_involvement_start_date: mostly(day),
          invo_involvement_end_date: perhaps(day),
          prof_social_worker_registration_no: text('SW1', 'SW2', 'SW 3'),
        })
        .map(anInvolvement),
      (row, invo_involvements_id) => ({ ...row, invo_involvements_id }),
    ),
  })
  .map(aPerson);

/** The same person with the rows of every table in another order. */
export function inAnotherOrder(rows: PersonRows, salt: number): PersonRows {
  const moved = <T>(items: readonly T[]): T[] =>
    items
      .map((item, index) => ({ item, place: ((index + 1) * salt) % 1009 }))
      .sort((one, other) => one.place - other.place)
      .map(({ item }) => item);
  return {
    person: rows.person,
    ssd_address: moved(rows.ssd_address),
    ssd_disability: moved(rows.ssd_disability),
    ssd_immigration_status: moved(rows.ssd_immigration_status),
    ssd_linked_identifiers: moved(rows.ssd_linked_identifiers),
    ssd_sdq_scores: moved(rows.ssd_sdq_scores),
    ssd_cin_episodes: moved(rows.ssd_cin_episodes),
    ssd_cin_assessments: moved(rows.ssd_cin_assessments),
    ssd_assessment_factors: moved(rows.ssd_assessment_factors),
    ssd_cin_plans: moved(rows.ssd_cin_plans),
    ssd_s47_enquiry: moved(rows.ssd_s47_enquiry),
    ssd_initial_cp_conference: moved(rows.ssd_initial_cp_conference),
    ssd_cp_plans: moved(rows.ssd_cp_plans),
    ssd_cla_episodes: moved(rows.ssd_cla_episodes),
    ssd_cla_placement: moved(rows.ssd_cla_placement),
    ssd_permanence: moved(rows.ssd_permanence),
    ssd_care_leavers: moved(rows.ssd_care_leavers),
    ssd_involvements: moved(rows.ssd_involvements),
  };
}

/** Of two rows of one id another may be chosen when one of them cannot be read; both are named anyway. */
export function hasIdsOnce(rows: PersonRows): boolean {
  const ids = [
    rows.ssd_cin_episodes.map((row) => row.cine_referral_id),
    rows.ssd_cin_assessments.map((row) => row.cina_assessment_id),
    rows.ssd_cin_plans.map((row) => row.cinp_cin_plan_id),
    rows.ssd_s47_enquiry.map((row) => row.s47e_s47_enquiry_id),
    rows.ssd_cp_plans.map((row) => row.cppl_cp_plan_id),
    rows.ssd_cla_placement.map((row) => row.clap_cla_placement_id),
    // Two contacts of one day differ by what they say alone.
    rows.ssd_care_leavers.map(() => null),
  ];
  return ids.every((its) => new Set(its).size === its.length);
}
