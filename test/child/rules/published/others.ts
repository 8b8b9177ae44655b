import type { PlainDate } from '../../../../shared/child/dates.js';
import type { RuleCode } from '../../../../shared/child/rules/catalogue.js';
import type { PersonRows, SsdRow } from '../../../../shared/child/sourceRows.js';
import { aCareLeaverContact, anAdoption, anImmigrationStatus, anInvolvement } from '../../aPerson.js';
import { inTheSsd, moved, type PublishedCase, type PublishedEpisode } from './inTheSsd.js';

type Ours = NonNullable<PublishedCase['ours']>;

const inOrder: readonly PublishedEpisode[] = [{ decom: '01/07/2025' }];

function one(
  rule: RuleCode,
  what: string,
  rows: PersonRows,
  theirs: readonly number[],
  more: { readonly ours?: Ours | undefined; readonly today?: PlainDate } = {},
): PublishedCase {
  const { ours, today } = more;
  return { rule, what, rows, theirs, ...(ours && { ours }), ...(today && { today }) };
}

/** What a test has of AD1, with the episodes of the child. */
interface Adoption {
  readonly int?: string | null;
  readonly match?: string | null;
  readonly episodes?: readonly PublishedEpisode[];
  readonly asked?: true;
}

function adoptions(
  rule: RuleCode,
  years: number,
  ...children: readonly Adoption[]
): readonly PublishedCase[] {
  return children.map(({ int, match, episodes = [{ decom: '01/01/2020' }], asked }, index) =>
    one(
      rule,
      `adoption ${String(index)}`,
      inTheSsd(episodes, {
        years,
        more: {
          ssd_permanence: [
            anAdoption({
              perm_adm_decision_date: moved(int, years),
              perm_matched_date: moved(match, years),
            }),
          ],
        },
      }),
      asked ? [1] : [],
    ),
  );
}

const e = (decom: string | null, place: string): PublishedEpisode => ({ decom, place });
const ended = (decom: string, rec: string | null): PublishedEpisode => ({ decom, rec, place: 'A4' });

const adoption = [
  ...adoptions(
    'ssda903-331',
    5,
    { match: '01/01/2020', episodes: [ended('01/01/2020', 'E12')] },
    { match: '02/06/2020', episodes: [ended('01/06/2020', 'E11')], asked: true },
    { match: '11/11/2020', episodes: [ended('12/12/2020', 'E12')] },
    { match: null, episodes: [ended('01/02/2020', 'E11')] },
    {
      match: '01/02/2020',
      episodes: [ended('01/01/2020', null), ended('01/02/2020', 'E11'), ended('05/06/2020', 'E12')],
    },
    {
      match: '04/06/2020',
      episodes: [
        ended('01/01/2020', null),
        ended('01/02/2020', null),
        ended('05/06/2020', 'E11'),
        ended('06/07/2020', null),
      ],
    },
  ),
  ...adoptions(
    'ssda903-333',
    5,
    { int: '01/06/2020', match: '05/06/2020' },
    { int: '02/06/2020', match: null },
    { int: '03/06/2020', match: '01/06/2020', asked: true },
    { int: '04/06/2020', match: '02/06/2020', asked: true },
    { int: null, match: '05/06/2020', asked: true },
  ),
  ...adoptions(
    'ssda903-521',
    5,
    {
      int: '08/03/2020',
      episodes: [e('01/01/2020', 'A6'), e('01/11/2020', 'A5'), e('22/01/2020', 'U1')],
      asked: true,
    },
    { int: '22/07/2020', episodes: [e(null, 'A5'), e('11/01/2020', 'U1')] },
    {
      int: '22/06/2020',
      episodes: [e('22/06/2020', 'A3'), e('11/01/2020', 'U1'), e('01/01/2020', 'A3')],
      asked: true,
    },
    { int: null, episodes: [e('01/01/2020', 'A4')] },
  ),
  ...adoptions('ssda903-521', 4, {
    int: '13/10/2021',
    episodes: [e('01/01/2020', 'A6'), e('22/01/2020', 'K1'), e('11/01/2020', 'U1')],
    asked: true,
  }),
];

function leavers(
  rule: RuleCode,
  ...rows: readonly (Partial<SsdRow<'ssd_care_leavers'>> & { born?: string; asked?: true; ours?: Ours })[]
): readonly PublishedCase[] {
  return rows.map(({ born, asked, ours, ...contact }, index) =>
    one(
      rule,
      `care leaver ${String(index)}`,
      inTheSsd([{ decom: '01/07/2018', dec: '01/03/2019' }], {
        years: 6,
        ...(born === undefined ? {} : { born }),
        more: { ssd_care_leavers: [aCareLeaverContact(contact)] },
      }),
      asked ? [1] : [],
      { ours },
    ),
  );
}

