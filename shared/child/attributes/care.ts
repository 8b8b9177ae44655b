import type { Attributes, PathsAt } from './attribute.js';

type Episode = 'social_care_episodes';

const reasons = '`start_reason`, `end_reason` of a placement';
const anEpisode = '`adoption`, `care_leavers`';

/** Attributes 37 to 44 and 47 to 52: placements, adoption and care leavers. Source: payload_fields.csv. */
export const attributesOfCare: Attributes<
  | PathsAt<`${Episode}.child_looked_after_placements`>
  | PathsAt<`${Episode}.adoption`>
  | PathsAt<`${Episode}.care_leavers`>
> = {
  'social_care_episodes.child_looked_after_placements': {
    meaning: 'The placements of the child while it was looked after.',
    rule: 'Every placement that overlaps the window, under the referral of its care episodes. Where no care episode names the placement, those of its period of care lead to the referral. In order of their ids.',
    columns: [
      'clap_cla_placement_id',
      'clap_cla_placement_start_date',
      'clap_cla_placement_end_date',
      'clap_cla_id',
      'clap_person_id',
      'clae_cla_placement_id',
      'clae_cla_id',
      'clae_referral_id',
      'clae_person_id',
      'clae_cla_episode_id',
      'clae_cla_episode_start_date',
      'clae_cla_episode_ceased_date',
    ],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [
      'a care episode that names a placement which the SSD does not have',
      'two rows with one id that say different things',
      'a referral, plan or placement that starts after tomorrow',
    ],
  },
  'social_care_episodes.child_looked_after_placements.child_looked_after_placement_id': {
    number: 37,
    meaning: "The placement's id.",
    rule: "Sent as the SSD has it. Where the profile says that placements may share an id, and several of the child do, with the placement's first day behind it (`421-20240217`). A placement without an id, or with one that DfE would refuse, is not sent.",
    columns: ['clap_cla_placement_id', 'clap_cla_placement_start_date'],
    profileEntries: ['placementIdsRepeat'],
    departures: ['Eclipse placements that share an id (it is that of the address)'],
    isNotCounted: true,
  },
  'social_care_episodes.child_looked_after_placements.start_date': {
    number: 38,
    meaning: 'The day on which the placement started.',
    rule: 'Sent as the SSD has it. Without it we cannot tell whether the placement is in the window.',
    columns: ['clap_cla_placement_start_date'],
    isNotCounted: true,
  },
  'social_care_episodes.child_looked_after_placements.start_reason': {
    number: 39,
    meaning: 'Why the placement started.',
    rule: "The start reason of the first of the placement's care episodes; where none names the placement, of its period of care. A code is judged by the start of that care episode. While the order of the care episodes cannot be read and their reasons differ, DfE keeps what it has.",
    columns: [
      'clae_cla_episode_start_reason',
      'clae_cla_episode_start_date',
      'clae_cla_episode_ceased_date',
      'clae_cla_placement_id',
      'clae_cla_id',
    ],
    departures: [reasons],
  },
  'social_care_episodes.child_looked_after_placements.postcode': {
    number: 40,
    meaning: 'The postcode of the placement.',
    rule: 'Sent in capitals with one blank before the last three characters.',
    columns: ['clap_cla_placement_postcode'],
    departures: ['an id, name or postcode that DfE would refuse'],
  },
  'social_care_episodes.child_looked_after_placements.placement_type': {
    number: 41,
    meaning: 'The type of the placement.',
    rule: 'Sent when the cell gives a national code. A code is judged by the start of the placement.',
    columns: ['clap_cla_placement_type', 'clap_cla_placement_start_date'],
  },
  'social_care_episodes.child_looked_after_placements.end_date': {
    number: 42,
    meaning: 'The day on which the placement ended.',
    rule: 'Sent as the SSD has it; an open one has none. A placement whose end cannot be read, or is before its start, is not sent, and DfE keeps what it has.',
    columns: ['clap_cla_placement_end_date', 'clap_cla_placement_start_date'],
    departures: ['an end before its start, or an end that cannot be read'],
  },
  'social_care_episodes.child_looked_after_placements.end_reason': {
    number: 43,
    meaning: 'Why the placement ended.',
    rule: "The ceased reason of the last of the placement's care episodes; where none names the placement, of its period of care. A code is judged by the end of that care episode; without one, by its start. While the order of the care episodes cannot be read and their reasons differ, DfE keeps what it has.",
    columns: [
      'clae_cla_episode_ceased_reason',
      'clae_cla_episode_start_date',
      'clae_cla_episode_ceased_date',
      'clae_cla_placement_id',
      'clae_cla_id',
    ],
    departures: [reasons],
  },
  'social_care_episodes.child_looked_after_placements.change_reason': {
    number: 44,
    meaning: 'Why the placement was changed.',
    rule: 'Sent when the cell gives a national code. A code is judged by the end of the placement; without one, by its start.',
    columns: [
      'clap_cla_placement_change_reason',
      'clap_cla_placement_end_date',
      'clap_cla_placement_start_date',
    ],
  },
  'social_care_episodes.adoption': {
    meaning: "The child's adoption, as far as it has come.",
    rule: 'The latest adoption with one of its three dates in the window, on one episode: that of its period of care, otherwise the latest. While dates that decide cannot be read, DfE keeps what it has.',
    columns: [
      'perm_cla_id',
      'perm_adm_decision_date',
      'perm_matched_date',
      'perm_placed_for_adoption_date',
      'perm_person_id',
      'perm_table_id',
    ],
    settings: ['COHORT_WINDOW_MONTHS'],
    departures: [anEpisode, 'a second adoption on the same episode'],
  },
  'social_care_episodes.adoption.initial_decision_date': {
    number: 47,
    meaning: 'The day of the decision that the child should be placed for adoption.',
    rule: 'Sent as the SSD has it.',
    columns: ['perm_adm_decision_date'],
  },
  'social_care_episodes.adoption.matched_date': {
    number: 48,
    meaning: 'The day on which the child was matched with adopters.',
    rule: 'Sent as the SSD has it.',
    columns: ['perm_matched_date'],
  },
  'social_care_episodes.adoption.placed_date': {
    number: 49,
    meaning: 'The day on which the child was placed for adoption.',
    rule: 'Sent as the SSD has it.',
    columns: ['perm_placed_for_adoption_date'],
  },
  'social_care_episodes.care_leavers': {
    meaning: 'The latest contact with the child as a care leaver.',
    rule: 'The record with the latest contact, in the window or not, on one episode: the latest that is open, otherwise the latest. While one of several records has a contact date that cannot be read, DfE keeps what it has.',
    columns: ['clea_person_id', 'clea_care_leaver_latest_contact', 'clea_table_id'],
    departures: [anEpisode, 'several records of a care leaver'],
  },
  'social_care_episodes.care_leavers.contact_date': {
    number: 50,
    meaning: 'The day of the latest contact.',
    rule: 'Sent as the SSD has it.',
    columns: ['clea_care_leaver_latest_contact'],
  },
  'social_care_episodes.care_leavers.activity': {
    number: 51,
    meaning: 'What the care leaver does: education, training, employment or none.',
    rule: 'Sent when the cell gives a national code. A code is judged by the day of the contact.',
    columns: ['clea_care_leaver_activity', 'clea_care_leaver_latest_contact'],
    isListAtEndpoint: true,
  },
  'social_care_episodes.care_leavers.accommodation': {
    number: 52,
    meaning: 'Where the care leaver lives.',
    rule: 'Sent when the cell gives a national code, with its suitability digit (`B1`) or without. A code is judged by the day of the contact.',
    columns: ['clea_care_leaver_accommodation', 'clea_care_leaver_latest_contact'],
    isListAtEndpoint: true,
    dfe: 'Which codes DfE accepts is not settled: a list published for the API ends at V, and the SSDA903 also has W to Z.',
    departures: ['accommodation with its suitability digit (`B1`)'],
  },
};
