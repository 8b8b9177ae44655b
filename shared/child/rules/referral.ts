import { readable } from '../cells.js';
import { allButLast, fallsInto, isBefore, isEmpty, isThere, type Stretch } from './comparing.js';
import { birthday } from './censusDays.js';
import type { Referral } from './facts.js';
import { cin, place, rule } from './rule.js';

const isOpen = ({ row }: Referral) => row.cine_close_date === null;
const isNoFurtherAction = ({ item }: Referral) => item.referral_no_further_action_flag === true;
/** Where the flag is missing (8568) or cannot be read we cannot tell. */
const hasLedToAction = ({ item }: Referral) => item.referral_no_further_action_flag === false;
const stretchOf = ({ row }: Referral): Stretch => ({ from: row.cine_referral_date, to: row.cine_close_date });
const closedAfterAssessment: ReadonlySet<string | undefined> = new Set(['RC8', 'RC9']);
const isClosedAfterAssessment = ({ item }: Referral) => closedAfterAssessment.has(item.closure_reason);

const openEpisodes = rule({
  code: 'open-episodes',
  published: [
    cin('8815', 'More than one open CIN Details episode has been provided for this child'),
    cin('8816', 'An open CIN episode is shown, but it is not the latest episode'),
  ],
  columns: ['cine_close_date'],
  meaning:
    'The episode is open and led to action, and the child has a later one, with or without further action.',
  remedy:
    'Close the earlier episode if its work has ended. If it goes on, check the later one: a contact about an open case is not a new referral.',
  // 8815 counts the open ones, and 8816 asks for the latest of all.
  check: ({ referrals }) => {
    const open = referrals.filter((one) => isOpen(one) && hasLedToAction(one));
    const notLast = allButLast(
      open,
      ({ row }) => row.cine_referral_date,
      ({ row }) => row.cine_referral_id,
    );
    return open
      .filter(
        (one) =>
          notLast.includes(one) ||
          referrals.some(({ row }) => isBefore(one.row.cine_referral_date, row.cine_referral_date)),
      )
      .map(({ row }) => place('cine_close_date', row, 'nothing, beside a later episode'));
  },
});

const overlappingReferrals = rule({
  code: 'cin-8820',
  published: [cin('8820', 'The dates on the CIN episodes for this child overlap')],
  columns: ['cine_referral_date'],
  meaning:
    'The referral is dated before another referral of the child had been closed. It may be on the day of the closure. An open referral without further action does not count.',
  remedy: 'Correct the date of the referral, or the closure of the other one.',
  check: ({ referrals }) =>
    referrals
      .filter((one) =>
        referrals.some(
          (other) =>
            other !== one &&
            (!isOpen(other) || hasLedToAction(other)) &&
            fallsInto(one.row.cine_referral_date, stretchOf(other), false),
        ),
      )
      .map(({ row }) => place('cine_referral_date', row, 'a date before another referral was closed')),
});

const closureWithoutReason = rule({
  code: 'closure-without-reason',
  published: [cin('8805', 'A CIN case cannot have a CIN closure date without a Reason for Closure')],
  columns: ['cine_close_reason'],
  meaning: 'The episode has a closure date and no reason.',
  remedy: 'Enter the reason for closure.',
  // A reason that cannot be sent is a finding of its own.
  check: ({ referrals }) =>
    referrals
      .filter(
        ({ row, item }) =>
          item.closure_date !== undefined &&
          item.closure_reason === undefined &&
          isEmpty(row.cine_close_reason),
      )
      .map(({ row }) => place('cine_close_reason', row, 'nothing, beside a closure date')),
});

const closureWithoutDate = rule({
  code: 'closure-without-date',
  published: [cin('8810', 'A CIN case cannot have a Reason for Closure without a CIN Closure Date')],
  columns: ['cine_close_date'],
  meaning: 'The episode has a reason for closure and no date.',
  remedy: 'Enter the closure date, or remove the reason.',
  check: ({ referrals }) =>
    referrals
      .filter((one) => isOpen(one) && one.item.closure_reason !== undefined)
      .map(({ row }) => place('cine_close_date', row, 'nothing, beside a closure reason')),
});