const half = (contact: boolean, activity: boolean, accommodation: boolean) => ({
  clea_care_leaver_latest_contact: contact ? ('2025-09-01' as const) : null,
  clea_care_leaver_activity: activity ? 'F1' : null,
  clea_care_leaver_accommodation: accommodation ? 'U' : null,
});
const lives = (code: string | null) => ({ clea_care_leaver_accommodation: code });

const careLeavers = [
  ...leavers(
    'ssda903-153',
    half(true, true, true),
    half(false, false, false),
    { ...half(true, false, false), asked: true },
    { ...half(false, true, false), asked: true },
    { ...half(false, false, true), asked: true },
    { ...half(true, true, false), asked: true },
  ),
  ...leavers(
    'ssda903-347',
    { ...lives('T'), born: '01/01/1999' },
    { ...half(false, false, false), born: '01/01/2010' },
    { ...lives('T'), born: '01/01/2000' },
    { ...lives('T'), born: '02/04/2002', asked: true },
    { ...lives('T'), born: '01/04/2002' },
  ),
  ...leavers(
    'ssda903-3001',
    { ...lives('Z1'), born: '16/03/2004', asked: true },
    { ...lives('Z2'), born: '23/09/2003', asked: true },
    { ...lives('T1'), born: '16/03/2004' },
    { ...lives(null), born: '23/09/2003' },
    { ...lives('Z1'), born: '31/12/2006' },
    { ...lives('Z3'), born: '23/09/2003' },
  ),
];

function workers(
  rule: RuleCode,
  years: number,
  what: string,
  theirs: readonly number[],
  episodes: readonly (readonly [from: string | null, to: string | null])[],
  ours?: Ours,
): PublishedCase {
  const ssd_involvements = episodes.map(([from, to], index) =>
    anInvolvement({
      invo_involvements_id: `I${String(index + 1)}`,
      invo_involvement_start_date: moved(from, years),
      invo_involvement_end_date: moved(to, years),
      prof_social_worker_registration_no: `SW10000${String(index + 1)}`,
    }),
  );
  // Before the child came into care ours asks nothing; the validator's tests have no care.
  const inCare: readonly PublishedEpisode[] = [{ decom: '01/07/2024' }];
  return one(rule, what, inTheSsd(inCare, { years: 0, more: { ssd_involvements } }), theirs, { ours });
}

const socialWorkers = [
  ...[
    ['SW000', []],
    ['XX000', []],
    ['aa00', [1]],
    ['xx000', [1]],
  ].map(([id, theirs]) =>
    one(
      'ssda903-sw02stg1',
      `worker ${String(id)}`,
      inTheSsd(inOrder, {
        years: 0,
        more: { ssd_involvements: [anInvolvement({ prof_social_worker_registration_no: String(id) })] },
      }),
      Array.isArray(theirs) ? theirs : [],
    ),
  ),
  workers(
    'ssda903-sw08stg2',
    5,
    'child 111',
    [],
    [
      ['01/06/2020', '04/06/2020'],
      ['05/06/2020', '06/06/2020'],
      ['06/06/2020', '08/06/2020'],
      ['08/06/2020', '05/06/2020'],
    ],
  ),
  workers('ssda903-sw08stg2', 5, 'child 222', [], [['05/06/2020', '06/06/2020']]),
  workers(
    'ssda903-sw08stg2',
    5,
    'child 333',
    [1],
    [
      ['06/06/2020', null],
      ['07/06/2020', '08/06/2020'],
    ],
  ),
  workers(
    'ssda903-sw08stg2',
    5,
    'child 444',
    [],
    [
      ['08/06/2020', '09/06/2020'],
      ['09/06/2020', '10/06/2020'],
      ['15/06/2020', null],
    ],
  ),
  workers(
    'ssda903-sw08stg2',
    5,
    'child 6666',
    [3],
    [
      ['12/06/2020', '13/06/2020'],
      ['13/06/2020', '14/06/2020'],
      ['14/06/2020', null],
      ['15/06/2020', '16/06/2020'],
    ],
  ),
  workers('ssda903-sw08stg2', 5, 'child 999', [], [['31/06/2020', null]]),
  workers('ssda903-sw08stg2', 5, 'child 123', [], [[null, null]]),
  workers(
    'ssda903-sw09stg2',
    25,
    'child 1',
    [1],
    [
      ['01/01/2000', '01/01/2000'],
      ['02/01/2000', '01/01/2000'],
    ],
  ),
  workers(
    'ssda903-sw09stg2',
    124,
    'child 2',
    [1],
    [
      ['01/01/1901', '01/01/1901'],
      [null, '01/01/1901'],
    ],
  ),
  workers('ssda903-sw09stg2', 25, 'child 3', [], [[null, null]]),
  workers(
    'ssda903-sw10stg2',
    25,
    'child 1',
    [],
    [
      ['01/01/2000', '09/01/2000'],
      ['02/01/2000', '03/01/2000'],
    ],
  ),
  workers(
    'ssda903-sw10stg2',
    25,
    'child 2',
    [2],
    [
      ['01/01/1999', '09/01/2000'],
      ['01/01/2000', '10/01/2000'],
    ],
  ),
  workers(
    'ssda903-sw10stg2',
    25,
    'child 3',
    [4],
    [
      ['10/01/2000', '20/01/2000'],
      ['10/01/2000', '11/01/2000'],
      ['18/01/2000', '20/01/2000'],
      ['30/01/2000', '31/01/2000'],
    ],
    { asked: [], because: 'gaps are not asked about: the SSD has no reason for a change of worker' },
  ),
  workers(
    'ssda903-sw10stg2',
    25,
    'child 6, whose first contact (FCONTA) ended',
    [],
    [
      ['01/01/1999', '09/01/2000'],
      ['01/01/2000', '10/01/2000'],
    ],
    { asked: [2], because: 'the SSD has no reason for a change of worker' },
  ),
  workers(
    'ssda903-sw17stg2',
    25,
    'child 1',
    [],
    [
      ['01/01/2001', null],
      ['01/01/2000', '01/01/2001'],
    ],
  ),
  workers(
    'ssda903-sw17stg2',
    25,
    'child 2',
    [2],
    [
      ['01/01/2000', '01/01/2001'],
      ['02/01/2000', '01/01/2001'],
    ],
  ),
];

