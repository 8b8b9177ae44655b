import type { Attributes, PathsAt } from './attribute.js';

type Episode = 'social_care_episodes';

/** What an episode says of itself: attributes 16 to 21. Source: payload_fields.csv. */
export const attributesOfEpisodes: Attributes<
  | Episode
  | `${Episode}.social_care_episode_id`
  | `${Episode}.referral_date`
  | `${Episode}.referral_source`
  | `${Episode}.closure_date`
  | `${Episode}.closure_reason`
  | `${Episode}.referral_no_further_action_flag`
> = {
  social_care_episodes: {
    meaning: 'The episodes of the child: each referral, with everything that belongs to it.',
    rule: 'Every referral that overlaps the window. Also one that does not, when an assessment, plan, section 47 enquiry or placement under it is in the window. In order of their ids.',
    columns: ['cine_referral_id', 'cine_referral_date', 'cine_close_date', 'cine_person_id'],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [
      'episodes outside the window',
      'two rows with one id that say different things',
      'a referral, plan or placement that starts after tomorrow',
    ],
  },
  'social_care_episodes.social_care_episode_id': {
    number: 16,
    meaning: "The episode's id.",
    rule: 'Sent as the SSD has it. An episode without an id, or with one that DfE would refuse, is not sent.',
    columns: ['cine_referral_id'],
    isNotCounted: true,
  },
  'social_care_episodes.referral_date': {
    number: 17,
    meaning: 'The day of the referral.',
    rule: 'Sent as the SSD has it. Without it we cannot tell whether the referral is in the window.',
    columns: ['cine_referral_date'],
  },
  'social_care_episodes.referral_source': {
    number: 18,
    meaning: 'Where the referral came from.',
    rule: 'Read from the code column and the description column, as the profile says. A code is judged by the day of the referral.',
    columns: ['cine_referral_source_code', 'cine_referral_source_desc', 'cine_referral_date'],
    departures: ['the referral source of SystemC', 'code and description that say different things'],
  },
  'social_care_episodes.closure_date': {
    number: 19,
    meaning: 'The day on which the episode was closed.',
    rule: 'Sent as the SSD has it; an open episode has none. An episode whose closure cannot be read, or is before its referral, is not sent, and DfE keeps what it has.',
    columns: ['cine_close_date', 'cine_referral_date'],
    departures: ['an end before its start, or an end that cannot be read'],
  },
  'social_care_episodes.closure_reason': {
    number: 20,
    meaning: 'Why the episode was closed.',
    rule: 'Sent when the cell gives a national code. A code is judged by the day of closure; without one, by the day of the referral.',
    columns: ['cine_close_reason', 'cine_close_date', 'cine_referral_date'],
  },
  'social_care_episodes.referral_no_further_action_flag': {
    number: 21,
    meaning: 'Whether the referral led to no further action.',
    rule: 'True for Y, T, 1, TRUE and YES, false for N, F, 0, FALSE and NO, in capitals or small letters.',
    columns: ['cine_referral_nfa'],
  },
};

/** Attributes 53 to 55. */
export const attributesOfCareWorkers: Attributes<PathsAt<`${Episode}.care_worker_details`>> = {
  'social_care_episodes.care_worker_details': {
    meaning: 'The care workers of the episode.',
    rule: 'Every involvement in the referral whose worker has a registration number and that passes the gates that are on: a role of the profile (`role`); active on a 31 March in the window (`censusDay`); and the referral has a child in need plan that overlaps the window (`childInNeedPlan`). Newest first. While one involvement cannot be read, the others are added to what DfE has.',
    columns: [
      'prof_social_worker_registration_no',
      'prof_professional_id',
      'prof_staff_id',
      'invo_professional_id',
      'invo_professional_role_id',
      'invo_involvement_start_date',
      'invo_involvement_end_date',
      'invo_referral_id',
      'invo_person_id',
      'invo_involvements_id',
      'cinp_cin_plan_start_date',
      'cinp_cin_plan_end_date',
      'cinp_referral_id',
    ],
    settings: [
      'CARE_WORKER_GATES',
      'UNREGISTERED_WORKERS',
      'WORKER_REGISTRATION_COLUMN',
      'COHORT_WINDOW_MONTHS',
    ],
    profileEntries: ['careWorkerRoles'],
    departures: [
      'census dates for care workers',
      'care workers',
      "which child's care worker an involvement is",
      'an involvement whose role, dates or end cannot be read',
      'workers without a Social Work England number',
    ],
  },
  'social_care_episodes.care_worker_details.worker_id': {
    number: 53,
    meaning: "The worker's Social Work England number.",
    rule: 'The registration of the worker that the involvement names. A worker without one is not sent, unless a setting says that the own id of the worker is.',
    columns: ['prof_social_worker_registration_no', 'invo_professional_id'],
    settings: ['UNREGISTERED_WORKERS', 'WORKER_REGISTRATION_COLUMN'],
    departures: ['workers without a Social Work England number'],
    isNotCounted: true,
  },
  'social_care_episodes.care_worker_details.start_date': {
    number: 54,
    meaning: 'The day on which the involvement started.',
    rule: 'Sent as the SSD has it. An involvement without a start is not sent.',
    columns: ['invo_involvement_start_date'],
    isNotCounted: true,
  },
  'social_care_episodes.care_worker_details.end_date': {
    number: 55,
    meaning: 'The day on which the involvement ended.',
    rule: 'Sent as the SSD has it; a current involvement has none. An involvement whose end cannot be read, or is before its start, is not sent, and DfE keeps what it has.',
    columns: ['invo_involvement_end_date', 'invo_involvement_start_date'],
    departures: ['an involvement whose role, dates or end cannot be read'],
    isNotCounted: true,
  },
};