const over25 = rule({
  code: 'open-after-25',
  published: [cin('8775Q', 'Child is over 25 years old')],
  columns: ['pers_dob'],
  meaning: 'The person is older than 25, and an episode is open or was closed after the 25th birthday.',
  remedy: 'Correct the date of birth, or close the episode.',
  check: ({ person, referrals, days }) => {
    const birth = readable(person.pers_dob);
    if (birth === null) return [];
    const at25 = birthday(birth, 25);
    const isAsked =
      at25 < days.today && referrals.some((one) => isOpen(one) || isBefore(at25, one.row.cine_close_date));
    return isAsked ? [place('pers_dob', person, 'a 25th birthday that has passed, beside an episode')] : [];
  },
});

const noReferralDate = rule({
  code: 'cin-8600',
  published: [cin('8600', 'Child referral date missing or after data collection period')],
  columns: ['cine_referral_date'],
  meaning: 'The referral has no date, or one after today.',
  remedy: 'Enter the day of the referral.',
  check: ({ referrals, days }) =>
    referrals.flatMap(({ row }) => {
      const date = row.cine_referral_date;
      if (date === null) return [place('cine_referral_date', row, 'nothing')];
      return isBefore(days.today, date) ? [place('cine_referral_date', row, 'a date after today')] : [];
    }),
});

const noSource = rule({
  code: 'cin-8866',
  published: [cin('8866', 'Source of Referral is missing or an invalid code')],
  columns: ['cine_referral_source_code'],
  meaning: 'A referral on or after 1 April 2013 has no source.',
  remedy: 'Enter the source of the referral.',
  // A source that cannot be sent is a finding of its own.
  check: ({ referrals }) =>
    referrals
      .filter(
        ({ row, item }) =>
          item.referral_source === undefined &&
          isEmpty(row.cine_referral_source_code) &&
          isEmpty(row.cine_referral_source_desc) &&
          isThere(row.cine_referral_date) &&
          !isBefore(row.cine_referral_date, '2013-04-01'),
      )
      .map(({ row }) => place('cine_referral_source_code', row, 'nothing')),
});

const noFlag = rule({
  code: 'cin-8568',
  published: [cin('8568', 'RNFA flag is missing or invalid')],
  columns: ['cine_referral_nfa'],
  meaning: 'The referral does not say whether it led to no further action.',
  remedy: 'Enter Y or N.',
  check: ({ referrals }) =>
    referrals
      .filter(
        ({ row, item }) =>
          item.referral_no_further_action_flag === undefined && isEmpty(row.cine_referral_nfa),
      )
      .map(({ row }) => place('cine_referral_nfa', row, 'nothing')),
});

/** What happened under a referral, as rule 8565 lists it. The start of a child protection plan is not in its list. */
const afterClosure = rule({
  code: 'cin-8565',
  published: [cin('8565', 'Activity shown after a case has been closed')],
  columns: [
    'cina_assessment_start_date',
    'cina_assessment_auth_date',
    's47e_s47_start_date',
    'icpc_icpc_date',
    'cppl_cp_plan_end_date',
    'cinp_cin_plan_start_date',
    'cinp_cin_plan_end_date',
  ],
  meaning:
    'The date of an assessment, enquiry, conference or plan is after the closure of the referral that it belongs to.',
  remedy: 'Correct the date or the closure, or link the record to the referral that was open on that day.',
  check: ({ referrals }) =>
    referrals.flatMap(({ row: { cine_close_date: closed }, ...its }) =>
      [
        ...its.assessments.flatMap(({ row }) => [
          place('cina_assessment_start_date', row, afterIt),
          place('cina_assessment_auth_date', row, afterIt),
        ]),
        ...its.section47s.map(({ row }) => place('s47e_s47_start_date', row, afterIt)),
        ...its.conferences.map(({ row }) => place('icpc_icpc_date', row, afterIt)),
        ...its.cpPlans.map(({ row }) => place('cppl_cp_plan_end_date', row, afterIt)),
        ...its.cinPlans.flatMap(({ row }) => [
          place('cinp_cin_plan_start_date', row, afterIt),
          place('cinp_cin_plan_end_date', row, afterIt),
        ]),
      ].filter(({ column, row }) => isBefore(closed, row[column] ?? null)),
    ),
});
const afterIt = 'a date after the closure of the referral';

const noFurtherActionWith = 'a record under a referral without further action';
const correctFlag =
  'Correct the flag of the referral, or link the record to the referral that it belongs to.';

