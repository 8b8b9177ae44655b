import { readable } from '../cells.js';
import { allButLast, fallsInto, isBefore, type Stretch } from './comparing.js';
import { isWeekend } from './censusDays.js';
import type { Referral } from './facts.js';
import { cin, place, rule } from './rule.js';

type Enquiry = Referral['section47s'][number];

/**
 * Whether an enquiry waits for its conference: none has a date, and the outcome does not say that none is required.
 * Where either cannot be read we cannot tell.
 */
function waits({ item }: Enquiry): boolean {
  return (
    item.icpc_date === undefined &&
    (item.icpc_required_flag === true || item.icpc_required_flag === undefined)
  );
}

/** Until the conference, or without end. */
function stretchOf({ row, item }: Enquiry): Stretch {
  const held = item.icpc_date;
  return { from: row.s47e_s47_start_date, to: typeof held === 'string' ? held : null };
}

const beforeReferral = rule({
  code: 'cin-2889',
  published: [cin('2889', 'The S47 start date cannot be before the referral date.')],
  columns: ['s47e_s47_start_date'],
  meaning: 'The section 47 enquiry starts before the referral that it belongs to.',
  remedy: 'Correct one of the dates, or link the enquiry to the referral that led to it.',
  check: ({ referrals }) =>
    referrals.flatMap(({ row: referral, section47s }) =>
      section47s
        .filter(({ row }) => isBefore(row.s47e_s47_start_date, referral.cine_referral_date))
        .map(({ row }) => place('s47e_s47_start_date', row, 'a date before the referral')),
    ),
});

const conferenceBeforeReferral = rule({
  code: 'cin-1104',
  published: [
    cin('1104', 'The date of the initial child protection conference cannot be before the referral date'),
  ],
  columns: ['icpc_icpc_date'],
  meaning: 'The initial child protection conference is before the referral that its enquiry belongs to.',
  remedy: 'Correct one of the dates, or link the conference to the enquiry that led to it.',
  check: ({ referrals }) =>
    referrals.flatMap(({ row: referral, conferences }) =>
      conferences
        .filter(({ row }) => isBefore(row.icpc_icpc_date, referral.cine_referral_date))
        .map(({ row }) => place('icpc_icpc_date', row, 'a date before the referral')),
    ),
});

const conferenceBeforeEnquiry = rule({
  code: 'conference-before-enquiry',
  published: [
    cin(
      '8615',
      'Section 47 Enquiry Start Date must be present and cannot be later than the date of the initial Child Protection Conference',
    ),
  ],
  columns: ['icpc_icpc_date'],
  meaning: 'The initial child protection conference is before the start of its section 47 enquiry.',
  remedy: 'Correct one of the dates, or link the conference to the enquiry that led to it.',
  check: ({ conferences }) =>
    conferences
      .filter(({ row, enquiry }) => isBefore(row.icpc_icpc_date, enquiry.row.s47e_s47_start_date))
      .map(({ row }) => place('icpc_icpc_date', row, 'a date before the start of the enquiry')),
});

const conferenceAtWeekend = rule({
  code: 'cin-8875',
  published: [cin('8875', 'The Date of Initial Child Protection Conference cannot be a weekend')],
  columns: ['icpc_icpc_date'],
  meaning: 'The initial child protection conference is on a Saturday or Sunday.',
  remedy: 'Correct the date.',
  check: ({ conferences }) =>
    conferences
      .filter(({ row }) => {
        const date = readable(row.icpc_icpc_date);
        return date !== null && isWeekend(date);
      })
      .map(({ row }) => place('icpc_icpc_date', row, 'a Saturday or Sunday')),
});

const unfinishedAtClosure = rule({
  code: 'cin-8868',
  published: [
    cin(
      '8868',
      'CIN episode is shown as closed, however Section 47 enquiry is not shown as completed by ICPC date or ICPC not required flag',
    ),
  ],
  columns: ['s47e_s47_outcome_json'],
  meaning:
    'The referral is closed, and an enquiry under it has neither a conference nor an outcome that requires none.',
  remedy: 'Enter the outcome of the enquiry, link its conference to it, or correct the closure.',
  needs: ['ssd_initial_cp_conference'],
  check: ({ referrals }) =>
    referrals
      .filter(({ row }) => readable(row.cine_close_date) !== null)
      .flatMap(({ section47s }) =>
        section47s
          .filter(waits)
          .map(({ row }) => place('s47e_s47_outcome_json', row, 'no conference, under a closed referral')),
      ),
});

