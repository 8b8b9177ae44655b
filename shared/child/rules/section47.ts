import { readable } from '../cells.js';
import { byTexts } from '../ordering.js';
import type { ConferenceBuilt } from '../parts/episodes.js';
import type { Check, Facts } from './check.js';

/** The conferences whose date is sent. */
export function conferencesSent({ child, conferences }: Facts): readonly ConferenceBuilt[] {
  const dates = new Map<unknown, string | undefined>(
    (child.social_care_episodes ?? [])
      .flatMap((episode) => episode.section_47_assessments ?? [])
      .map((item) => [item.section_47_assessment_id, item.icpc_date]),
  );
  // One id may be under two referrals: the conference is of the last one.
  const ofLast = new Map([...conferences].sort(byReferral).map((one) => [one.row, one]));
  return [...ofLast.values()].filter(
    ({ row, enquiry }) =>
      row.icpc_icpc_date !== null && dates.get(enquiry.item.section_47_assessment_id) === row.icpc_icpc_date,
  );
}

const byReferral = byTexts<ConferenceBuilt>(({ enquiry }) => enquiry.row.s47e_referral_id);

/** CIN rule 8615. */
export const conferenceAfterEnquiryStart: Check = (facts) =>
  conferencesSent(facts)
    .filter(({ row, enquiry }) => {
      const [start, date] = [readable(enquiry.row.s47e_s47_start_date), readable(row.icpc_icpc_date)];
      return start !== null && date !== null && date < start;
    })
    .map(({ row }) => ({
      rule: 'conference-before-enquiry',
      table: 'ssd_initial_cp_conference',
      row,
      column: 'icpc_icpc_date',
      found: 'a date before the start of the enquiry',
    }));
