/** Published rules that are not among ours, and why. */
interface NotEvaluated {
  /** As a return names them, such as `CIN census 8840`. */
  readonly rules: readonly string[];
  readonly asks: string;
  readonly why: string;
}

export const notEvaluated: readonly NotEvaluated[] = [
  {
    rules: ['CIN census 8500', 'CIN census 8510', 'CIN census 1570'],
    asks: 'A child id that is missing, used twice or too long',
    why: 'Such a child is held: the findings child-id and child-id-twice.',
  },
  {
    rules: ['CIN census 4010', 'CIN census 8720', 'CIN census 8730'],
    asks: 'A plan without a start, or the number of earlier plans',
    why: 'A plan without a start is left out (date-missing). The number of earlier plans is not sent.',
  },
  {
    rules: ['CIN census 4011', 'CIN census 8630', 'CIN census 8925'],
    asks: 'An end before its start',
    why: 'Such a record is left out: end-before-start.',
  },
  {
    rules: [
      'CIN census 8540',
      'CIN census 8640',
      'CIN census 8650',
      'CIN census 8905',
      'CIN census 8910',
      'CIN census 8945Q',
      'CIN census 8950Q',
    ],
    asks: 'A code that is not in its list',
    why: 'Such a value is left out (code-unknown, code-retired). The primary need and the categories of abuse are not sent.',
  },
  {
    rules: ['CIN census 8794', 'CIN census 8898'],
    asks: 'The same disability or factor twice',
    why: 'Each is sent once.',
  },
  {
    rules: [
      'CIN census 4008',
      'CIN census 4009Q',
      'CIN census 8535Q',
      'CIN census 8545Q',
      'CIN census 8555Q',
      'CIN census 8585Q',
      'CIN census 8915',
      'CIN census 8920',
    ],
    asks: 'Dates after the death of the child',
    why: 'The date of death is not sent, and not read.',
  },
  {
    rules: [
      'CIN census 4013',
      'CIN census 8620',
      'CIN census 8696',
      'CIN census 8715',
      'CIN census 8736',
      'CIN census 8740',
      'CIN census 8930',
      'CIN census 8569Q',
    ],
    asks: 'A date outside the census year',
    why: 'What is sent covers several years: a date of an earlier one is no fault.',
  },
  {
    rules: ['CIN census 4003', 'CIN census 8841', 'CIN census 8842Q', 'CIN census 8870Q'],
    asks: 'Reviews of plans, and target dates of conferences',
    why: 'They are not sent, and not read.',
  },
  {
    rules: ['CIN census 2883', 'CIN census 2884'],
    asks: 'More plans than conferences, and a conference recorded in two places',
    why: 'A plan may follow a conference of another council or of before the window; the SSD has one place for conferences.',
  },
  {
    rules: ['CIN census 8590'],
    asks: 'A child without a referral',
    why: 'A child who is looked after or has a plan under a referral of before the window is rightly sent without it.',
  },
  {
    rules: ['CIN census 8610'],
    asks: 'A referral without a primary need',
    why: 'The primary need is not sent, and not read.',
  },
  {
    rules: ['SSDA903 303'],
    asks: 'An end of the status as an unaccompanied child without the status',
    why: 'Both are sent of one row of ssd_immigration_status, which gives the status: the end cannot be there alone.',
  },
  {
    rules: ['SSDA903 370'],
    asks: 'Age in independent living',
    why: 'Withdrawn from the collection year 2024-25 on.',
  },
  {
    rules: ['SSDA903 700 to 710'],
    asks: 'Deprivation of liberty',
    why: 'It is not sent, and not read.',
  },
];
