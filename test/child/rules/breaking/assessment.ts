import type { PlainDate } from '../../../../shared/child/dates.js';
import type { PersonRows } from '../../../../shared/child/sourceRows.js';
import { anAssessment, someFactors } from '../../aPerson.js';
import { inNeed, soundPerson, withFirst, withRow, withoutRowsOf } from '../aSoundPerson.js';
import type { Breaking } from '../breaking.js';

/** Of 5 May 2025: `A1` from the 6th, authorised on 4 June. */
const open = soundPerson([inNeed]);
const closed = soundPerson([{ ...inNeed, isClosed: true }]);
/** Of 1 July 2026: `A1` was authorised on the 31st. */
const recent = soundPerson([{ ...inNeed, referred: '2026-07-01' }]);
/** Until 8 August 2026. */
const justClosed = soundPerson([{ ...inNeed, referred: '2026-01-20', isClosed: true }]);

const started = (rows: PersonRows, cina_assessment_start_date: PlainDate) =>
  withFirst(rows, 'ssd_cin_assessments', { cina_assessment_start_date });
const authorised = (rows: PersonRows, cina_assessment_auth_date: PlainDate | null) =>
  withFirst(rows, 'ssd_cin_assessments', { cina_assessment_auth_date });
const unfinished = (rows: PersonRows) => withoutRowsOf(authorised(rows, null), 'ssd_assessment_factors');
const withFactors = (rows: PersonRows, codes: string) =>
  withFirst(rows, 'ssd_assessment_factors', { cinf_assessment_factors_json: codes });
const second = (start: PlainDate, end: PlainDate | null) =>
  anAssessment({
    cina_assessment_id: 'A2',
    cina_assessment_start_date: start,
    cina_assessment_auth_date: end,
  });

export const breakingAssessments: readonly Breaking[] = [
  {
    rule: 'cin-1103',
    when: 'an assessment that started the day before the referral',
    sound: open,
    broken: (rows) => started(rows, '2025-05-04'),
    told: ['cin-1103: ssd_cin_assessments A1 cina_assessment_start_date'],
    butNot: 'one that started on that day',
    kept: (rows) => started(rows, '2025-05-05'),
  },
  {
    rule: 'authorisation-before-start',
    when: 'an authorisation of the day before the start',
    sound: open,
    broken: (rows) => authorised(rows, '2025-05-05'),
    told: ['authorisation-before-start: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'one of that day',
    kept: (rows) => authorised(rows, '2025-05-06'),
  },
  {
    rule: 'cin-8867',
    when: 'an assessment that is not authorised under a closed referral',
    sound: justClosed,
    broken: (rows) => started(unfinished(rows), '2026-06-10'),
    told: ['cin-8867: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'one that was authorised on the day of the closure',
    kept: (rows) => authorised(rows, '2026-08-08'),
  },
  {
    // The later one starts during the other.
    rule: 'cin-8896',
    when: 'two open assessments of a referral, except the latest',
    sound: recent,
    broken: (rows) => withRow(unfinished(rows), 'ssd_cin_assessments', second('2026-07-20', null)),
    told: [
      'cin-8896: ssd_cin_assessments A1 cina_assessment_auth_date',
      'cin-8863Q: ssd_cin_assessments A2 cina_assessment_start_date',
    ],
    butNot: 'one after an assessment that was authorised',
    kept: (rows) => withRow(rows, 'ssd_cin_assessments', second('2026-08-01', null)),
  },
  {
    rule: 'cin-8863Q',
    when: 'an assessment that started on the day another one was authorised',
    sound: open,
    broken: (rows) => withRow(rows, 'ssd_cin_assessments', second('2025-06-04', '2025-07-01')),
    told: ['cin-8863Q: ssd_cin_assessments A2 cina_assessment_start_date'],
    butNot: 'one that started the day after',
    kept: (rows) => withRow(rows, 'ssd_cin_assessments', second('2025-06-05', '2025-07-01')),
  },
  {
    rule: 'cin-8670Q',
    when: 'an assessment that has been open for 46 working days',
    sound: soundPerson([{ ...inNeed, referred: '2026-06-01' }]),
    broken: (rows) => started(unfinished(rows), '2026-06-08'),
    told: ['cin-8670Q: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'one that has been open for 45',
    kept: (rows) => started(unfinished(rows), '2026-06-09'),
  },
  {
    rule: 'cin-8614',
    when: 'factors of an assessment that is not authorised',
    sound: recent,
    broken: (rows) => authorised(rows, null),
    told: ['cin-8614: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'such an assessment without factors',
    kept: unfinished,
  },
  {
    rule: 'cin-8869',
    when: 'factor 21 with another one',
    sound: open,
    broken: (rows) => withFactors(rows, '["21","1A"]'),
    told: ['cin-8869: ssd_assessment_factors F1 cinf_assessment_factors_json'],
    butNot: 'factor 21 alone',
    kept: (rows) => withFactors(rows, '["21"]'),
  },
  {
    rule: 'cin-8873Q',
    when: 'a closure as RC7 after the only assessment found no factors',
    sound: closed,
    broken: (rows) => withFactors(rows, '["21"]'),
    told: ['cin-8873Q: ssd_cin_episodes R1 cine_close_reason'],
    butNot: 'one after two assessments',
    kept: (rows) =>
      withRow(withFactors(rows, '["21"]'), 'ssd_cin_assessments', second('2025-07-01', '2025-08-01')),
  },
  {
    rule: 'cin-8897Q',
    when: 'an assessment that was authorised in the collection year and has no factors',
    sound: open,
    broken: (rows) => withoutRowsOf(authorised(rows, '2026-04-01'), 'ssd_assessment_factors'),
    told: ['cin-8897Q: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'one that was authorised the day before it began',
    kept: (rows) => withoutRowsOf(authorised(rows, '2026-03-31'), 'ssd_assessment_factors'),
  },
  {
    rule: 'cin-8897Q',
    when: 'an assessment with an empty list of factors',
    sound: recent,
    broken: (rows) => withFactors(rows, '[]'),
    told: ['cin-8897Q: ssd_cin_assessments A1 cina_assessment_auth_date'],
    butNot: 'one with factors in a second row',
    kept: (rows) =>
      withRow(withFactors(rows, '[]'), 'ssd_assessment_factors', someFactors({ cinf_table_id: 'F2' })),
  },
];
