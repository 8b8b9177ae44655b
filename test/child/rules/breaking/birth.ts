import { anEpisode, anSdqScore } from '../../aPerson.js';
import { soundly, withPerson } from '../aSoundPerson.js';
import type { Breaking } from '../breaking.js';

const referred = soundly({ ssd_cin_episodes: [anEpisode()] });
const scored = soundly({ ssd_cin_episodes: [anEpisode()], ssd_sdq_scores: [anSdqScore()] });

export const breakingBirths: readonly Breaking[] = [
  {
    rule: 'before-pregnancy',
    when: 'a referral 281 days before the birth',
    sound: referred,
    broken: (rows) => withPerson(rows, { pers_dob: '2026-02-06' }),
    told: ['before-pregnancy: ssd_cin_episodes R1 cine_referral_date'],
    butNot: 'one 280 days before it',
    kept: (rows) => withPerson(rows, { pers_dob: '2026-02-05' }),
  },
  {
    rule: 'before-birth',
    when: 'a score of the day before the birth',
    sound: scored,
    broken: (rows) => withPerson(rows, { pers_dob: '2025-06-02' }),
    told: ['before-birth: ssd_sdq_scores SD1 csdq_sdq_completed_date'],
    butNot: 'one of the day of the birth',
    kept: (rows) => withPerson(rows, { pers_dob: '2025-06-01' }),
  },
];
