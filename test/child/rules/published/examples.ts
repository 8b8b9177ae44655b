import type { PlainDate } from '../../../../shared/child/dates.js';

/*
 * The examples of Data to Insight's public validator (github.com/data-to-insight/CIN-validator): what each child has, and
 * whether a rule asks about it there. They are facts, typed again in a form of ours. Dates are moved by 28 years, a whole
 * cycle of weekdays and leap years, where the year is one from which no rules are published; a code that is in no list
 * is replaced by one that is. What an example does not say, `published.test.ts` fills in.
 */

export interface PublishedReferral {
  readonly id?: string;
  readonly date?: PlainDate;
  readonly closed?: PlainDate;
  readonly reason?: string;
  readonly nfa?: string | null;
  readonly source?: string | null;
  /** A conference that is recorded with the referral itself. */
  readonly met?: PlainDate;
}

/** Something under the referral `of`. */
export interface PublishedItem {
  readonly id?: string;
  readonly of?: string;
  readonly start?: PlainDate;
  readonly end?: PlainDate;
}

export interface PublishedChild {
  readonly child: string;
  readonly isAsked: boolean;
  readonly person?: {
    readonly born?: PlainDate | null;
    readonly expected?: PlainDate | null;
    readonly sex?: string | null;
    readonly upn?: string | null;
    readonly noUpn?: string | null;
  };
  readonly disabilities?: readonly string[];
  readonly referrals?: readonly PublishedReferral[];
  readonly assessments?: readonly (PublishedItem & { readonly factors?: readonly string[] })[];
  readonly cinPlans?: readonly PublishedItem[];
  readonly cpPlans?: readonly PublishedItem[];
  readonly enquiries?: readonly (PublishedItem & {
    readonly met?: PlainDate;
    readonly notRequired?: boolean;
  })[];
}

export interface PublishedExamples {
  readonly number: string;
  /** The reference date. */
  readonly on: PlainDate;
  readonly children: readonly PublishedChild[];
}

