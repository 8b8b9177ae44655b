import type { Attributes, PathsAt } from './attribute.js';

type Episode = 'social_care_episodes';

const sameId = 'two rows with one id that say different things';
const endUnread = 'an end before its start, or an end that cannot be read';
const startsLate = 'a referral, plan or placement that starts after tomorrow';

const idRule = (item: string) =>
  `Sent as the SSD has it. ${item} without an id, or with one that DfE would refuse, is not sent.`;
const startRule = (item: string) =>
  `Sent as the SSD has it. Without it we cannot tell whether ${item} is in the window.`;
const endRule = (item: string) =>
  `Sent as the SSD has it; an open one has none. ${item} whose end cannot be read, or is before its start, is not sent, and DfE keeps what it has.`;

/** Attributes 22 to 36: assessments, plans and enquiries. Source: payload_fields.csv. */
export const attributesUnderEpisodes: Attributes<
  | PathsAt<`${Episode}.child_and_family_assessments`>
  | PathsAt<`${Episode}.child_in_need_plans`>
  | PathsAt<`${Episode}.section_47_assessments`>
  | PathsAt<`${Episode}.child_protection_plans`>
> = {
  'social_care_episodes.child_and_family_assessments': {
    meaning: 'The child and family assessments of the episode.',
    rule: 'Every assessment that was started or authorised in the window. In order of their ids.',
    columns: [
      'cina_assessment_id',
      'cina_assessment_start_date',
      'cina_assessment_auth_date',
      'cina_referral_id',
      'cina_person_id',
    ],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [sameId],
  },
  'social_care_episodes.child_and_family_assessments.child_and_family_assessment_id': {
    number: 22,
    meaning: "The assessment's id.",
    rule: idRule('An assessment'),
    columns: ['cina_assessment_id'],
    isNotCounted: true,
  },
  'social_care_episodes.child_and_family_assessments.start_date': {
    number: 23,
    meaning: 'The day on which the assessment started.',
    rule: 'Sent as the SSD has it.',
    columns: ['cina_assessment_start_date'],
  },
  'social_care_episodes.child_and_family_assessments.authorisation_date': {
    number: 24,
    meaning: 'The day on which the assessment was authorised.',
    rule: 'Sent as the SSD has it; an assessment that is not finished has none. A placeholder means that none is recorded. An assessment whose authorisation cannot be read is not sent.',
    columns: ['cina_assessment_auth_date'],
  },
  'social_care_episodes.child_and_family_assessments.factors': {
    number: 25,
    meaning: 'The factors that were found in the assessment.',
    rule: 'The distinct codes of all rows of the assessment, at most 41. A cell holds a JSON list of codes, a JSON object of code to yes or no, or codes with commas between them. A code is judged by the day of authorisation; without one, by the start. An empty list says that there are none: it is sent only where every factor row of the SSD belongs to an assessment, and this one has none.',
    columns: [
      'cinf_assessment_factors_json',
      'cinf_assessment_id',
      'cinf_table_id',
      'cina_assessment_auth_date',
      'cina_assessment_start_date',
    ],
    dfe: "In Data to Insight's test the endpoint accepted 41 factors and refused 42 with status 400.",
    departures: ["an assessment's factors"],
  },
  'social_care_episodes.child_in_need_plans': {
    meaning: 'The child in need plans of the episode.',
    rule: 'Every plan that overlaps the window. In order of their ids.',
    columns: [
      'cinp_cin_plan_id',
      'cinp_cin_plan_start_date',
      'cinp_cin_plan_end_date',
      'cinp_referral_id',
      'cinp_person_id',
    ],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [sameId, startsLate],
  },
  'social_care_episodes.child_in_need_plans.child_in_need_plan_id': {
    number: 26,
    meaning: "The plan's id.",
    rule: idRule('A plan'),
    columns: ['cinp_cin_plan_id'],
    isNotCounted: true,
  },
  'social_care_episodes.child_in_need_plans.start_date': {
    number: 27,
    meaning: 'The day on which the plan started.',
    rule: startRule('the plan'),
    columns: ['cinp_cin_plan_start_date'],
    isNotCounted: true,
  },
  'social_care_episodes.child_in_need_plans.end_date': {
    number: 28,
    meaning: 'The day on which the plan ended.',
    rule: endRule('A plan'),
    columns: ['cinp_cin_plan_end_date', 'cinp_cin_plan_start_date'],
    departures: [endUnread],
  },
  'social_care_episodes.section_47_assessments': {
    meaning: 'The section 47 enquiries of the episode.',
    rule: 'Every enquiry that overlaps the window, or whose latest initial child protection conference is in it. In order of their ids.',
    columns: [
      's47e_s47_enquiry_id',
      's47e_s47_start_date',
      's47e_s47_end_date',
      's47e_referral_id',
      's47e_person_id',
      'icpc_icpc_date',
      'icpc_s47_enquiry_id',
      'icpc_referral_id',
      'icpc_person_id',
      'icpc_icpc_id',
    ],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [sameId],
  },
  'social_care_episodes.section_47_assessments.section_47_assessment_id': {
    number: 29,
    meaning: "The enquiry's id.",
    rule: idRule('An enquiry'),
    columns: ['s47e_s47_enquiry_id'],
    isNotCounted: true,
  },
  'social_care_episodes.section_47_assessments.start_date': {
    number: 30,
    meaning: 'The day on which the enquiry started.',
    rule: startRule('the enquiry'),
    columns: ['s47e_s47_start_date'],
  },
  'social_care_episodes.section_47_assessments.icpc_required_flag': {
    number: 31,
    meaning: 'Whether an initial child protection conference is required.',
    rule: 'From the outcome of the enquiry. In a JSON outcome the key that the profile names says yes or no. In a list of outcomes, yes where one of them means a conference, and no only where each is known to mean something else. Otherwise it is left out.',
    columns: ['s47e_s47_outcome_json'],
    profileEntries: ['conferenceFlagKeys', 'conferenceOutcomes', 'otherOutcomes'],
    departures: ['section 47 conference flag'],
  },
  'social_care_episodes.section_47_assessments.icpc_date': {
    number: 32,
    meaning: 'The day of the initial child protection conference.',
    rule: 'The latest of the conferences that belong to the enquiry. While the date of one of them cannot be read, DfE keeps what it has.',
    columns: ['icpc_icpc_date', 'icpc_s47_enquiry_id', 'icpc_referral_id', 'icpc_person_id'],
    departures: ['a conference whose date cannot be read, or that belongs to no enquiry'],
  },
  'social_care_episodes.section_47_assessments.end_date': {
    number: 33,
    meaning: 'The day on which the enquiry ended.',
    rule: endRule('An enquiry'),
    columns: ['s47e_s47_end_date', 's47e_s47_start_date'],
    departures: [endUnread],
  },
  'social_care_episodes.child_protection_plans': {
    meaning: 'The child protection plans of the episode.',
    rule: 'Every plan that overlaps the window. In order of their ids.',
    columns: [
      'cppl_cp_plan_id',
      'cppl_cp_plan_start_date',
      'cppl_cp_plan_end_date',
      'cppl_referral_id',
      'cppl_person_id',
    ],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [sameId, startsLate],
  },
  'social_care_episodes.child_protection_plans.child_protection_plan_id': {
    number: 34,
    meaning: "The plan's id.",
    rule: idRule('A plan'),
    columns: ['cppl_cp_plan_id'],
    isNotCounted: true,
  },
  'social_care_episodes.child_protection_plans.start_date': {
    number: 35,
    meaning: 'The day on which the plan started.',
    rule: startRule('the plan'),
    columns: ['cppl_cp_plan_start_date'],
    isNotCounted: true,
  },
  'social_care_episodes.child_protection_plans.end_date': {
    number: 36,
    meaning: 'The day on which the plan ended.',
    rule: endRule('A plan'),
    columns: ['cppl_cp_plan_end_date', 'cppl_cp_plan_start_date'],
    departures: [endUnread],
  },
};
