import { itemLists, lists, type ItemList } from './lists.js';
import { rowIdOf, type SsdTable } from './sourceRows.js';

/** An attribute of the payload, and the column that fills it. */
interface Attribute {
  /** The keys to it, lists passed through: `social_care_episodes.adoption.matched_date`. */
  readonly path: string;
  readonly table: SsdTable | 'ssd_professionals';
  readonly column: string;
}

const episode = 'social_care_episodes';

/**
 * Every attribute that may be missing, with the column of the SSD that fills it: what fill rates are counted for.
 * Source: payload_fields.csv, attributes 2 to 55.
 */
export const attributes: readonly Attribute[] = [
  of('mis_child_id', 'ssd_person', 'pers_legacy_id'),
  of('child_details.unique_pupil_number', 'ssd_person', 'pers_upn'),
  of('child_details.former_unique_pupil_number', 'ssd_linked_identifiers', 'link_identifier_value'),
  of('child_details.unique_pupil_number_unknown_reason', 'ssd_person', 'pers_upn_unknown'),
  of('child_details.first_name', 'ssd_person', 'pers_forename'),
  of('child_details.surname', 'ssd_person', 'pers_surname'),
  of('child_details.date_of_birth', 'ssd_person', 'pers_dob'),
  of('child_details.expected_date_of_birth', 'ssd_person', 'pers_expected_dob'),
  of('child_details.sex', 'ssd_person', 'pers_sex'),
  of('child_details.ethnicity', 'ssd_person', 'pers_ethnicity'),
  of('child_details.disabilities', 'ssd_disability', 'disa_disability_code'),
  of('child_details.postcode', 'ssd_address', 'addr_address_postcode'),
  of('child_details.uasc_flag', 'ssd_immigration_status', 'immi_immigration_status'),
  of('child_details.uasc_end_date', 'ssd_immigration_status', 'immi_immigration_status_end_date'),
  of('health_and_wellbeing.sdq_assessments', 'ssd_sdq_scores', 'csdq_sdq_score'),
  of(episode, 'ssd_cin_episodes', 'cine_referral_id'),
  of(`${episode}.referral_date`, 'ssd_cin_episodes', 'cine_referral_date'),
  of(`${episode}.referral_source`, 'ssd_cin_episodes', 'cine_referral_source_code'),
  of(`${episode}.closure_date`, 'ssd_cin_episodes', 'cine_close_date'),
  of(`${episode}.closure_reason`, 'ssd_cin_episodes', 'cine_close_reason'),
  of(`${episode}.referral_no_further_action_flag`, 'ssd_cin_episodes', 'cine_referral_nfa'),
  of(`${episode}.care_worker_details`, 'ssd_professionals', 'prof_social_worker_registration_no'),
  of(`${episode}.child_and_family_assessments`, 'ssd_cin_assessments', 'cina_assessment_id'),
  of(
    `${episode}.child_and_family_assessments.start_date`,
    'ssd_cin_assessments',
    'cina_assessment_start_date',
  ),
  of(
    `${episode}.child_and_family_assessments.authorisation_date`,
    'ssd_cin_assessments',
    'cina_assessment_auth_date',
  ),
  of(
    `${episode}.child_and_family_assessments.factors`,
    'ssd_assessment_factors',
    'cinf_assessment_factors_json',
  ),
  of(`${episode}.child_in_need_plans`, 'ssd_cin_plans', 'cinp_cin_plan_id'),
  of(`${episode}.child_in_need_plans.end_date`, 'ssd_cin_plans', 'cinp_cin_plan_end_date'),
  of(`${episode}.section_47_assessments`, 'ssd_s47_enquiry', 's47e_s47_enquiry_id'),
  of(`${episode}.section_47_assessments.start_date`, 'ssd_s47_enquiry', 's47e_s47_start_date'),
  of(`${episode}.section_47_assessments.icpc_required_flag`, 'ssd_s47_enquiry', 's47e_s47_outcome_json'),
  of(`${episode}.section_47_assessments.icpc_date`, 'ssd_initial_cp_conference', 'icpc_icpc_date'),
  of(`${episode}.section_47_assessments.end_date`, 'ssd_s47_enquiry', 's47e_s47_end_date'),
  of(`${episode}.child_protection_plans`, 'ssd_cp_plans', 'cppl_cp_plan_id'),
  of(`${episode}.child_protection_plans.end_date`, 'ssd_cp_plans', 'cppl_cp_plan_end_date'),
  of(`${episode}.child_looked_after_placements`, 'ssd_cla_placement', 'clap_cla_placement_id'),
  of(
    `${episode}.child_looked_after_placements.start_reason`,
    'ssd_cla_episodes',
    'clae_cla_episode_start_reason',
  ),
  of(`${episode}.child_looked_after_placements.postcode`, 'ssd_cla_placement', 'clap_cla_placement_postcode'),
  of(
    `${episode}.child_looked_after_placements.placement_type`,
    'ssd_cla_placement',
    'clap_cla_placement_type',
  ),
  of(`${episode}.child_looked_after_placements.end_date`, 'ssd_cla_placement', 'clap_cla_placement_end_date'),
  of(
    `${episode}.child_looked_after_placements.end_reason`,
    'ssd_cla_episodes',
    'clae_cla_episode_ceased_reason',
  ),
  of(
    `${episode}.child_looked_after_placements.change_reason`,
    'ssd_cla_placement',
    'clap_cla_placement_change_reason',
  ),
  of(`${episode}.adoption`, 'ssd_permanence', 'perm_cla_id'),
  of(`${episode}.adoption.initial_decision_date`, 'ssd_permanence', 'perm_adm_decision_date'),
  of(`${episode}.adoption.matched_date`, 'ssd_permanence', 'perm_matched_date'),
  of(`${episode}.adoption.placed_date`, 'ssd_permanence', 'perm_placed_for_adoption_date'),
  of(`${episode}.care_leavers`, 'ssd_care_leavers', 'clea_person_id'),
  of(`${episode}.care_leavers.contact_date`, 'ssd_care_leavers', 'clea_care_leaver_latest_contact'),
  of(`${episode}.care_leavers.activity`, 'ssd_care_leavers', 'clea_care_leaver_activity'),
  of(`${episode}.care_leavers.accommodation`, 'ssd_care_leavers', 'clea_care_leaver_accommodation'),
];