const severalOpen = rule({
  code: 'cin-8839',
  published: [cin('8839', 'Within one CINDetails group there are 2 or more open S47 Assessments')],
  columns: ['s47e_s47_outcome_json'],
  meaning:
    'The enquiry has neither a conference nor an outcome that requires none, and neither has a later one under the same referral.',
  remedy: 'Enter the outcome of the enquiry, or link its conference to it.',
  needs: ['ssd_initial_cp_conference'],
  check: ({ referrals }) =>
    referrals.flatMap(({ section47s }) =>
      allButLast(
        section47s.filter(waits),
        ({ row }) => row.s47e_s47_start_date,
        ({ row }) => row.s47e_s47_enquiry_id,
      ).map(({ row }) => place('s47e_s47_outcome_json', row, 'no conference, beside a later open enquiry')),
    ),
});

const startsDuringAnother = rule({
  code: 'cin-8890',
  published: [
    cin('8890', 'A Section 47 enquiry is shown as starting when there is another Section 47 Enquiry ongoing'),
  ],
  columns: ['s47e_s47_start_date'],
  meaning:
    'The enquiry starts while another one of the referral waits for its conference, or on the day of that conference.',
  remedy: 'Correct the dates or the outcome, or remove the enquiry that is recorded twice.',
  needs: ['ssd_initial_cp_conference'],
  check: ({ referrals }) =>
    referrals.flatMap(({ section47s }) => {
      const ongoing = section47s.filter((one) => waits(one) || typeof one.item.icpc_date === 'string');
      return section47s
        .filter(({ row }) =>
          ongoing.some(
            (other) => other.row !== row && fallsInto(row.s47e_s47_start_date, stretchOf(other), true),
          ),
        )
        .map(({ row }) => place('s47e_s47_start_date', row, 'a date during another enquiry'));
    }),
});

const waits15Days = rule({
  code: 'cin-8675Q',
  published: [
    cin(
      '8675Q',
      'S47 Enquiry started more than 15 working days before the end of the census year. However, there is no date of Initial Child Protection Conference.',
    ),
  ],
  columns: ['s47e_s47_start_date'],
  meaning:
    'The enquiry started more than 15 working days before the run and its outcome requires a conference, which has no date.',
  remedy: 'Enter the conference, or link it to the enquiry.',
  needs: ['ssd_initial_cp_conference'],
  check: ({ parts: { section47s }, days }) =>
    section47s
      .filter(
        ({ row, item }) =>
          item.icpc_date === undefined &&
          item.icpc_required_flag === true &&
          isBefore(row.s47e_s47_start_date, days.days15Ago),
      )
      .map(({ row }) =>
        place('s47e_s47_start_date', row, 'a date more than 15 working days ago, and no conference'),
      ),
});

const withoutAssessment = rule({
  code: 'cin-2991Q',
  published: [cin('2991Q', 'A Section 47 module is recorded and there is no assessment on the episode')],
  columns: ['s47e_s47_start_date'],
  meaning: 'The referral has an enquiry and no assessment.',
  remedy: 'Enter the assessment, or link it to this referral.',
  needs: ['ssd_cin_assessments'],
  check: ({ referrals, rows }) =>
    referrals
      .filter(({ row: { cine_referral_id: id } }) =>
        rows.ssd_cin_assessments.every(({ cina_referral_id: its }) => its !== null && its !== id),
      )
      .flatMap(({ section47s }) =>
        section47s.map(({ row }) => place('s47e_s47_start_date', row, 'an enquiry without an assessment')),
      ),
});

export const section47Rules = [
  beforeReferral,
  conferenceBeforeReferral,
  conferenceBeforeEnquiry,
  conferenceAtWeekend,
  unfinishedAtClosure,
  severalOpen,
  startsDuringAnother,
  waits15Days,
  withoutAssessment,
] as const;
