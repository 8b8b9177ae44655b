import type { KnownTable } from './relations.js';

/** What a row of each table is called in SQL. */
const aliases: Readonly<Record<KnownTable, string>> = {
  ssd_person: 'person',
  ssd_address: 'address',
  ssd_disability: 'disability',
  ssd_immigration_status: 'immigration',
  ssd_linked_identifiers: 'identifier',
  ssd_sdq_scores: 'sdq',
  ssd_cin_episodes: 'referral',
  ssd_cin_assessments: 'assessment',
  ssd_assessment_factors: 'factors',
  ssd_cin_plans: 'cin_plan',
  ssd_s47_enquiry: 'enquiry',
  ssd_initial_cp_conference: 'conference',
  ssd_cp_plans: 'cp_plan',
  ssd_cla_episodes: 'care_episode',
  ssd_cla_placement: 'placement',
  ssd_permanence: 'permanence',
  ssd_care_leavers: 'care_leaver',
  ssd_involvements: 'involvement',
  ssd_professionals: 'professional',
};

export function aliasOf(table: KnownTable): string {
  return aliases[table];
}