const planWithoutAction = rule({
  code: 'cin-4000',
  published: [cin('4000', 'CIN Plan details provided for a referral with no further action')],
  columns: ['cinp_cin_plan_start_date'],
  meaning: 'A child in need plan belongs to a referral that led to no further action.',
  remedy: correctFlag,
  check: ({ referrals }) =>
    referrals
      .filter(isNoFurtherAction)
      .flatMap(({ cinPlans }) =>
        cinPlans.map(({ row }) => place('cinp_cin_plan_start_date', row, noFurtherActionWith)),
      ),
});

const activityWithoutAction = rule({
  code: 'cin-8831',
  published: [cin('8831', 'Activity is recorded against a case marked as a referral with no further action')],
  columns: ['cina_assessment_start_date', 's47e_s47_start_date', 'icpc_icpc_date'],
  meaning: 'An assessment, enquiry or conference belongs to a referral that led to no further action.',
  remedy: correctFlag,
  check: ({ referrals }) =>
    referrals
      .filter(isNoFurtherAction)
      .flatMap(({ assessments, section47s, conferences }) => [
        ...assessments.map(({ row }) => place('cina_assessment_start_date', row, noFurtherActionWith)),
        ...section47s.map(({ row }) => place('s47e_s47_start_date', row, noFurtherActionWith)),
        ...conferences.map(({ row }) => place('icpc_icpc_date', row, noFurtherActionWith)),
      ]),
});

const protectionWithoutAction = rule({
  code: 'cin-8832',
  published: [cin('8832', 'Child Protection details provided for a referral with no further action.')],
  columns: ['cppl_cp_plan_start_date'],
  meaning: 'A child protection plan belongs to a referral that led to no further action.',
  remedy: correctFlag,
  check: ({ referrals }) =>
    referrals
      .filter(isNoFurtherAction)
      .flatMap(({ cpPlans }) =>
        cpPlans.map(({ row }) => place('cppl_cp_plan_start_date', row, noFurtherActionWith)),
      ),
});

const closedWithActivity = rule({
  code: 'cin-2990',
  published: [
    cin(
      '2990',
      "Activity is recorded against a case marked as 'Case closed after assessment, no further action' or 'case closed after assessment, referred to early help'",
    ),
  ],
  columns: ['s47e_s47_start_date', 'icpc_icpc_date', 'cinp_cin_plan_start_date', 'cppl_cp_plan_start_date'],
  meaning:
    'An enquiry, conference or plan belongs to a referral that was closed after its assessment (RC8 or RC9).',
  remedy: 'Correct the reason for closure, or link the record to the referral that it belongs to.',
  check: ({ referrals }) =>
    referrals
      .filter(isClosedAfterAssessment)
      .flatMap(({ section47s, conferences, cinPlans, cpPlans }) => [
        ...section47s.map(({ row }) => place('s47e_s47_start_date', row, afterAssessmentWith)),
        ...conferences.map(({ row }) => place('icpc_icpc_date', row, afterAssessmentWith)),
        ...cinPlans.map(({ row }) => place('cinp_cin_plan_start_date', row, afterAssessmentWith)),
        ...cpPlans.map(({ row }) => place('cppl_cp_plan_start_date', row, afterAssessmentWith)),
      ]),
});
const afterAssessmentWith = 'a record under a referral that was closed after assessment';

const closedWithoutAssessment = rule({
  code: 'cin-8825Q',
  published: [
    cin(
      '8825Q',
      'Reason for Closure code RC8 or RC9 has been returned but there is no assessment present for the episode.',
    ),
  ],
  columns: ['cine_close_reason'],
  meaning: 'The referral was closed after its assessment (RC8 or RC9), and has no assessment.',
  remedy: 'Enter the assessment, link it to this referral, or correct the reason for closure.',
  needs: ['ssd_cin_assessments'],
  // All rows count: an assessment of before the window is not sent, and nothing is wrong.
  check: ({ referrals, rows }) =>
    referrals
      .filter(
        (one) =>
          isClosedAfterAssessment(one) &&
          rows.ssd_cin_assessments.every(
            ({ cina_referral_id: referral }) => referral !== null && referral !== one.row.cine_referral_id,
          ),
      )
      .map(({ row }) => place('cine_close_reason', row, 'RC8 or RC9 without an assessment')),
});

export const referralRules = [
  noReferralDate,
  noSource,
  noFlag,
  openEpisodes,
  overlappingReferrals,
  closureWithoutReason,
  closureWithoutDate,
  afterClosure,
  planWithoutAction,
  activityWithoutAction,
  protectionWithoutAction,
  closedWithActivity,
  closedWithoutAssessment,
  over25,
] as const;