export const publishedExamples: readonly PublishedExamples[] = [
  {
    number: '1103',
    on: '2050-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [{ id: 'CIN1', date: '2049-07-01' }],
        assessments: [{ of: 'CIN1', start: '2049-06-30' }],
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [{ id: 'CIN2', date: '2049-09-01' }],
        assessments: [{ of: 'CIN2', start: '2049-09-10' }],
      },
      {
        child: 'child3',
        isAsked: false,
        referrals: [{ id: 'CIN3', date: '2028-05-26' }],
        assessments: [{ of: 'CIN3' }],
      },
      {
        child: 'child4',
        isAsked: true,
        referrals: [{ id: 'CIN4', date: '2049-12-10' }],
        assessments: [{ of: 'CIN4', start: '2049-12-01' }],
      },
      {
        child: 'child5',
        isAsked: false,
        referrals: [{ id: 'CIN5' }],
        assessments: [{ of: 'CIN5', start: '2050-02-10' }],
      },
    ],
  },
  {
    number: '1104',
    on: '2031-08-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { id: 'cinID1', date: '2029-10-26' },
          { id: 'cinID2', date: '2030-06-13' },
        ],
        enquiries: [
          { of: 'cinID1', met: '2028-05-19' },
          { of: 'cinID2', met: '2028-05-26' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [{ id: 'cinID1', date: '2028-05-26' }],
        enquiries: [{ of: 'cinID1' }],
      },
      {
        child: 'child3',
        isAsked: false,
        referrals: [
          { id: 'cinID1', date: '2028-05-28' },
          { id: 'cinID2' },
          { id: 'cinID4', date: '2028-05-28' },
        ],
        enquiries: [
          { of: 'cinID1', met: '2031-05-31' },
          { of: 'cinID2', met: '2028-05-26' },
        ],
      },
    ],
  },
  {
    number: '1105',
    on: '2030-12-01',
    children: [
      {
        child: 'child1',
        isAsked: false,
        referrals: [
          { id: 'cinID1', date: '2028-05-26' },
          { id: 'cinID2', date: '2028-05-26' },
        ],
        cpPlans: [
          { of: 'cinID1', start: '2028-05-26' },
          { of: 'cinID2', start: '2030-06-27' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { id: 'cinID6', date: '2028-05-26' },
          { id: 'cinID4', date: '2028-05-27' },
        ],
        cpPlans: [
          { of: 'cinID6', start: '2027-02-07' },
          { of: 'cinID4', start: '2029-05-26' },
        ],
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [{ id: 'cinID3', date: '2028-05-30' }],
        cpPlans: [{ of: 'cinID3', start: '2028-05-26' }],
      },
    ],
  },
  {
    number: '2885',
    on: '2050-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        enquiries: [
          { of: 'cinID1', met: '2049-05-26', notRequired: false },
          { of: 'cinID2', met: '2049-05-26', notRequired: false },
        ],
        cpPlans: [
          { of: 'cinID1', start: '2049-05-26' },
          { of: 'cinID1', start: '2049-06-26' },
          { of: 'cinID2', start: '2030-06-27' },
        ],
      },
      {
        child: 'child2',
        isAsked: true,
        enquiries: [{ of: 'cinID1', met: '2049-05-30', notRequired: false }],
        cpPlans: [{ of: 'cinID1', start: '2049-05-26' }],
      },
      {
        child: 'child3',
        isAsked: true,
        enquiries: [
          { of: 'cinID2', met: '2049-05-26', notRequired: false },
          { of: 'cinID3', met: '2049-05-26', notRequired: false },
          { of: 'cinID4', notRequired: false },
        ],
        cpPlans: [
          { of: 'cinID1', start: '2049-05-26' },
          { of: 'cinID2' },
          { of: 'cinID3', start: '2050-02-07' },
          { of: 'cinID4', start: '2050-03-14' },
        ],
      },
      {
        child: 'child5',
        isAsked: false,
        enquiries: [
          { of: 'cinID4', met: '2049-07-19', notRequired: false },
          { of: 'cinID4', notRequired: false },
        ],
        cpPlans: [{ of: 'cinID4', start: '2049-07-19' }],
      },
      {
        child: 'child6',
        isAsked: true,
        enquiries: [{ of: 'cinID4', notRequired: false }],
        cpPlans: [{ of: 'cinID4', start: '2049-07-19' }],
      },
      {
        child: 'child8',
        isAsked: false,
        enquiries: [
          { of: 'cinID1', met: '2049-10-20', notRequired: false },
          { of: 'cinID1', met: '2049-07-22', notRequired: false },
        ],
        cpPlans: [{ of: 'cinID1', start: '2049-10-20' }],
      },
      {
        child: 'child9',
        isAsked: false,
        enquiries: [{ of: 'cinID1', notRequired: true }],
        cpPlans: [
          { of: 'cinID1', start: '2049-10-20' },
          { of: 'cinID1', start: '2049-03-31' },
        ],
      },
      { child: 'child7', isAsked: false },
    ],
  },
  {
    number: '2990',
    on: '2031-08-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [{ id: 'cinID1', reason: 'RC8' }],
        cinPlans: [{ of: 'cinID1' }, { of: 'cinID2' }, { of: 'cinID3' }, { of: 'cinID4' }],
        enquiries: [{ of: 'cinID2' }],
        cpPlans: [
          { of: 'cinID10', start: '2028-05-26' },
          { of: 'cinID2', start: '2030-06-27' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { id: 'cinID3', reason: 'RC8' },
          { id: 'cinID2', reason: 'RC3', met: '2028-05-26' },
          { id: 'cinID8', reason: 'RC3', met: '2031-05-26' },
          { id: 'cinID4', reason: 'RC3', met: '2029-03-14' },
        ],
        enquiries: [
          { of: 'cinID1' },
          { of: 'cinID2', met: '2028-05-26' },
          { of: 'cinID3' },
          { of: 'cinID4', met: '2029-03-14' },
        ],
        cpPlans: [
          { of: 'cinID3', start: '2028-05-26' },
          { of: 'cinID30', start: '2029-02-07' },
          { of: 'cinID4', start: '2029-03-14' },
        ],
      },
      {
        child: 'child30',
        isAsked: false,
        cpPlans: [{ of: 'cinID3', start: '2028-05-26' }, { of: 'cinID2' }],
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [{ id: 'cinID2', reason: 'RC9' }],
        enquiries: [{ of: 'cinID2' }, { of: 'cinID1' }],
      },
      { child: 'child4', isAsked: true, referrals: [{ id: 'cinID4', reason: 'RC8', met: '2028-05-28' }] },
      { child: 'child7', isAsked: false, referrals: [{ id: 'cinID4', reason: 'RC3' }] },
    ],
  },
  {
    number: '2991Q',
    on: '2030-12-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        assessments: [{}, { of: 'cinID2' }],
        enquiries: [
          { of: 'cinID1', met: '2028-05-26' },
          { of: 'cinID2', met: '2028-05-26' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        assessments: [{ of: 'cinID1' }, { of: 'cinID2' }, { of: 'cinID3' }, { of: 'cinID4' }],
        enquiries: [
          { of: 'cinID1', met: '2028-05-27' },
          { of: 'cinID2', met: '2028-05-26' },
          { of: 'cinID3', met: '2028-05-26' },
          {},
        ],
      },
      { child: 'child4', isAsked: false, assessments: [{ of: 'cinID4' }] },
      { child: 'child2', isAsked: true, enquiries: [{ of: 'cinID1', met: '2028-05-30' }] },
    ],
  },
  {
    number: '4000',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { id: 'CDID1', nfa: 'Y' },
          { id: 'CDID2', nfa: null },
        ],
        cinPlans: [{ of: 'CDID1' }, { of: 'CDID2' }],
      },
      {
        child: 'child4',
        isAsked: false,
        referrals: [{ id: 'CDID6', nfa: 'N' }],
        cinPlans: [{ of: 'CDID6' }],
      },
      { child: 'child3', isAsked: false, referrals: [{ id: 'CDID6', nfa: 'Y' }] },
    ],
  },
  {
    number: '4001',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: false,
        cinPlans: [
          { of: 'cinID1', start: '2028-04-04', end: '2028-04-04' },
          { of: 'cinID1', start: '2028-04-04', end: '2028-05-28' },
        ],
        cpPlans: [{ of: 'cinID1', end: '2028-05-30' }, { of: 'cinID1' }],
      },
      {
        child: 'child2',
        isAsked: true,
        cinPlans: [
          { of: 'cinID3', start: '2028-04-04' },
          { of: 'cinID4', start: '2028-04-04' },
        ],
        cpPlans: [{ of: 'cinID3' }],
      },
      {
        child: 'child3',
        isAsked: false,
        cinPlans: [{ of: 'cinID5', start: '2028-04-04', end: '2029-10-30' }],
        cpPlans: [{ of: 'cinID5', end: '2029-10-30' }],
      },
      { child: 'child5', isAsked: false, cpPlans: [{ of: 'cinID7' }] },
      { child: 'child6', isAsked: false, cinPlans: [{ of: 'cinID9' }], cpPlans: [{ of: 'cinID8' }] },
      { child: 'child4', isAsked: false, cinPlans: [{ of: 'cinID6', start: '2028-04-04' }] },
    ],
  },
  {
    number: '4004',
    on: '2050-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        cinPlans: [{ of: 'CINdetailsID1' }, { of: 'CINdetailsID1' }, { of: 'CINdetailsID2' }],
      },
      {
        child: 'child2',
        isAsked: true,
        cinPlans: [
          { of: 'CINdetailsID1', end: '2049-05-26' },
          { of: 'CINdetailsID2' },
          { of: 'CINdetailsID2' },
        ],
      },
    ],
  },
  {
    number: '4012Q',
    on: '2048-08-01',
    children: [
      { child: 'AAAAAAAA', isAsked: true, cinPlans: [{ start: '2048-01-01', end: '2048-01-01' }] },
      { child: 'BBBBBBBBB', isAsked: false, cinPlans: [{ start: '2048-02-01', end: '2048-01-01' }] },
      { child: 'CCCCCCCCCCC', isAsked: true, cinPlans: [{ start: '2048-03-01', end: '2048-03-01' }] },
      { child: 'DDDDDDDDD', isAsked: false, cinPlans: [{ start: '2048-01-15', end: '2048-01-17' }] },
      { child: 'EEEE', isAsked: false, cinPlans: [{}] },
      { child: 'FFFFFFFFF', isAsked: false, cinPlans: [{ start: '2048-07-01', end: '2048-01-01' }] },
      { child: 'GGGGGGGGGG', isAsked: true, cinPlans: [{ start: '2048-01-15', end: '2048-01-15' }] },
      { child: 'HHHH', isAsked: false, cinPlans: [{ end: '2048-01-01' }] },
    ],
  },
  {
    number: '4014',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        cinPlans: [
          { start: '2028-05-26', end: '2028-10-26' },
          { start: '2028-08-26', end: '2028-12-26' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        cinPlans: [
          { start: '2028-05-26', end: '2028-10-25' },
          { start: '2028-10-26', end: '2028-12-26' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        cinPlans: [{ start: '2028-05-26' }, { start: '2028-08-26', end: '2028-10-26' }],
      },
      {
        child: 'child4',
        isAsked: true,
        cinPlans: [{ start: '2028-10-26', end: '2029-03-31' }, { start: '2029-03-31' }],
      },
      { child: 'child5', isAsked: true, cinPlans: [{ start: '2029-03-31' }, { start: '2029-03-31' }] },
    ],
  },
  {
    number: '4016',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        cinPlans: [
          { start: '2028-04-04' },
          { start: '2028-05-28' },
          { start: '2028-05-30' },
          { start: '2028-06-04' },
          { start: '2028-06-30' },
        ],
        cpPlans: [
          { id: 'cinID1', start: '2028-05-26', end: '2028-05-30' },
          { id: 'cinID1', start: '2028-06-26' },
        ],
      },
      {
        child: 'child2',
        isAsked: true,
        cinPlans: [{ start: '2028-10-26' }, { start: '2029-02-26' }, { start: '2029-03-26' }],
        cpPlans: [
          { id: 'cinID1', start: '2028-10-26', end: '2028-12-10' },
          { id: 'cinID1', start: '2029-02-26' },
        ],
      },
      {
        child: 'child3',
        isAsked: false,
        cinPlans: [{ start: '2029-10-30' }],
        cpPlans: [{ id: 'cinID1', start: '2028-05-26', end: '2029-10-30' }],
      },
      {
        child: 'child5',
        isAsked: true,
        cinPlans: [{ start: '2029-03-31' }],
        cpPlans: [{ id: 'cinID1', start: '2028-05-26' }],
      },
      { child: 'child4', isAsked: false, cinPlans: [{ start: '2028-06-04' }] },
    ],
  },
  {
    number: '4017',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        cinPlans: [{ start: '2028-05-26', end: '2028-05-30' }, { start: '2028-06-26' }],
        cpPlans: [
          { start: '2028-04-04' },
          { start: '2028-05-28' },
          { start: '2028-05-30' },
          { start: '2028-06-04' },
          { start: '2028-06-30' },
        ],
      },
      {
        child: 'child2',
        isAsked: true,
        cinPlans: [{ start: '2028-10-26', end: '2028-12-10' }, { start: '2029-02-26' }],
        cpPlans: [{ start: '2028-10-26' }, { start: '2029-02-26' }, { start: '2029-03-26' }],
      },
      {
        child: 'child3',
        isAsked: false,
        cinPlans: [{ start: '2028-05-26', end: '2029-10-30' }],
        cpPlans: [{ start: '2029-10-30' }],
      },
      {
        child: 'child5',
        isAsked: true,
        cinPlans: [{ start: '2028-05-26' }],
        cpPlans: [{ start: '2029-03-31' }],
      },
      {
        child: 'child8',
        isAsked: true,
        cinPlans: [{ start: '2028-09-15' }, { start: '2028-06-09', end: '2028-07-20' }],
        cpPlans: [{ start: '2028-06-22' }],
      },
      { child: 'child4', isAsked: false, cpPlans: [{ start: '2028-06-04' }] },
    ],
  },
  {
    number: '8525Q',
    on: '2029-03-31',
    children: [
      { child: 'child1', isAsked: true, person: { born: '2028-05-26', expected: '2028-05-26' } },
      { child: 'child2', isAsked: true, person: { born: '2028-05-26', expected: '2029-05-26' } },
      { child: 'child4', isAsked: false, person: { born: '2028-05-26', expected: null } },
      { child: 'child5', isAsked: true, person: { born: '2028-05-26', expected: '2028-05-25' } },
      { child: 'child6', isAsked: true, person: { born: null, expected: null } },
    ],
  },
  {
    number: '8530Q',
    on: '2023-03-31',
    children: [
      { child: 'ID1', isAsked: false, person: { expected: null } },
      { child: 'ID2', isAsked: false, person: { expected: '2023-03-30' } },
      { child: 'ID3', isAsked: true, person: { expected: '2021-10-15' } },
      { child: 'ID4', isAsked: true, person: { expected: '2024-03-15' } },
    ],
  },
  {
    number: '8565',
    on: '2050-08-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { id: 'CINID1', closed: '2050-05-26', met: '2050-05-26' },
          { id: 'CINID2', closed: '2050-05-26' },
          { id: 'CINID3', closed: '2050-05-26', met: '2050-05-27' },
          { id: 'CINID4', closed: '2050-05-26', met: '2050-05-26' },
        ],
        assessments: [
          { of: 'CINID1', start: '2050-05-27', end: '2050-05-26' },
          { of: 'CINID1', start: '2050-05-26', end: '2050-05-26' },
          { of: 'CINID2', start: '2050-05-27', end: '2050-05-26' },
          { of: 'CINID3', start: '2050-05-26', end: '2050-05-26' },
          { of: 'CINID4' },
        ],
        cinPlans: [{ of: 'CINID1', start: '2050-05-27', end: '2050-05-26' }],
        enquiries: [{ of: 'CINID1', start: '2050-05-27', met: '2050-05-26' }],
        cpPlans: [{ of: 'CINID1', end: '2050-05-27' }],
      },
    ],
  },
  {
    number: '8606',
    on: '2028-08-01',
    children: [
      {
        child: 'child1',
        isAsked: false,
        referrals: [{ date: '2028-04-26' }],
        person: { born: '2028-05-26', expected: null },
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [{ date: '2026-06-27' }],
        person: { born: '2028-05-26', expected: null },
      },
      {
        child: 'child3',
        isAsked: false,
        referrals: [{ date: '2028-04-07' }],
        person: { born: null, expected: '2028-05-26' },
      },
      {
        child: 'child4',
        isAsked: true,
        referrals: [{ date: '2026-02-07' }],
        person: { born: null, expected: '2028-05-26' },
      },
    ],
  },
  {
    number: '8608',
    on: '2029-03-31',
    children: [
      { child: 'child1', isAsked: false, assessments: [{ start: '2028-05-26', end: '2028-05-26' }] },
      { child: 'child2', isAsked: false, assessments: [{ start: '2028-05-26', end: '2029-05-26' }] },
      {
        child: 'child3',
        isAsked: true,
        assessments: [{ start: '2028-05-26', end: '2027-05-26' }, { start: '2028-05-26' }],
      },
      { child: 'child4', isAsked: true, assessments: [{ start: '2028-05-26', end: '2028-05-25' }] },
      { child: 'child5', isAsked: false, assessments: [{}] },
    ],
  },
  {
    number: '8614',
    on: '2028-08-01',
    children: [
      { child: 'child1', isAsked: false, assessments: [{ end: '2028-05-26', factors: ['1A'] }] },
      { child: 'child2', isAsked: false, assessments: [{ end: '2028-05-26', factors: ['1A'] }] },
      { child: 'child3', isAsked: true, assessments: [{ factors: ['1A'] }, { end: '2028-05-26' }] },
      { child: 'child4', isAsked: true, assessments: [{ factors: ['1A'] }] },
      { child: 'child5', isAsked: false, assessments: [{}] },
    ],
  },
  {
    number: '8615',
    on: '2048-08-01',
    children: [
      { child: 'AAAAAAAA', isAsked: false, enquiries: [{ start: '2048-01-01', met: '2048-01-01' }] },
      { child: 'BBBBBBBBB', isAsked: true, enquiries: [{ start: '2048-02-01', met: '2048-01-01' }] },
      { child: 'CCCCCCCCCCC', isAsked: false, enquiries: [{ start: '2048-03-01', met: '2048-03-01' }] },
      { child: 'DDDDDDDDD', isAsked: false, enquiries: [{ start: '2048-01-15', met: '2048-01-17' }] },
      { child: 'EEEE', isAsked: false, enquiries: [{}] },
      { child: 'FFFFFFFFF', isAsked: true, enquiries: [{ start: '2048-07-01', met: '2048-01-01' }] },
      { child: 'GGGGGGGGGG', isAsked: false, enquiries: [{ start: '2048-01-15', met: '2048-01-15' }] },
      { child: 'HHHH', isAsked: true, enquiries: [{ met: '2048-01-01' }] },
    ],
  },
  {
    number: '8670Q',
    on: '2023-03-31',
    children: [
      { child: 'ID1', isAsked: false, assessments: [{ start: '2022-10-15', end: '2022-05-26' }] },
      { child: 'ID2', isAsked: true, assessments: [{ start: '2022-10-15' }] },
      { child: 'ID3', isAsked: false, assessments: [{ start: '2023-03-15' }] },
      { child: 'ID4', isAsked: true, assessments: [{ start: '2023-01-29' }] },
    ],
  },
  {
    number: '8675Q',
    on: '2050-03-31',
    children: [
      { child: 'child1', isAsked: true, enquiries: [{ start: '2050-01-29', notRequired: false }] },
      {
        child: 'child2',
        isAsked: false,
        enquiries: [{ start: '2029-05-26', met: '2028-05-26', notRequired: false }],
      },
      {
        child: 'child3',
        isAsked: false,
        enquiries: [
          { start: '2050-03-25', notRequired: false },
          { met: '2028-05-26', notRequired: false },
        ],
      },
      { child: 'child5', isAsked: false, enquiries: [{ notRequired: true }] },
      { child: 'child6', isAsked: true, enquiries: [{ start: '2050-01-29', notRequired: false }] },
    ],
  },
  {
    number: '8750',
    on: '2028-08-01',
    children: [
      { child: 'child1', isAsked: false, person: { born: '2028-05-26', expected: '2028-05-26', sex: 'M' } },
      { child: 'child2', isAsked: false, person: { born: '2028-05-26', expected: null, sex: 'F' } },
      { child: 'child3', isAsked: false, person: { born: null, expected: null, sex: 'F' } },
      { child: 'child4', isAsked: true, person: { born: null, expected: '2028-05-25', sex: 'M' } },
    ],
  },
  {
    number: '8770Q',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: false,
        referrals: [{ nfa: 'N' }],
        person: { born: '2023-09-01', upn: null, noUpn: null },
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [{ nfa: 'N' }],
        person: { born: '2018-05-26', upn: 'G383200001001', noUpn: null },
      },
      {
        child: 'child3',
        isAsked: false,
        referrals: [{ nfa: 'N' }],
        person: { born: '2018-05-26', upn: null, noUpn: 'UN2' },
      },
      {
        child: 'child4',
        isAsked: false,
        referrals: [{ nfa: 'N' }],
        person: { born: '2018-05-26', upn: null, noUpn: 'un5' },
      },
      {
        child: 'child5',
        isAsked: true,
        referrals: [{ nfa: 'N' }],
        person: { born: '2023-08-31', upn: null, noUpn: null },
      },
      {
        child: 'child6',
        isAsked: true,
        referrals: [{ nfa: 'N' }, { nfa: 'Y' }],
        person: { born: '2023-08-31', upn: null, noUpn: 'UN1' },
      },
      {
        child: 'child7',
        isAsked: false,
        referrals: [{ nfa: 'Y' }],
        person: { born: '2018-05-26', upn: null, noUpn: 'UN8' },
      },
      {
        child: 'child8',
        isAsked: true,
        referrals: [{ nfa: 'N' }],
        person: { born: '2021-08-31', upn: null, noUpn: null },
      },
    ],
  },
  {
    number: '8772',
    on: '2029-03-31',
    children: [
      { child: 'child1', isAsked: false, referrals: [{ nfa: 'Y' }], person: { noUpn: 'UN6' } },
      { child: 'child2', isAsked: false, referrals: [{ nfa: 'Y' }], person: { noUpn: 'UN7' } },
      { child: 'child3', isAsked: true, referrals: [{ nfa: null }], person: { noUpn: 'UN7' } },
      { child: 'child4', isAsked: true, referrals: [{ nfa: 'nottrue' }], person: { noUpn: 'UN7' } },
      { child: 'child5', isAsked: false, referrals: [{ nfa: 'Y' }], person: { noUpn: 'UN4' } },
    ],
  },
  {
    number: '8775Q',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [{ closed: '2028-01-01' }],
        person: { born: '1908-01-01' },
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [{}, { closed: '1918-10-26' }],
        person: { born: '1908-01-01' },
      },
      {
        child: 'child3',
        isAsked: false,
        referrals: [{ closed: '2027-10-26' }],
        person: { born: '2028-01-01' },
      },
      {
        child: 'child4',
        isAsked: false,
        referrals: [{ closed: '1832-10-26' }],
        person: { born: '1828-01-01' },
      },
    ],
  },
  {
    number: '8790',
    on: '2029-03-31',
    children: [
      { child: '1', isAsked: true, disabilities: ['NONE', 'AUT'] },
      { child: '2', isAsked: false, disabilities: ['NONE'] },
      { child: '3', isAsked: false, disabilities: ['MOB'] },
      { child: '4', isAsked: true, disabilities: ['NONE', 'VIS'] },
      { child: '5', isAsked: false, disabilities: ['HEAR'] },
    ],
  },
  {
    number: '8805',
    on: '2028-08-01',
    children: [
      { child: 'child1', isAsked: false, referrals: [{ closed: '2028-05-26', reason: 'RC7' }] },
      { child: 'child2', isAsked: false, referrals: [{ reason: 'RC7' }] },
      {
        child: 'child3',
        isAsked: true,
        referrals: [{ closed: '2027-05-26', reason: 'RC7' }, { closed: '2028-05-26' }],
      },
      { child: 'child4', isAsked: true, referrals: [{ closed: '2028-05-25' }] },
      { child: 'child5', isAsked: false, referrals: [{}] },
    ],
  },
  {
    number: '8810',
    on: '2029-08-01',
    children: [
      { child: 'child1', isAsked: false, referrals: [{ id: 'CINID1', closed: '2028-05-26', reason: 'RC7' }] },
      { child: 'child2', isAsked: false, referrals: [{ id: 'CINID2', closed: '2029-05-26', reason: 'RC7' }] },
      { child: 'child3', isAsked: true, referrals: [{ id: 'CINID3', reason: 'RC7' }] },
      {
        child: 'child4',
        isAsked: true,
        referrals: [
          { id: 'CINID4', reason: 'RC7' },
          { id: 'CINID5', closed: '2028-05-25' },
        ],
      },
      { child: 'child5', isAsked: false, referrals: [{ id: 'CINID6' }] },
    ],
  },
  {
    number: '8815',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: false,
        referrals: [
          { id: 'cinID1', date: '2028-05-26', nfa: 'Y' },
          { id: 'cinID12', date: '2028-08-26', nfa: 'N' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [
          { id: 'cinID2', date: '2028-05-26', closed: '2028-10-25', nfa: 'Y' },
          { id: 'cinID22', date: '2028-10-26', closed: '2028-12-26', nfa: 'Y' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { id: 'cinID3', date: '2028-05-26', nfa: 'N' },
          { id: 'cinID32', date: '2028-08-26', nfa: 'N' },
        ],
      },
      {
        child: 'child4',
        isAsked: true,
        referrals: [
          { id: 'cinID4', date: '2028-10-26', nfa: 'N' },
          { id: 'cinID42', date: '2029-03-31', nfa: 'N' },
        ],
      },
    ],
  },
  {
    number: '8816',
    on: '2030-12-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { date: '2028-10-26', nfa: 'N' },
          { date: '2029-10-26', closed: '2029-05-26', nfa: 'N' },
          { date: '2027-10-26', nfa: 'N' },
          { date: '2030-10-26', nfa: 'N' },
        ],
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [
          { date: '2027-10-26', nfa: 'N' },
          { date: '2018-10-26', nfa: 'N' },
        ],
      },
      { child: 'child4', isAsked: false, referrals: [{ nfa: 'N' }, { nfa: 'N' }] },
      {
        child: 'child5',
        isAsked: true,
        referrals: [
          { date: '2027-10-26', nfa: 'N' },
          { date: '2027-10-26', nfa: 'N' },
        ],
      },
    ],
  },
  {
    number: '8820',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { date: '2028-05-26', closed: '2028-10-26', nfa: 'Y' },
          { date: '2028-08-26', nfa: 'N' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [
          { date: '2028-05-26', closed: '2028-10-25', nfa: 'Y' },
          { date: '2028-10-26', closed: '2028-12-26', nfa: 'Y' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { date: '2028-05-26', closed: '2029-10-26', nfa: 'Y' },
          { date: '2028-08-26', closed: '2028-10-26', nfa: 'Y' },
        ],
      },
      {
        child: 'child4',
        isAsked: false,
        referrals: [
          { date: '2028-10-26', closed: '2029-03-31', nfa: 'Y' },
          { date: '2028-09-26', nfa: 'Y' },
        ],
      },
      {
        child: 'child5',
        isAsked: false,
        referrals: [
          { date: '2028-07-08', closed: '2028-08-23', nfa: 'N' },
          { date: '2028-05-05', closed: '2028-07-08', nfa: 'N' },
        ],
      },
      {
        child: 'child6',
        isAsked: true,
        referrals: [
          { date: '2028-05-05', closed: '2028-07-08', nfa: 'N' },
          { date: '2028-05-05', closed: '2028-07-08', nfa: 'N' },
        ],
      },
    ],
  },
  {
    number: '8825Q',
    on: '2029-03-31',
    children: [
      { child: 'child7', isAsked: false, assessments: [{ of: 'cinID1' }] },
      {
        child: 'child3',
        isAsked: false,
        referrals: [
          { id: 'cinID1', reason: 'RC8' },
          { id: 'cinID2', reason: 'RC7' },
          { id: 'cinID3', reason: 'RC9' },
        ],
        assessments: [{ of: 'cinID1' }, { of: 'cinID2' }, { of: 'cinID3' }, { of: 'cinID4' }],
      },
      {
        child: 'child4',
        isAsked: true,
        referrals: [{ id: 'cinID4', reason: 'RC8' }],
        assessments: [{ of: 'cinID1' }],
      },
      { child: 'child1', isAsked: false, referrals: [{ id: 'cinID1' }, { id: 'cinID2', reason: 'RC7' }] },
      { child: 'child2', isAsked: false, referrals: [{ id: 'cinID1', reason: 'RC7' }] },
    ],
  },
  {
    number: '8831',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [{ id: 'cinID1', nfa: 'Y' }],
        assessments: [
          { of: 'cinID1', end: '2028-01-01' },
          { of: 'cinID2' },
          { of: 'cinID3' },
          { of: 'cinID4' },
        ],
        enquiries: [{ of: 'cinID2' }],
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [{ id: 'cinID2', nfa: 'Y' }],
        enquiries: [{ of: 'cinID2', start: '2028-01-01' }, { of: 'cinID1' }],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { id: 'cinID3', nfa: 'Y' },
          { id: 'cinID2', nfa: 'N', met: '2028-05-26' },
          { id: 'cinID8', nfa: 'N', met: '2031-05-26' },
          { id: 'cinID4', nfa: 'N', met: '2029-03-14' },
        ],
        assessments: [{ of: 'cinID3', start: '2028-01-01', end: '2028-01-01' }],
        enquiries: [{ of: 'cinID1' }, { of: 'cinID2' }, { of: 'cinID3' }, { of: 'cinID4' }],
      },
      { child: 'child4', isAsked: true, referrals: [{ id: 'cinID4', nfa: 'Y', met: '2028-05-28' }] },
    ],
  },
  {
    number: '8832',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { id: 'CDID1', nfa: 'Y' },
          { id: 'CDID2', nfa: null },
        ],
        cpPlans: [{ of: 'CDID1' }, { of: 'CDID2' }],
      },
      { child: 'child4', isAsked: false, referrals: [{ id: 'CDID0', nfa: 'N' }], cpPlans: [{ of: 'CDID0' }] },
      { child: 'child5', isAsked: false, referrals: [{ id: 'CDID0', nfa: 'N' }], cpPlans: [{ of: 'CDID0' }] },
      { child: 'child3', isAsked: false, referrals: [{ id: 'CDID6', nfa: 'Y' }] },
    ],
  },
  {
    number: '8839',
    on: '2049-08-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        enquiries: [
          { of: 'cinID1', notRequired: false },
          { of: 'cinID1', notRequired: false },
          { of: 'cinID2', notRequired: false },
        ],
      },
      {
        child: 'child2',
        isAsked: true,
        enquiries: [
          { of: 'cinID2', met: '2049-05-26', notRequired: false },
          { of: 'cinID2' },
          { of: 'cinID2' },
        ],
      },
      {
        child: 'child3',
        isAsked: false,
        enquiries: [
          { of: 'cinID3', notRequired: true },
          { of: 'cinID3' },
          { of: 'cinID3', notRequired: true },
          { of: 'cinID3', notRequired: true },
        ],
      },
    ],
  },
  {
    number: '8840',
    on: '2026-03-31',
    children: [
      { child: 'child1', isAsked: true, cpPlans: [{ start: '2017-10-08', end: '2017-10-08' }] },
      { child: 'child2', isAsked: true, cpPlans: [{ start: '2021-12-05', end: '2021-12-05' }] },
      { child: 'child3', isAsked: false, cpPlans: [{ start: '2021-12-05', end: '2050-09-12' }] },
      { child: 'child4', isAsked: true, cpPlans: [{ start: '2025-12-05', end: '2025-12-05' }] },
      { child: 'child5', isAsked: false, cpPlans: [{}] },
    ],
  },
  {
    number: '8863Q',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        assessments: [
          { of: 'cinID1', start: '2028-05-26', end: '2028-10-26' },
          { of: 'cinID1', start: '2028-08-26' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        assessments: [
          { of: 'cinID2', start: '2028-05-26', end: '2028-10-25' },
          { of: 'cinID22', start: '2028-10-26', end: '2028-12-26' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        assessments: [
          { of: 'cinID3', start: '2028-05-26', end: '2029-10-26' },
          { of: 'cinID3', start: '2028-08-26', end: '2028-10-26' },
        ],
      },
      {
        child: 'child4',
        isAsked: true,
        assessments: [
          { of: 'cinID1', start: '2028-10-26', end: '2029-03-31' },
          { of: 'cinID1', start: '2028-09-26' },
        ],
      },
      {
        child: 'child5',
        isAsked: false,
        assessments: [
          { of: 'cinID1', start: '2028-03-01', end: '2028-04-01' },
          { of: 'cinID1', start: '2028-09-01', end: '2028-10-01' },
        ],
      },
    ],
  },
  {
    number: '8866',
    on: '2048-08-01',
    children: [
      { child: 'ID1', isAsked: true, referrals: [{ date: '2048-01-01', source: '1Z' }] },
      { child: 'ID2', isAsked: true, referrals: [{ date: '2048-01-01', source: null }] },
      { child: 'ID3', isAsked: false, referrals: [{ date: '2000-01-01', source: '1A' }] },
      {
        child: 'ID4',
        isAsked: false,
        referrals: [
          { date: '2012-01-01', source: null },
          { date: '2048-01-01', source: '1C' },
        ],
      },
    ],
  },
  {
    number: '8867',
    on: '2030-12-01',
    children: [
      {
        child: 'child1',
        isAsked: false,
        referrals: [{ id: 'CDID1', closed: '2028-06-30' }],
        assessments: [{ of: 'CDID1', end: '2028-05-26' }],
      },
      {
        child: 'child2',
        isAsked: true,
        referrals: [{ id: 'CDID2', closed: '2030-08-29' }],
        assessments: [{ of: 'CDID2' }],
      },
      {
        child: 'child3',
        isAsked: false,
        referrals: [{ id: 'CDID3', closed: '2030-10-25' }],
        assessments: [{ of: 'CDID3', end: '2028-05-26' }],
      },
      {
        child: 'child4',
        isAsked: false,
        referrals: [{ id: 'CDID4', closed: '2028-06-10' }],
        assessments: [{ of: 'CDID4', end: '2028-05-30' }],
      },
      {
        child: 'child5',
        isAsked: true,
        referrals: [{ id: 'CDID5', closed: '2029-11-15' }],
        assessments: [{ of: 'CDID5' }],
      },
      { child: 'child6', isAsked: false, referrals: [{ id: 'CDID5', closed: '2029-11-15' }] },
    ],
  },
  {
    number: '8868',
    on: '2028-08-01',
    children: [
      {
        child: 'child1',
        isAsked: true,
        referrals: [
          { id: 'cinID1', closed: '2027-10-26', met: '2029-10-26' },
          { id: 'cinID2', closed: '2028-05-26' },
        ],
        enquiries: [
          { of: 'cinID1', notRequired: false },
          { of: 'cinID2', notRequired: true },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [{ id: 'cinID1', closed: '2028-05-26' }],
        enquiries: [{ of: 'cinID1', notRequired: true }],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { id: 'cinID1', closed: '2028-05-28' },
          { id: 'cinID2', closed: '2028-05-26' },
          { id: 'cinID3', closed: '2031-05-26' },
        ],
        enquiries: [
          { of: 'cinID1', met: '2028-05-27', notRequired: false },
          { of: 'cinID2', met: '2027-10-26', notRequired: false },
          { of: 'cinID2', met: '2028-05-26', notRequired: true },
        ],
      },
      {
        child: 'child4',
        isAsked: false,
        referrals: [{ id: 'cinID4' }],
        enquiries: [{ of: 'cinID4', notRequired: false }],
      },
    ],
  },
  {
    number: '8869',
    on: '2029-03-31',
    children: [
      { child: '1', isAsked: true, assessments: [{ of: '1', factors: ['21', '1A'] }] },
      { child: '2', isAsked: false, assessments: [{ of: '2', factors: ['2A'] }] },
      { child: '3', isAsked: false, assessments: [{ of: '3', factors: ['1B'] }] },
      { child: '4', isAsked: true, assessments: [{ of: '4', factors: ['21', '1C'] }] },
      { child: '5', isAsked: false, assessments: [{ of: '5', factors: ['2B'] }] },
      {
        child: '6',
        isAsked: false,
        assessments: [
          { of: '6', factors: ['21'] },
          { of: '6', factors: ['14', '15'] },
        ],
      },
    ],
  },
  {
    number: '8873Q',
    on: '2023-03-31',
    children: [
      {
        child: 'child1',
        isAsked: false,
        referrals: [
          { id: 'cinID1', reason: 'RC8' },
          { id: 'cinID2', reason: 'RC3' },
        ],
        assessments: [
          { id: '11', of: 'cinID1', start: '2021-12-05', factors: ['21'], end: '2021-12-05' },
          { id: '12', of: 'cinID2', start: '2021-12-05', factors: ['1A'], end: '2021-12-05' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        referrals: [{ id: 'cinID1', reason: 'RC8' }],
        assessments: [{ id: '21', of: 'cinID1', start: '2021-12-05', factors: ['1A'], end: '2021-12-05' }],
      },
      {
        child: 'child3',
        isAsked: true,
        referrals: [
          { id: 'cinID1', reason: 'RC3' },
          { id: 'cinID2', reason: 'RC9' },
          { id: 'cinID3', reason: 'RC3' },
          { id: 'cinID4', reason: 'RC3' },
        ],
        assessments: [
          { id: '31', of: 'cinID1', start: '2021-12-05', factors: ['21'], end: '2021-12-05' },
          { id: '32', of: 'cinID2', start: '2021-12-05', end: '2021-12-05' },
          { id: '33', of: 'cinID3', start: '2021-12-05', factors: ['21'], end: '2021-12-05' },
          { id: '34', of: 'cinID4', start: '2021-12-05', factors: ['21'], end: '2021-12-05' },
          { id: '35', of: 'cinID4', start: '2022-12-05', factors: ['20'], end: '2022-12-05' },
        ],
      },
    ],
  },
  {
    number: '8875',
    on: '2050-10-20',
    children: [
      { child: 'row0', isAsked: false, enquiries: [{ met: '2049-06-17' }] },
      { child: 'row1', isAsked: true, enquiries: [{ met: '2050-10-09' }] },
      { child: 'row2', isAsked: true, enquiries: [{ met: '2048-03-14' }] },
    ],
  },
  {
    number: '8890',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        enquiries: [
          { of: 'cinID1', start: '2028-05-26', met: '2028-10-26', notRequired: true },
          { of: 'cinID1', start: '2028-08-26', notRequired: false },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        enquiries: [
          { of: 'cinID2', start: '2028-05-26', met: '2028-10-25', notRequired: true },
          { of: 'cinID22', start: '2028-10-26', met: '2028-12-26', notRequired: true },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        enquiries: [
          { of: 'cinID3', start: '2028-05-26', met: '2029-10-26', notRequired: true },
          { of: 'cinID3', start: '2028-08-26', met: '2028-10-26', notRequired: true },
        ],
      },
      {
        child: 'child4',
        isAsked: false,
        enquiries: [
          { of: 'cinID1', start: '2028-10-26', met: '2029-03-31', notRequired: true },
          { of: 'cinID1', start: '2028-09-26', notRequired: true },
        ],
      },
      {
        child: 'child5',
        isAsked: true,
        enquiries: [
          { of: 'cinID0', start: '2028-05-26', met: '2029-10-26', notRequired: true },
          { of: 'cinID0', start: '2028-08-26', met: '2028-10-26', notRequired: true },
        ],
      },
    ],
  },
  {
    number: '8896',
    on: '2049-08-01',
    children: [
      { child: 'child1', isAsked: true, assessments: [{ of: 'cinID1' }, { of: 'cinID1' }, { of: 'cinID2' }] },
      {
        child: 'child2',
        isAsked: true,
        assessments: [{ of: 'cinID1', end: '2049-05-26' }, { of: 'cinID2' }, { of: 'cinID2' }],
      },
    ],
  },
  {
    number: '8897Q',
    on: '2029-03-31',
    children: [
      { child: 'child1', isAsked: true, assessments: [{ id: '11', end: '2028-05-26' }] },
      { child: 'child2', isAsked: true, assessments: [{ id: '21', end: '2028-05-26', factors: ['99'] }] },
      {
        child: 'child3',
        isAsked: true,
        assessments: [
          { id: '31', end: '2028-05-26', factors: ['1A'] },
          { id: '32', end: '2028-05-26' },
        ],
      },
      { child: 'child4', isAsked: false, assessments: [{ id: '41', end: '2028-05-26', factors: ['1A'] }] },
      { child: 'child5', isAsked: false, assessments: [{ id: '51' }, { id: '52', end: '1973-05-26' }] },
    ],
  },
  {
    number: '8935',
    on: '2049-08-01',
    children: [
      { child: 'child1', isAsked: true, cpPlans: [{ id: 'CPPID1' }, { id: 'CPPID1' }, { id: 'CPPID2' }] },
      {
        child: 'child2',
        isAsked: true,
        cpPlans: [{ id: 'CPPID1', end: '2049-05-26' }, { id: 'CPPID2' }, { id: 'CPPID2' }],
      },
    ],
  },
  {
    number: '8940',
    on: '2029-03-31',
    children: [
      {
        child: 'child1',
        isAsked: true,
        cpPlans: [
          { id: 'cinID1', start: '2028-05-26', end: '2028-10-26' },
          { id: 'cinID12', start: '2028-08-26', end: '2028-12-26' },
        ],
      },
      {
        child: 'child2',
        isAsked: false,
        cpPlans: [
          { id: 'cinID2', start: '2028-05-26', end: '2028-10-25' },
          { id: 'cinID22', start: '2028-10-26', end: '2028-12-26' },
        ],
      },
      {
        child: 'child3',
        isAsked: true,
        cpPlans: [
          { id: 'cinID3', start: '2028-05-26' },
          { id: 'cinID32', start: '2028-08-26', end: '2028-10-26' },
        ],
      },
      {
        child: 'child4',
        isAsked: true,
        cpPlans: [
          { id: 'cinID4', start: '2028-10-26', end: '2029-03-31' },
          { id: 'cinID42', start: '2029-03-31' },
        ],
      },
    ],
  },
];
