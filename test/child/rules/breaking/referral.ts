import { aCinPlan, aCpPlan, anAssessment, anEpisode } from '../../aPerson.js';
import {
  inNeed,
  soundPerson,
  soundly,
  withFirst,
  withPerson,
  withRow,
  withoutRowsOf,
} from '../aSoundPerson.js';
import type { Breaking } from '../breaking.js';

const open = soundPerson([inNeed]);
/** Until 21 November 2025. */
const closed = soundPerson([{ ...inNeed, isClosed: true }]);
const referralOnly = soundly({ ssd_cin_episodes: [anEpisode()] });
const closedOnly = soundly({
  ssd_cin_episodes: [anEpisode({ cine_close_date: '2025-06-01', cine_close_reason: 'RC7' })],
});
const noFurtherAction = soundly({ ssd_cin_episodes: [anEpisode({ cine_referral_nfa: 'Y' })] });
const later = anEpisode({ cine_referral_id: 'R2', cine_referral_date: '2025-06-01' });

export const breakingReferrals: readonly Breaking[] = [
  {
    rule: 'cin-8600',
    when: 'a referral of tomorrow',
    sound: referralOnly,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_referral_date: '2026-08-12' }),
    told: ['cin-8600: ssd_cin_episodes R1 cine_referral_date'],
    butNot: 'one of today',
    kept: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_referral_date: '2026-08-11' }),
  },
  {
    rule: 'cin-8866',
    when: 'a referral without a source',
    sound: open,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_referral_source_code: ' ' }),
    told: ['cin-8866: ssd_cin_episodes R1 cine_referral_source_code'],
    butNot: 'one with a description that has it',
    kept: (rows) =>
      withFirst(rows, 'ssd_cin_episodes', {
        cine_referral_source_code: null,
        cine_referral_source_desc: '1A',
      }),
  },
  {
    rule: 'cin-8568',
    when: 'a referral that does not say whether it led to action',
    sound: referralOnly,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_referral_nfa: null }),
    told: ['cin-8568: ssd_cin_episodes R1 cine_referral_nfa'],
    butNot: 'one that led to none',
    kept: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_referral_nfa: 'Y' }),
  },
  {
    // Two open episodes overlap.
    rule: 'open-episodes',
    when: 'two open episodes, except the latest',
    sound: referralOnly,
    broken: (rows) => withRow(rows, 'ssd_cin_episodes', later),
    told: [
      'open-episodes: ssd_cin_episodes R1 cine_close_date',
      'cin-8820: ssd_cin_episodes R2 cine_referral_date',
    ],
    butNot: 'one beside an open referral without further action',
    kept: (rows) =>
      withRow(withFirst(rows, 'ssd_cin_episodes', { cine_referral_nfa: 'Y' }), 'ssd_cin_episodes', later),
  },
  {
    // Whatever is referred later, is so during the open episode.
    rule: 'open-episodes',
    when: 'an open episode before one that was closed',
    sound: referralOnly,
    broken: (rows) =>
      withRow(rows, 'ssd_cin_episodes', {
        ...later,
        cine_close_date: '2025-07-01',
        cine_close_reason: 'RC7',
      }),
    told: [
      'open-episodes: ssd_cin_episodes R1 cine_close_date',
      'cin-8820: ssd_cin_episodes R2 cine_referral_date',
    ],
    butNot: 'an open episode after it',
    kept: (rows) =>
      withRow(rows, 'ssd_cin_episodes', {
        ...later,
        cine_referral_date: '2025-04-01',
        cine_close_date: '2025-05-01',
        cine_close_reason: 'RC7',
      }),
  },
  {
    rule: 'cin-8820',
    when: 'a referral of the day before another was closed',
    sound: closed,
    broken: (rows) => withRow(rows, 'ssd_cin_episodes', { ...later, cine_referral_date: '2025-11-20' }),
    told: ['cin-8820: ssd_cin_episodes R2 cine_referral_date'],
    butNot: 'one of that day',
    kept: (rows) => withRow(rows, 'ssd_cin_episodes', { ...later, cine_referral_date: '2025-11-21' }),
  },
  {
    rule: 'closure-without-reason',
    when: 'a closure without a reason',
    sound: closed,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: null }),
    told: ['closure-without-reason: ssd_cin_episodes R1 cine_close_reason'],
    butNot: 'one with another reason',
    kept: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: 'RC3' }),
  },
  {
    rule: 'closure-without-date',
    when: 'a reason for closure without a date',
    sound: open,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: 'RC7' }),
    told: ['closure-without-date: ssd_cin_episodes R1 cine_close_date'],
    butNot: 'a reason of blanks',
    kept: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: ' ' }),
  },
  {
    rule: 'open-after-25',
    when: 'somebody whose 25th birthday was yesterday, in an open episode',
    sound: open,
    broken: (rows) => withPerson(rows, { pers_dob: '2001-08-10' }),
    told: ['open-after-25: ssd_person 1001 pers_dob'],
    butNot: 'somebody whose 25th birthday is today',
    kept: (rows) => withPerson(rows, { pers_dob: '2001-08-11' }),
  },
  {
    rule: 'open-after-25',
    when: 'an episode that was closed after the 25th birthday',
    sound: closed,
    broken: (rows) => withPerson(rows, { pers_dob: '2000-11-20' }),
    told: ['open-after-25: ssd_person 1001 pers_dob'],
    butNot: 'one that was closed on it',
    kept: (rows) => withPerson(rows, { pers_dob: '2000-11-21' }),
  },
  {
    rule: 'cin-8565',
    when: 'an assessment that was authorised the day after the closure',
    sound: closed,
    broken: (rows) => withFirst(rows, 'ssd_cin_assessments', { cina_assessment_auth_date: '2025-11-22' }),
    told: ['cin-8565: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'one that was authorised on that day',
    kept: (rows) => withFirst(rows, 'ssd_cin_assessments', { cina_assessment_auth_date: '2025-11-21' }),
  },
  {
    rule: 'cin-4000',
    when: 'a child in need plan after a referral without further action',
    sound: noFurtherAction,
    broken: (rows) => withRow(rows, 'ssd_cin_plans', aCinPlan()),
    told: ['cin-4000: ssd_cin_plans N1 cinp_cin_plan_start_date'],
    butNot: 'one after a referral that led to action',
    kept: () => withRow(referralOnly, 'ssd_cin_plans', aCinPlan()),
  },
  {
    rule: 'cin-8831',
    when: 'an assessment after a referral without further action',
    sound: noFurtherAction,
    broken: (rows) =>
      withRow(rows, 'ssd_cin_assessments', anAssessment({ cina_assessment_auth_date: '2025-06-01' })),
    told: ['cin-8831: ssd_cin_assessments A1 cina_assessment_start_date'],
    butNot: 'one after a referral that led to action',
    kept: () =>
      withRow(referralOnly, 'ssd_cin_assessments', anAssessment({ cina_assessment_auth_date: '2025-06-01' })),
  },
  {
    rule: 'cin-8832',
    when: 'a child protection plan after a referral without further action',
    sound: noFurtherAction,
    broken: (rows) => withRow(rows, 'ssd_cp_plans', aCpPlan()),
    told: ['cin-8832: ssd_cp_plans P1 cppl_cp_plan_start_date'],
    butNot: 'one after a referral that led to action',
    kept: () => withRow(referralOnly, 'ssd_cp_plans', aCpPlan()),
  },
  {
    rule: 'cin-2990',
    when: 'a plan of a referral that was closed after its assessment',
    sound: closed,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: 'RC9' }),
    told: ['cin-2990: ssd_cin_plans N1 cinp_cin_plan_start_date'],
    butNot: 'such a referral with an assessment alone',
    kept: (rows) =>
      withoutRowsOf(withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: 'RC9' }), 'ssd_cin_plans'),
  },
  {
    rule: 'cin-8825Q',
    when: 'a closure after an assessment that is not there',
    sound: closedOnly,
    broken: (rows) => withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: 'RC8' }),
    told: ['cin-8825Q: ssd_cin_episodes R1 cine_close_reason'],
    butNot: 'one after an assessment of before the window',
    kept: (rows) =>
      withRow(
        withFirst(rows, 'ssd_cin_episodes', { cine_close_reason: 'RC8' }),
        'ssd_cin_assessments',
        anAssessment({ cina_assessment_start_date: '2023-05-02', cina_assessment_auth_date: '2023-06-01' }),
      ),
  },
];