/** The other attributes, for which no fill rates are counted. */
const uncounted: readonly Attribute[] = [
  of('la_child_id', 'ssd_person', 'pers_person_id'),
  of('health_and_wellbeing.sdq_assessments.date', 'ssd_sdq_scores', 'csdq_sdq_completed_date'),
  of('health_and_wellbeing.sdq_assessments.score', 'ssd_sdq_scores', 'csdq_sdq_score'),
  ...itemLists.map((list) => {
    const { id, table } = lists[list];
    return of(`${pathOf(list)}.${id}`, table, rowIdOf(table));
  }),
  of(`${episode}.care_worker_details.worker_id`, 'ssd_professionals', 'prof_social_worker_registration_no'),
  of(`${episode}.care_worker_details.start_date`, 'ssd_involvements', 'invo_involvement_start_date'),
  of(`${episode}.care_worker_details.end_date`, 'ssd_involvements', 'invo_involvement_end_date'),
  of(`${episode}.child_in_need_plans.start_date`, 'ssd_cin_plans', 'cinp_cin_plan_start_date'),
  of(`${episode}.child_protection_plans.start_date`, 'ssd_cp_plans', 'cppl_cp_plan_start_date'),
  of(
    `${episode}.child_looked_after_placements.start_date`,
    'ssd_cla_placement',
    'clap_cla_placement_start_date',
  ),
];

/** Every attribute of the payload that the SSD fills. */
export const allAttributes: readonly Attribute[] = [...attributes, ...uncounted];

function pathOf(list: ItemList): string {
  return list === episode ? episode : `${episode}.${list}`;
}

function of(path: string, table: Attribute['table'], column: string): Attribute {
  return { path, table, column };
}
