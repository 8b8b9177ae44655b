import { isUnreadable, readable } from '../cells.js';
import { allButLast, beginningWithin, fallsInto, isBefore, isSameDay, type Stretch } from './comparing.js';
import { groupBy } from '../ordering.js';
import type { Facts, Referral } from './facts.js';
import { cin, place, rule } from './rule.js';

type CinPlan = Referral['cinPlans'][number];
type CpPlan = Referral['cpPlans'][number];

const stretchOfCin = ({ row }: CinPlan): Stretch => ({
  from: row.cinp_cin_plan_start_date,
  to: row.cinp_cin_plan_end_date,
});
const stretchOfCp = ({ row }: CpPlan): Stretch => ({
  from: row.cppl_cp_plan_start_date,
  to: row.cppl_cp_plan_end_date,
});
const isCinOpen = ({ row }: CinPlan) => row.cinp_cin_plan_end_date === null;
const isCpOpen = ({ row }: CpPlan) => row.cppl_cp_plan_end_date === null;

const cinBeforeReferral = rule({
  code: 'cin-4015',
  published: [cin('4015', 'The CIN Plan start date cannot be before the referral date')],
  columns: ['cinp_cin_plan_start_date'],
  meaning: 'The child in need plan starts before the referral that it belongs to.',
  remedy: 'Correct one of the dates, or link the plan to the referral that led to it.',
  check: ({ referrals }) =>
    referrals.flatMap(({ row: referral, cinPlans }) =>
      cinPlans
        .filter(({ row }) => isBefore(row.cinp_cin_plan_start_date, referral.cine_referral_date))
        .map(({ row }) => place('cinp_cin_plan_start_date', row, 'a date before the referral')),
    ),
});

const cpBeforeReferral = rule({
  code: 'cin-1105',
  published: [cin('1105', 'The child protection plan start date cannot be before the referral date')],
  columns: ['cppl_cp_plan_start_date'],
  meaning: 'The child protection plan starts before the referral that it belongs to.',
  remedy: 'Correct one of the dates, or link the plan to the referral that led to it.',
  check: ({ referrals }) =>
    referrals.flatMap(({ row: referral, cpPlans }) =>
      cpPlans
        .filter(({ row }) => isBefore(row.cppl_cp_plan_start_date, referral.cine_referral_date))
        .map(({ row }) => place('cppl_cp_plan_start_date', row, 'a date before the referral')),
    ),
});

const severalCinOpen = rule({
  code: 'cin-4004',
  published: [cin('4004', 'This child is showing more than one open CIN Plan, i.e. with no End Date')],
  columns: ['cinp_cin_plan_end_date'],
  meaning: 'The child in need plan is open, and so is a later one of the child.',
  remedy: 'Enter the end of the earlier plan.',
  check: ({ parts: { cinPlans } }) =>
    allButLast(
      cinPlans.filter(isCinOpen),
      ({ row }) => row.cinp_cin_plan_start_date,
      ({ row }) => row.cinp_cin_plan_id,
      ({ row }) => row.cinp_referral_id,
    ).map(({ row }) => place('cinp_cin_plan_end_date', row, 'nothing, beside a later open plan')),
});

const severalCpOpen = rule({
  code: 'cin-8935',
  published: [
    cin('8935', 'This child is showing more than one open Child Protection plan, i.e. with no End Date'),
  ],
  columns: ['cppl_cp_plan_end_date'],
  meaning: 'The child protection plan is open, and so is a later one of the child.',
  remedy: 'Enter the end of the earlier plan.',
  check: ({ parts: { cpPlans } }) =>
    allButLast(
      cpPlans.filter(isCpOpen),
      ({ row }) => row.cppl_cp_plan_start_date,
      ({ row }) => row.cppl_cp_plan_id,
      ({ row }) => row.cppl_referral_id,
    ).map(({ row }) => place('cppl_cp_plan_end_date', row, 'nothing, beside a later open plan')),
});

const overlappingCin = rule({
  code: 'cin-4014',
  published: [cin('4014', 'CIN Plan data contains overlapping dates')],
  columns: ['cinp_cin_plan_start_date'],
  meaning: 'The child in need plan starts during another one of the child, or on the day it ends.',
  remedy: 'Correct the dates of the two plans, or remove the one that is recorded twice.',
  check: ({ parts: { cinPlans } }) =>
    beginningWithin(cinPlans, stretchOfCin, true).map(({ row }) =>
      place('cinp_cin_plan_start_date', row, 'a date during another plan'),
    ),
});

const overlappingCp = rule({
  code: 'cin-8940',
  published: [cin('8940', 'Child Protection Plan data contains overlapping dates')],
  columns: ['cppl_cp_plan_start_date'],
  meaning: 'The child protection plan starts during another one of the child, or on the day it ends.',
  remedy: 'Correct the dates of the two plans, or remove the one that is recorded twice.',
  check: ({ parts: { cpPlans } }) =>
    beginningWithin(cpPlans, stretchOfCp, true).map(({ row }) =>
      place('cppl_cp_plan_start_date', row, 'a date during another plan'),
    ),
});

const cinOfOneDay = rule({
  code: 'cin-4012Q',
  published: [cin('4012Q', 'CIN Plan shown as starting and ending on the same day')],
  columns: ['cinp_cin_plan_end_date'],
  meaning: 'The child in need plan ends on the day it starts.',
  remedy: 'Correct one of the dates, or remove the plan.',
  check: ({ parts: { cinPlans } }) =>
    cinPlans
      .filter(({ row }) => isSameDay(row.cinp_cin_plan_start_date, row.cinp_cin_plan_end_date))
      .map(({ row }) => place('cinp_cin_plan_end_date', row, 'the day of the start')),
});