function withReason(
  rule: RuleCode,
  what: string,
  reason: string,
  born: string | null,
  episodes: readonly PublishedEpisode[],
  theirs: readonly number[],
  more: { readonly today: PlainDate; readonly years: number; readonly ours?: Ours },
): PublishedCase {
  const rows = inTheSsd(episodes, { years: more.years, ...(born === null ? {} : { born }) });
  const person = { ...rows.person, pers_upn: null, pers_upn_unknown: reason };
  return one(rule, what, { ...rows, person }, theirs, more);
}

/** Of the collection year that begins in April 2025. */
const ofUn1 = { today: '2026-02-01', years: 0 } as const;
/** On 31 March of the year of the test. */
const ofUn4 = { today: '2026-03-31', years: 6 } as const;
const in2025: readonly PublishedEpisode[] = [{ decom: '01/07/2025' }];
const on = (...days: readonly string[]): readonly PublishedEpisode[] => days.map((decom) => ({ decom }));

const upns = [
  withReason('ssda903-209', 'child 103', 'UN1', '03/10/2015', in2025, [1001], ofUn1),
  withReason('ssda903-209', 'child 104', 'UN2', '11/11/2020', in2025, [], ofUn1),
  withReason('ssda903-209', 'child 106', 'UN1', '11/11/2021', in2025, [], ofUn1),
  withReason(
    'ssda903-210',
    'child 111',
    'UN4',
    null,
    on('01/01/2020', '11/01/2020', '30/03/2020'),
    [1001],
    ofUn4,
  ),
  withReason(
    'ssda903-210',
    'child 333',
    'UN3',
    null,
    on('01/01/2020', '22/01/2020', '11/01/2020'),
    [],
    ofUn4,
  ),
  withReason(
    'ssda903-210',
    'child 444',
    'UN4',
    null,
    on('22/01/2020', '25/03/2020', '01/01/2020'),
    [1001],
    ofUn4,
  ),
  withReason('ssda903-210', 'child 667', 'UN4', null, on('01/01/2020'), [], {
    ...ofUn4,
    ours: {
      asked: [1001],
      because:
        'the title asks about more than a week of care; the public validator about starts in the last week',
    },
  }),
];

const unaccompanied = (
  [
    ['01/06/2000', '05/06/2019', true],
    ['02/06/2000', null, false],
    ['03/06/2000', '01/06/2015', false],
    ['04/06/2000', '02/06/2020', true],
    [null, '05/06/2020', false],
  ] as const
).map(([born, end, isAsked], index) =>
  one(
    'ssda903-304',
    `UASC ${String(index)}`,
    inTheSsd([], {
      years: 6,
      born,
      more: {
        ssd_immigration_status: [anImmigrationStatus({ immi_immigration_status_end_date: moved(end, 6) })],
      },
    }),
    isAsked ? [1] : [],
  ),
);

export const publishedAboutOthers: readonly PublishedCase[] = [
  ...adoption,
  ...careLeavers,
  ...socialWorkers,
  ...upns,
  ...unaccompanied,
];
