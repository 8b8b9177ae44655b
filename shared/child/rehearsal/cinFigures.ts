import type { Child, Episode } from '../payload.js';
import type { Figure, Stretch } from './figure.js';

const census = 'CIN';
const onTheDay = 'on the day';
const inTheYear = 'in the year to the day';
const noDate = 'A record without its date is not counted.';
const ofReferrals = { categories: [], tables: ['ssd_cin_episodes'], since: 'start' } as const;
const ofProtectionPlans = {
  categories: ['childProtectionPlans'],
  tables: ['ssd_cp_plans'],
  since: 'plansStart',
} as const;

export function episodesOf({ social_care_episodes: episodes = [] }: Child): readonly Episode[] {
  return episodes;
}

/** The episodes of need: a referral that led to no further action is none. */
function episodesOfNeed(child: Child): readonly Episode[] {
  return episodesOf(child).filter((episode) => episode.referral_no_further_action_flag !== true);
}

function stretchOf({ referral_date: start_date, closure_date: end_date }: Episode): Stretch {
  return { start_date, end_date };
}

/** What the children in need census would show. */
export const cinFigures = [
  {
    code: 'in-need',
    title: 'Children in need',
    census,
    kind: onTheDay,
    unit: 'children',
    takes: 'first',
    counted:
      'Children with a referral on or before the day that is not closed by the end of it, and is not flagged as no further action. A child counts once.',
    differs:
      'The census also counts children whose needs have not been assessed yet, as this figure does. A referral that waits for a decision counts here until its flag is set. Children who are held back by a finding are missing.',
    ...ofReferrals,
    stretches: (child) => episodesOfNeed(child).map(stretchOf),
  },
  {
    code: 'referrals',
    title: 'Referrals',
    census,
    kind: inTheYear,
    unit: 'referrals',
    takes: 'each',
    counted: 'Referrals by their date, whatever became of them. A child may count more than once.',
    differs: `The census counts a referral about a child whose case is open as part of that case; if your system records one as a referral of its own, it is counted here. ${noDate}`,
    ...ofReferrals,
    dates: (child) => episodesOf(child).map(({ referral_date: date }) => date),
  },
  {
    code: 'referrals-no-action',
    title: 'Referrals with no further action',
    census,
    kind: inTheYear,
    unit: 'referrals',
    takes: 'each',
    counted: 'Referrals by their date, of those that are flagged as no further action.',
    differs:
      'A flag that is empty or cannot be read counts as further action here. Referrals that were assessed, and then closed, are not among them in the census either.',
    ...ofReferrals,
    dates: (child) =>
      episodesOf(child)
        .filter((episode) => episode.referral_no_further_action_flag === true)
        .map(({ referral_date: date }) => date),
  },
  {
    code: 'need-started',
    title: 'Episodes of need that started',
    census,
    kind: inTheYear,
    unit: 'episodes',
    takes: 'each',
    counted:
      'Referrals by their date, without those that are flagged as no further action. A child may count more than once.',
    differs: `Some systems date the episode of need later than the referral. The date of the referral counts here. ${noDate}`,
    ...ofReferrals,
    dates: (child) => episodesOfNeed(child).map(({ referral_date: date }) => date),
  },
  {
    code: 'need-ended',
    title: 'Episodes of need that ended',
    census,
    kind: inTheYear,
    unit: 'episodes',
    takes: 'each',
    counted:
      'Referrals by the date on which they were closed, without those that are flagged as no further action. A child may count more than once.',
    differs: `Of a referral that was closed, opened again and closed again, only the last closure is sent. ${noDate}`,
    ...ofReferrals,
    dates: (child) => episodesOfNeed(child).map(({ closure_date: date }) => date),
  },
  {
    code: 'assessments',
    title: 'Assessments completed',
    census,
    kind: inTheYear,
    unit: 'assessments',
    takes: 'each',
    counted: 'Child and family assessments by the date on which they were authorised.',
    differs:
      'An assessment without a date of authorisation counts as open, also where your system closes it in another way.',
    categories: ['assessments'],
    tables: ['ssd_cin_assessments'],
    since: 'start',
    dates: (child) =>
      episodesOf(child).flatMap(({ child_and_family_assessments: assessments = [] }) =>
        assessments.map(({ authorisation_date: date }) => date),
      ),
  },
  {
    code: 'section-47',
    title: 'Section 47 enquiries started',
    census,
    kind: inTheYear,
    unit: 'enquiries',
    takes: 'each',
    counted: 'Section 47 enquiries by the date on which they started.',
    differs: `Strategy discussions that did not lead to an enquiry are counted if the SSD has them as enquiries. ${noDate}`,
    categories: ['section47'],
    tables: ['ssd_s47_enquiry'],
    since: 'start',
    dates: (child) => section47sOf(child).map(({ start_date: date }) => date),
  },
  {
    code: 'initial-conferences',
    title: 'Initial child protection conferences',
    census,
    kind: inTheYear,
    unit: 'conferences',
    takes: 'each',
    counted: 'Section 47 enquiries by the date of their initial child protection conference.',
    differs:
      'An enquiry is sent with its latest conference only, so an earlier one is not counted. A conference without an enquiry, as after a transfer from another council, is not sent and not counted.',
    categories: ['section47'],
    tables: ['ssd_s47_enquiry', 'ssd_initial_cp_conference'],
    since: 'start',
    dates: (child) => section47sOf(child).map(({ icpc_date: date }) => date),
  },
  {
    code: 'cin-plans',
    title: 'Children with a child in need plan',
    census,
    kind: onTheDay,
    unit: 'children',
    takes: 'first',
    counted: 'Children with a child in need plan that has started and has not ended by the end of the day.',
    differs: `The census has no plan for a child who has a child protection plan or is looked after; such a child counts here if its child in need plan was not ended. ${noDate}`,
    categories: ['childInNeedPlans'],
    tables: ['ssd_cin_plans'],
    since: 'plansStart',
    stretches: (child) => episodesOf(child).flatMap(({ child_in_need_plans: plans = [] }) => plans),
  },
  {
    code: 'cp-plans',
    title: 'Children with a child protection plan',
    census,
    kind: onTheDay,
    unit: 'children',
    takes: 'first',
    counted:
      'Children with a child protection plan that has started and has not ended by the end of the day.',
    differs: `Temporary plans of children from other councils are counted if the SSD has them. ${noDate}`,
    ...ofProtectionPlans,
    stretches: protectionPlansOf,
  },
  {
    code: 'cp-plans-started',
    title: 'Child protection plans started',
    census,
    kind: inTheYear,
    unit: 'plans',
    takes: 'each',
    counted: 'Child protection plans by the date on which they started. A child may count more than once.',
    differs: `Temporary plans of children from other councils are counted if the SSD has them. ${noDate}`,
    ...ofProtectionPlans,
    dates: (child) => protectionPlansOf(child).map(({ start_date: date }) => date),
  },
  {
    code: 'cp-plans-ended',
    title: 'Child protection plans ended',
    census,
    kind: inTheYear,
    unit: 'plans',
    takes: 'each',
    counted: 'Child protection plans by the date on which they ended. A child may count more than once.',
    differs: 'A plan whose end is before its start is sent as DfE has it, so its end may be missing here.',
    ...ofProtectionPlans,
    dates: (child) => protectionPlansOf(child).map(({ end_date: date }) => date),
  },
] as const satisfies readonly Figure[];

function protectionPlansOf(child: Child) {
  return episodesOf(child).flatMap(({ child_protection_plans: plans = [] }) => plans);
}

function section47sOf(child: Child) {
  return episodesOf(child).flatMap(({ section_47_assessments: enquiries = [] }) => enquiries);
}