const bothOpen = rule({
  code: 'cin-4001',
  published: [cin('4001', 'A CIN Plan cannot run concurrently with a Child Protection Plan')],
  columns: ['cinp_cin_plan_end_date'],
  meaning: 'The child in need plan is open, and so is a child protection plan of the referral.',
  remedy: 'End the child in need plan on the day the child protection plan starts, or end the child protection plan.',
  check: ({ referrals }) =>
    referrals
      .filter(({ cpPlans }) => cpPlans.some(isCpOpen))
      .flatMap(({ cinPlans }) =>
        cinPlans
          .filter((one) => isCinOpen(one) && readable(one.row.cinp_cin_plan_start_date) !== null)
          .map(({ row }) =>
            place('cinp_cin_plan_end_date', row, 'nothing, beside an open child protection plan'),
          ),
      ),
});

const cinDuringCp = rule({
  code: 'cin-4016',
  published: [
    cin('4016', 'A CIN Plan has been reported as open at the same time as a Child Protection Plan.'),
  ],
  columns: ['cinp_cin_plan_start_date'],
  meaning:
    'The child in need plan starts during a child protection plan of the child. It may start on the day that plan ends.',
  remedy: 'Correct the start of the child in need plan, or the end of the child protection plan.',
  check: ({ parts: { cinPlans, cpPlans } }) =>
    cinPlans
      .filter(({ row }) =>
        cpPlans.some((other) => fallsInto(row.cinp_cin_plan_start_date, stretchOfCp(other), false)),
      )
      .map(({ row }) => place('cinp_cin_plan_start_date', row, 'a date during a child protection plan')),
});

const cpDuringCin = rule({
  code: 'cin-4017',
  published: [
    cin('4017', 'A CIN Plan has been reported as open at the same time as a Child Protection Plan.'),
  ],
  columns: ['cppl_cp_plan_start_date'],
  meaning:
    'The child protection plan starts during a child in need plan of the child. It may start on the day that plan ends.',
  remedy: 'Enter the end of the child in need plan, or correct the start of the child protection plan.',
  check: ({ parts: { cinPlans, cpPlans } }) =>
    cpPlans
      .filter(({ row }) =>
        cinPlans.some((other) => fallsInto(row.cppl_cp_plan_start_date, stretchOfCin(other), false)),
      )
      .map(({ row }) => place('cppl_cp_plan_start_date', row, 'a date during a child in need plan')),
});

const endsOnStart = rule({
  code: 'cin-8840',
  published: [cin('8840', 'Child Protection Plan cannot start and end on the same day')],
  columns: ['cppl_cp_plan_end_date'],
  meaning: 'The child protection plan ends on the day it starts.',
  remedy: 'Correct one of the dates, or remove the plan.',
  check: ({ parts: { cpPlans } }) =>
    cpPlans
      .filter(({ row }) => isSameDay(row.cppl_cp_plan_start_date, row.cppl_cp_plan_end_date))
      .map(({ row }) => place('cppl_cp_plan_end_date', row, 'the day of the start')),
});

/**
 * The days of the conferences of a referral; `undefined` where one of them cannot be told. All rows count: what is
 * outside the window is no reason to ask.
 */
function conferenceDays({ rows }: Facts, referral: string): ReadonlySet<string> | undefined {
  const enquiries = new Set(
    rows.ssd_s47_enquiry
      .filter((row) => row.s47e_referral_id === referral)
      .map((row) => row.s47e_s47_enquiry_id),
  );
  const days = rows.ssd_initial_cp_conference
    .filter((row) => row.icpc_referral_id === referral || enquiries.has(row.icpc_s47_enquiry_id))
    .map((row) => row.icpc_icpc_date);
  if (days.some(isUnreadable)) return undefined;
  return new Set(days.map(readable).filter((day) => day !== null));
}

const notFromConference = rule({
  code: 'cin-2885',
  published: [
    cin(
      '2885',
      'Child protection plan shown as starting a different day to the initial child protection conference.',
    ),
  ],
  columns: ['cppl_cp_plan_start_date'],
  meaning:
    'The child protection plan starts in the collection year, on another day than each initial child protection conference of the referral.',
  remedy: 'Correct the start of the plan, or the date of the conference that decided on it.',
  needs: ['ssd_initial_cp_conference', 'ssd_s47_enquiry'],
  // Without any conference the plan may be that of a council from which the child came.
  check: (facts) =>
    [...groupBy(facts.parts.cpPlans, ({ row }) => row.cppl_referral_id)].flatMap(([referral, plans]) => {
      const conferences = conferenceDays(facts, referral);
      if (conferences === undefined || conferences.size === 0) return [];
      return plans
        .filter(({ row }) => {
          const day = readable(row.cppl_cp_plan_start_date);
          // A plan of an earlier year was asked about in that year.
          return day !== null && day >= facts.days.yearStart && !conferences.has(day);
        })
        .map(({ row }) => place('cppl_cp_plan_start_date', row, 'a day without a conference'));
    }),
});

export const planRules = [
  cinBeforeReferral,
  severalCinOpen,
  overlappingCin,
  cinOfOneDay,
  bothOpen,
  cinDuringCp,
  cpDuringCin,
  cpBeforeReferral,
  severalCpOpen,
  overlappingCp,
  endsOnStart,
  notFromConference,
] as const;
