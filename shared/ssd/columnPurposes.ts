import { factsOf, isKnownTable, type KnownTable } from './tables.js';

const row = 'names the row in a finding; without it a finding names the child and the table only';
const team =
  'names the team in a finding; without it a finding names the team of the referral, or of the newest involvement';
const worker =
  'names the worker in a finding; without it a finding names the worker of the referral, or of the newest involvement';
const person = (what: string) => `says whose ${what} it is; without it no row of the table is sent`;
const personAndParent = (what: string, way: string) =>
  `says whose ${what} it is; without it only ${way} says whose it is, and a contradiction between the two is not noticed`;

/**
 * What each column of the SSD is for, and what is lost without it, by the names of the SSD specification. The list in
 * docs/ssd-columns.md is generated from it, for the columns that are read.
 */
export const columnPurposes: Readonly<Record<KnownTable, Readonly<Record<string, string>>>> = {
  ssd_person: {
    pers_person_id:
      "the child's id at DfE, and what every other row finds its child by; without it nothing can be sent",
    pers_legacy_id:
      'sent as the id in the case management system, and named in findings; without it no such id is sent',
    pers_upn: 'sent as the unique pupil number; without it no UPN is sent',
    pers_upn_unknown: 'sent as the reason why there is no UPN; without it no reason is sent',
    pers_forename: 'sent as the first name; without it no first name is sent',
    pers_surname: 'sent as the surname; without it no surname is sent',
    pers_sex: 'sent as the sex; without it no sex is sent',
    pers_ethnicity: 'sent as the ethnicity; without it no ethnicity is sent',
    pers_dob:
      'sent as the date of birth, and decides who is young enough; without it only children with an expected date of birth are in the cohort',
    pers_expected_dob:
      'sent as the expected date of birth; without it children who are not born yet are not in the cohort',
  },
  ssd_address: {
    addr_table_id: row,
    addr_person_id: person('address'),
    addr_address_postcode: 'sent as the postcode; without it no postcode is sent',
    addr_address_start_date:
      'says which address is the newest; without it the choice among several current ones follows their ids',
    addr_address_end_date:
      'says which address is the current one; without it the address that started last is taken',
  },
  ssd_disability: {
    disa_table_id: row,
    disa_person_id: person('disability'),
    disa_disability_code: 'sent as a disability; without it no disabilities are sent',
  },
  ssd_immigration_status: {
    immi_immigration_status_id: row,
    immi_person_id: person('status'),
    immi_immigration_status:
      'says whether the child is an unaccompanied asylum-seeking child; without it that is not sent',
    immi_immigration_status_start_date:
      'says which of several statuses is the newest; without it the choice follows their ends and ids',
    immi_immigration_status_end_date:
      'sent as the day on which the child ceased to be an unaccompanied asylum-seeking child; without it no such day is sent, and an ended status looks like a current one',
  },
  ssd_linked_identifiers: {
    link_table_id: row,
    link_person_id: person('identifier'),
    link_identifier_type: 'says which identifier is a former UPN; without it no former UPN is sent',
    link_identifier_value: 'sent as the former UPN; without it no former UPN is sent',
    link_valid_from_date:
      'says which of several former UPNs is the newest; without it the choice follows their ids',
  },
  ssd_sdq_scores: {
    csdq_table_id: row,
    csdq_person_id: person('score'),
    csdq_sdq_completed_date:
      'sent as the date of the strengths and difficulties questionnaire, and decides whether it is in the window; without it no scores are sent',
    csdq_sdq_score: 'sent as the score; without it no scores are sent',
  },
  ssd_cin_episodes: {
    cine_referral_id:
      "the episode's id at DfE, and what assessments, plans, enquiries and involvements find their episode by; without it nothing can be sent",
    cine_person_id: 'says whose episode it is; without it nothing can be sent',
    cine_referral_date:
      'sent as the date of the referral, and decides whether the episode is in the window; without it the referral puts no child into the cohort',
    cine_referral_source_code:
      'sent as the source of the referral, where the profile does not say that it is never read; without it the description is read',
    cine_referral_source_desc:
      'the description of the source, read by the value map of the profile; without it the code is read',
    cine_referral_nfa: 'sent as the flag for no further action; without it the flag is not sent',
    cine_close_date:
      'sent as the date of closure; without it no episode is sent that DfE does not have yet, because a closed one would look open',
    cine_close_reason: 'sent as the reason of closure; without it no reason is sent',
    cine_referral_team:
      'names the team in a finding about anything under the referral; without it a finding names the team of the newest involvement',
    cine_referral_worker_id:
      'names the worker in a finding about anything under the referral; without it a finding names the worker of the newest involvement',
  },
  ssd_cin_assessments: {
    cina_assessment_id:
      "the assessment's id at DfE, and what its factors find it by; without it no assessments are sent",
    cina_person_id: personAndParent('assessment', 'its referral'),
    cina_referral_id: 'says which episode the assessment is sent under; without it no assessments are sent',
    cina_assessment_start_date:
      'sent as the start date; without it no start date is sent, and only assessments authorised in the window are sent',
    cina_assessment_auth_date:
      'sent as the date of authorisation; without it no such date is sent, and only assessments started in the window are sent',
    cina_assessment_team: team,
    cina_assessment_worker_id: worker,
  },
  ssd_assessment_factors: {
    cinf_table_id:
      'names the row in a finding, and is what Eclipse joins factors to their assessment by; without it a finding names the child and the table only',
    cinf_assessment_id: 'says which assessment the factors belong to; without it no factors are sent',
    cinf_assessment_factors_json: 'sent as the factors of the assessment; without it no factors are sent',
  },
  ssd_cin_plans: {
    cinp_cin_plan_id: "the plan's id at DfE; without it no child in need plans are sent",
    cinp_person_id: personAndParent('plan', 'its referral'),
    cinp_referral_id:
      'says which episode the plan is sent under; without it no child in need plans are sent, and no care workers where the gate `childInNeedPlan` is on',
    cinp_cin_plan_start_date:
      'sent as the start date, and decides whether the plan is in the window; without it no child in need plans are sent',
    cinp_cin_plan_end_date:
      'sent as the end date; without it no child in need plans are sent, because an ended one would look open',
    cinp_cin_plan_team: team,
    cinp_cin_plan_worker_id: worker,
  },
  ssd_s47_enquiry: {
    s47e_s47_enquiry_id:
      "the enquiry's id at DfE, and what conferences find it by; without it no section 47 enquiries are sent",
    s47e_person_id: personAndParent('enquiry', 'its referral'),
    s47e_referral_id:
      'says which episode the enquiry is sent under; without it no section 47 enquiries are sent',
    s47e_s47_start_date:
      'sent as the start date, and decides whether the enquiry is in the window; without it only enquiries with a conference in the window are sent',
    s47e_s47_end_date:
      'sent as the end date; without it no section 47 enquiries are sent, because an ended one would look open',
    s47e_s47_outcome_json: 'says whether a conference is required; without it that flag is not sent',
    s47e_s47_completed_by_team: team,
    s47e_s47_completed_by_worker_id: worker,
  },
  ssd_initial_cp_conference: {
    icpc_icpc_id: row,
    icpc_person_id: personAndParent('conference', 'its section 47 enquiry'),
    icpc_s47_enquiry_id: 'says which enquiry the conference belongs to; without it no conferences are sent',
    icpc_referral_id:
      "says which referral the conference belongs to, to be checked against the enquiry's; without it a contradiction is not noticed",
    icpc_icpc_date: 'sent as the date of the initial conference; without it no conferences are sent',
    icpc_icpc_team: team,
    icpc_icpc_worker_id: worker,
  },
  ssd_cp_plans: {
    cppl_cp_plan_id: "the plan's id at DfE; without it no child protection plans are sent",
    cppl_person_id: personAndParent('plan', 'its referral'),
    cppl_referral_id:
      'says which episode the plan is sent under; without it no child protection plans are sent',
    cppl_cp_plan_start_date:
      'sent as the start date, and decides whether the plan is in the window; without it no child protection plans are sent',
    cppl_cp_plan_end_date:
      'sent as the end date; without it no child protection plans are sent, because an ended one would look open',
  },
  ssd_cla_episodes: {
    clae_cla_episode_id: row,
    clae_person_id: personAndParent('care episode', 'its referral'),
    clae_cla_id:
      'the period of care, by which placements and adoptions find their child and episode; without it only placements that care episodes name are sent',
    clae_cla_placement_id:
      'says which placement the care episode is of; without it the reasons of a placement are those of the whole period of care',
    clae_referral_id:
      'says which episode the placements of the period of care are sent under; without it no placements are sent',
    clae_cla_episode_start_date:
      'says which care episode of a placement is the first; without it the start reason of a placement with several is unknown',
    clae_cla_episode_start_reason:
      'sent as the start reason of the placement; without it no start reason is sent',
    clae_cla_episode_ceased_date:
      'says which care episode of a placement is the last; without it the end reason of a placement with several is unknown',
    clae_cla_episode_ceased_reason:
      'sent as the end reason of the placement; without it no end reason is sent',
  },
  ssd_cla_placement: {
    clap_cla_placement_id: "the placement's id at DfE; without it no placements are sent",
    clap_person_id: personAndParent('placement', 'its period of care'),
    clap_cla_id:
      'the period of care, which leads to the episode; without it only placements that care episodes name are sent',
    clap_cla_placement_start_date:
      'sent as the start date, and decides whether the placement is in the window; without it no placements are sent',
    clap_cla_placement_end_date:
      'sent as the end date; without it no placements are sent, because an ended one would look open',
    clap_cla_placement_postcode: 'sent as the postcode of the placement; without it none is sent',
    clap_cla_placement_type: 'sent as the type of the placement; without it no type is sent',
    clap_cla_placement_change_reason:
      'sent as the reason why the placement changed; without it no such reason is sent',
  },
  ssd_permanence: {
    perm_table_id: row,
    perm_person_id: personAndParent('adoption', 'its period of care'),
    perm_cla_id:
      'the period of care, which leads to the episode the adoption is sent under; without it the newest episode is taken',
    perm_adm_decision_date:
      'sent as the date of the decision that the child should be placed for adoption; without it no such date is sent',
    perm_matched_date: 'sent as the date of the match with adopters; without it no such date is sent',
    perm_placed_for_adoption_date: 'sent as the date of the placement for adoption; without it none is sent',
  },
  ssd_care_leavers: {
    clea_table_id: row,
    clea_person_id: person('record as a care leaver'),
    clea_care_leaver_latest_contact:
      'sent as the date of contact, and lets care leavers into the cohort; without it they are in it for other reasons only',
    clea_care_leaver_activity: "sent as the care leaver's activity; without it no activity is sent",
    clea_care_leaver_accommodation:
      "sent as the care leaver's accommodation; without it no accommodation is sent",
    clea_care_leaver_allocated_team: team,
    clea_care_leaver_worker_id: worker,
  },
  ssd_involvements: {
    invo_involvements_id: row,
    invo_person_id:
      "says whose worker it is; without it only the referral says whose it is, and where siblings share a referral each gets the others' workers as well",
    invo_referral_id: 'says which episode the worker is sent under; without it no care workers are sent',
    invo_professional_id:
      'leads to the registration of the worker in ssd_professionals; without it no care workers are sent',
    invo_professional_role_id:
      'says whether the worker has a role that is reported; without it no care workers are sent where the gate `role` is on',
    invo_involvement_start_date:
      'sent as the start date, and says whether the worker was active on a 31 March; without it no care workers are sent',
    invo_involvement_end_date:
      'sent as the end date; without it current and ended involvements look the same, and no end date is sent',
    invo_professional_team:
      'names the team in a finding about the child; without it a finding names the team of the record or the referral only',
  },
  ssd_professionals: {
    prof_professional_id:
      'what involvements find their worker by; without it (Mosaic leaves it empty) `prof_staff_id` is compared, where the profile says so',
    prof_staff_id:
      'what involvements find their worker by in Mosaic; without it Mosaic has no care workers, and other systems miss nothing',
    prof_social_worker_registration_no:
      'sent as the id of the care worker, unless `WORKER_REGISTRATION_COLUMN` names another column; without it no care workers are sent, unless `UNREGISTERED_WORKERS` says otherwise',
  },
};

/** What a column is for, as plain text; `undefined` for one that only the relations of a profile name. */
export function purposeOf(table: string, column: string): string | undefined {
  const purpose = isKnownTable(table) ? columnPurposes[table][column] : undefined;
  return purpose?.replaceAll('`', '');
}

/** What is lost without a table or column, as the end of a sentence that begins "Without it". */
export function lossWithout(table: string, column?: string): string {
  if (column === undefined) {
    return ((isKnownTable(table) ? factsOf(table).loss : undefined) ?? 'nothing can be sent').replaceAll(
      '`',
      '',
    );
  }
  const [, ...loss] = (purposeOf(table, column) ?? '').split('without it ');
  return loss.length > 0 ? loss.join('without it ') : 'a relation of the profile cannot be followed';
}

/** Whether a column only makes findings easier to look up: nothing else is read from it. */
export function servesFindingsOnly(table: string, column: string): boolean {
  return /^names the (row|team|worker) in a finding( about [\w ]+)?;/.test(purposeOf(table, column) ?? '');
}
