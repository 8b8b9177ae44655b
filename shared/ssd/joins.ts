import type { KnownTable } from './profile.js';

/** The columns by which SQL joins two tables; in a join `as text` whole numbers that the profile knows become text. */
export const joins: readonly (readonly [KnownTable, string, KnownTable, string, 'as text' | 'as it is'])[] = [
  ['ssd_involvements', 'invo_referral_id', 'ssd_cin_episodes', 'cine_referral_id', 'as text'],
  ['ssd_assessment_factors', 'cinf_assessment_id', 'ssd_cin_assessments', 'cina_assessment_id', 'as text'],
  ['ssd_cla_placement', 'clap_cla_id', 'ssd_cla_episodes', 'clae_cla_id', 'as it is'],
  ['ssd_involvements', 'invo_professional_id', 'ssd_professionals', 'prof_professional_id', 'as it is'],
];
