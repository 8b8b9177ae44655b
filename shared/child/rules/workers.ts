import { isUnreadable, readable, readableText } from '../cells.js';
import { normalised } from '../codes/localValues.js';
import { byTexts } from '../ordering.js';
import type { SsdRow } from '../sourceRows.js';
import { daysBetween } from './censusDays.js';
import { isBefore, isSameDay, isThere } from './comparing.js';
import type { Facts } from './facts.js';
import { place, rule, ssda903 } from './rule.js';

type Involvement = SsdRow<'ssd_involvements'>;

const byTime = byTexts<Involvement>(
  (row) => readable(row.invo_involvement_start_date),
  (row) => readable(row.invo_involvement_end_date) ?? '9999-12-31',
  (row) => readable(row.prof_social_worker_registration_no),
  (row) => row.invo_involvements_id,
);

/**
 * The involvements of the social workers of a looked-after child that have a start, in order of time. They need not be
 * sent: which are depends on the day (CARE_WORKER_GATES), and whether one follows on another does not. A worker who is
 * there once for each referral is one.
 */
function workersOf(facts: Facts): readonly Involvement[] {
  if (facts.parts.placements.length === 0) return [];
  const workers = facts.rows.ssd_involvements
    .filter(
      (row) =>
        mayBeWorker(row, facts) &&
        !isUnreadable(row.invo_professional_role_id) &&
        isThere(row.prof_social_worker_registration_no) &&
        readable(row.invo_involvement_start_date) !== null,
    )
    .toSorted(byTime);
  return workers.filter((row, index) => textOf(row) !== textOf(workers[index - 1]));
}

/**
 * Those of them who had not ended before the first placement that is sent: what happened before the child came into care
 * is not in the return.
 */
function workersInCare(facts: Facts): readonly Involvement[] {
  const [first] = facts.parts.placements
    .map(({ row }) => readable(row.clap_cla_placement_start_date))
    .filter((start) => start !== null)
    .sort();
  return workersOf(facts).filter((row) => !isBefore(row.invo_involvement_end_date, first ?? null));
}

function mayBeWorker({ invo_professional_role_id: role }: Involvement, { rules }: Facts): boolean {
  return isUnreadable(role) || (role !== null && rules.careWorkerRoles.has(normalised(role)));
}

function textOf(row: Involvement | undefined): string {
  return JSON.stringify([
    row?.prof_social_worker_registration_no,
    row?.invo_involvement_start_date,
    row?.invo_involvement_end_date,
  ]);
}

/** The workers that are sent. */
function workersSent(facts: Facts): readonly Involvement[] {
  const sent = new Set(
    facts.referrals.flatMap(({ item }) => (item.care_worker_details ?? []).map(({ worker_id: id }) => id)),
  );
  if (sent.size === 0) return [];
  return facts.rows.ssd_involvements.filter((row) => sent.has(idOf(row) ?? ''));
}

/** The number under which a worker is sent, or else the worker's own id. */
function idOf({ prof_social_worker_registration_no: number, invo_professional_id: id }: Involvement) {
  return isUnreadable(number) ? undefined : (readableText(number) ?? id);
}

const numberOfWorker = rule({
  code: 'ssda903-sw02stg1',
  published: [
    ssda903('SW02STG1', "Social worker ID does not begin with the characters 'SW' or 'XX'.", {
      from: '2023-24',
    }),
  ],
  columns: ['prof_social_worker_registration_no'],
  meaning: 'The number under which the worker is sent does not begin with SW or XX.',
  remedy: 'Enter the Social Work England number, such as SW123456.',
  check: (facts) =>
    workersSent(facts)
      .filter((row) => !/^(?:SW|XX)/.test(idOf(row) ?? ''))
      .map((row) =>
        place('prof_social_worker_registration_no', row, 'a number that does not begin with SW or XX'),
      ),
});

const notEnded = rule({
  code: 'ssda903-sw08stg2',
  published: [
    ssda903('SW08STG2', 'A new social worker episode has started, but the previous episode has not ended.', {
      from: '2023-24',
    }),
  ],
  columns: ['invo_involvement_end_date'],
  meaning:
    "The involvement of a looked-after child's social worker has not ended, and another one has started later.",
  remedy: 'Enter the end of the earlier involvement.',
  check: (facts) => {
    const workers = workersInCare(facts);
    const newest = workers.at(-1)?.invo_involvement_start_date ?? null;
    return workers
      .filter(
        (row) => row.invo_involvement_end_date === null && isBefore(row.invo_involvement_start_date, newest),
      )
      .map((row) => place('invo_involvement_end_date', row, 'nothing, before a later social worker'));
  },
});

const oneDay = rule({
  code: 'ssda903-sw09stg2',
  published: [
    ssda903('SW09STG2', 'Social worker episode appears to have lasted for less than 24 hours.', {
      from: '2023-24',
    }),
  ],
  columns: ['invo_involvement_end_date'],
  meaning:
    "The involvement of a looked-after child's social worker ended on the day it started. The time before care does not count.",
  remedy: 'Correct one of the dates, or remove the involvement.',
  check: (facts) =>
    workersInCare(facts)
      .filter((row) => isSameDay(row.invo_involvement_start_date, row.invo_involvement_end_date))
      .map((row) => place('invo_involvement_end_date', row, 'the day of the start')),
});

const startsEarly = rule({
  code: 'ssda903-sw10stg2',
  published: [
    ssda903(
      'SW10STG2',
      'A new social worker episode has started before the end date of the previous social worker episode.',
      { from: '2024-25' },
    ),
  ],
  columns: ['invo_involvement_start_date'],
  meaning:
    "The involvement of a looked-after child's social worker started more than seven days before the one before it ended.",
  remedy: 'Correct the start, or the end of the one before.',
  // The rule also asks about gaps. Which are real cannot be told here: the reason for a change is not in the SSD.
  check: (facts) => {
    const workers = workersInCare(facts);
    return workers
      .filter((row, index) => {
        const end = readable(workers[index - 1]?.invo_involvement_end_date ?? null);
        const start = readable(row.invo_involvement_start_date);
        return start !== null && end !== null && daysBetween(start, end) > 7;
      })
      .map((row) => place('invo_involvement_start_date', row, 'a date before the end of the one before'));
  },
});

const noneNow = rule({
  code: 'ssda903-sw17stg2',
  published: [ssda903('SW17STG2', 'There is no social worker episode open at 31 March', { from: '2025-26' })],
  columns: ['invo_involvement_end_date'],
  meaning:
    'The child is looked after on the day of the run, and the involvement of every social worker has ended.',
  remedy: 'Enter the social worker of the child.',
  check: (facts) => {
    const isLookedAfter = facts.careEpisodes.some(({ isSent, end }) => isSent && end === null);
    if (!isLookedAfter) return [];
    // One without a number or a start is a social worker as well; what is wrong there has a finding of its own.
    const isNoneNow = facts.rows.ssd_involvements
      .filter((row) => mayBeWorker(row, facts))
      .every((row) => isBefore(row.invo_involvement_end_date, facts.days.today));
    const last = workersOf(facts).at(-1);
    return isNoneNow && last !== undefined
      ? [place('invo_involvement_end_date', last, 'a date before today, and no later social worker')]
      : [];
  },
});

export const workerRules = [numberOfWorker, notEnded, oneDay, startsEarly, noneNow] as const;
