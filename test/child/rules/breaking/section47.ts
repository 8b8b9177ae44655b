import type { PlainDate } from '../../../../shared/child/dates.js';
import type { PersonRows } from '../../../../shared/child/sourceRows.js';
import { anAssessment, aSection47 } from '../../aPerson.js';
import { protectedChild, soundPerson, withFirst, withRow, withoutRowsOf } from '../aSoundPerson.js';
import type { Breaking } from '../breaking.js';

/** Of 5 May 2025: `S1` from Monday the 12th, its conference on Monday the 26th. */
const open = soundPerson([protectedChild]);
const closed = soundPerson([{ ...protectedChild, isClosed: true }]);
const recent = soundPerson([{ ...protectedChild, referred: '2026-06-01' }]);

const required = '{"CP_CONFERENCE_FLAG":"Y"}';
const notRequired = '{"CP_CONFERENCE_FLAG":"N"}';

const started = (rows: PersonRows, s47e_s47_start_date: PlainDate) =>
  withFirst(rows, 'ssd_s47_enquiry', { s47e_s47_start_date, s47e_s47_end_date: null });
const met = (rows: PersonRows, icpc_icpc_date: PlainDate) =>
  withFirst(rows, 'ssd_initial_cp_conference', { icpc_icpc_date });
const withoutConference = (rows: PersonRows, s47e_s47_outcome_json: string | null) =>
  withFirst(withoutRowsOf(rows, 'ssd_initial_cp_conference'), 'ssd_s47_enquiry', { s47e_s47_outcome_json });
const second = (start: PlainDate, outcome: string | null) =>
  aSection47({
    s47e_s47_enquiry_id: 'S2',
    s47e_s47_start_date: start,
    s47e_s47_outcome_json: outcome,
  });
const withoutAssessment = (rows: PersonRows) =>
  withoutRowsOf(withoutRowsOf(rows, 'ssd_cin_assessments'), 'ssd_assessment_factors');

export const breakingEnquiries: readonly Breaking[] = [
  {
    rule: 'cin-2889',
    when: 'an enquiry that started the day before the referral',
    sound: open,
    broken: (rows) => started(rows, '2025-05-04'),
    told: ['cin-2889: ssd_s47_enquiry S1 s47e_s47_start_date'],
    butNot: 'one that started on that day',
    kept: (rows) => started(rows, '2025-05-05'),
  },
  {
    // The enquiry, too, would have to start before the referral: 2889.
    rule: 'cin-1104',
    when: 'a conference before the referral',
    sound: open,
    broken: (rows) => met(rows, '2025-05-02'),
    told: [
      'cin-1104: ssd_initial_cp_conference C1 icpc_icpc_date',
      'conference-before-enquiry: ssd_initial_cp_conference C1 icpc_icpc_date',
    ],
    butNot: 'one on the day of the referral',
    kept: (rows) => met(started(rows, '2025-05-05'), '2025-05-05'),
  },
  {
    rule: 'conference-before-enquiry',
    when: 'a conference before the start of its enquiry',
    sound: open,
    broken: (rows) => met(rows, '2025-05-09'),
    told: ['conference-before-enquiry: ssd_initial_cp_conference C1 icpc_icpc_date'],
    butNot: 'one on the day of the start',
    kept: (rows) => met(rows, '2025-05-12'),
  },
  {
    rule: 'cin-8875',
    when: 'a conference on a Saturday',
    sound: open,
    broken: (rows) => met(rows, '2025-05-31'),
    told: ['cin-8875: ssd_initial_cp_conference C1 icpc_icpc_date'],
    butNot: 'one on a Friday',
    kept: (rows) => met(rows, '2025-05-30'),
  },
  {
    rule: 'cin-8875',
    when: 'a conference on a Sunday',
    sound: open,
    broken: (rows) => met(rows, '2025-06-01'),
    told: ['cin-8875: ssd_initial_cp_conference C1 icpc_icpc_date'],
    butNot: 'one on a Monday',
    kept: (rows) => met(rows, '2025-06-02'),
  },
  {
    rule: 'cin-8868',
    when: 'an enquiry with neither a conference nor an outcome under a closed referral',
    sound: closed,
    broken: (rows) => withoutConference(rows, null),
    told: ['cin-8868: ssd_s47_enquiry S1 s47e_s47_outcome_json'],
    butNot: 'one whose outcome requires none',
    kept: (rows) => withoutConference(rows, notRequired),
  },
  {
    // The later one starts while the other waits.
    rule: 'cin-8839',
    when: 'two enquiries that wait for a conference, except the latest',
    sound: open,
    broken: (rows) => withRow(withoutConference(rows, null), 'ssd_s47_enquiry', second('2025-06-02', null)),
    told: [
      'cin-8839: ssd_s47_enquiry S1 s47e_s47_outcome_json',
      'cin-8890: ssd_s47_enquiry S2 s47e_s47_start_date',
    ],
    butNot: 'one that waits after one that requires no conference',
    kept: (rows) =>
      withRow(withoutConference(rows, notRequired), 'ssd_s47_enquiry', second('2025-06-02', null)),
  },
  {
    rule: 'cin-8890',
    when: 'an enquiry that started on the day of the conference of another one',
    sound: open,
    broken: (rows) => withRow(rows, 'ssd_s47_enquiry', second('2025-05-26', notRequired)),
    told: ['cin-8890: ssd_s47_enquiry S2 s47e_s47_start_date'],
    butNot: 'one that started the day after',
    kept: (rows) => withRow(rows, 'ssd_s47_enquiry', second('2025-05-27', notRequired)),
  },
  {
    rule: 'cin-8675Q',
    when: 'an enquiry that has waited 16 working days for the conference that it requires',
    sound: recent,
    broken: (rows) => started(withoutConference(rows, required), '2026-07-20'),
    told: ['cin-8675Q: ssd_s47_enquiry S1 s47e_s47_start_date'],
    butNot: 'one that has waited 15',
    kept: (rows) => started(withoutConference(rows, required), '2026-07-21'),
  },
  {
    rule: 'cin-2991Q',
    when: 'an enquiry without an assessment',
    sound: open,
    broken: withoutAssessment,
    told: ['cin-2991Q: ssd_s47_enquiry S1 s47e_s47_start_date'],
    butNot: 'one with an assessment of before the window',
    kept: (rows) =>
      withRow(
        withoutAssessment(rows),
        'ssd_cin_assessments',
        anAssessment({ cina_assessment_start_date: '2023-05-02', cina_assessment_auth_date: '2023-06-01' }),
      ),
  },
];
