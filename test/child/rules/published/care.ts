// Long, since it is a list of facts.
import type { RuleCode } from '../../../../shared/child/rules/catalogue.js';
import { anAddress } from '../../aPerson.js';
import { inTheSsd, type PublishedCase, type PublishedEpisode } from './inTheSsd.js';

type Ours = NonNullable<PublishedCase['ours']>;

interface Child {
  readonly child: string;
  readonly born?: string | null;
  readonly episodes: readonly PublishedEpisode[];
  readonly theirs?: readonly number[];
  readonly ours?: Ours;
  /** Where its days would leave the window, another number of years. */
  readonly years?: number;
}

function published(rule: RuleCode, years: number, children: readonly Child[]): readonly PublishedCase[] {
  return children.map(({ child, born, episodes, theirs = [], ours, years: own = years }) => ({
    rule,
    what: `child ${child}`,
    rows: inTheSsd(episodes, { years: own, ...(born === undefined ? {} : { born }) }),
    theirs,
    ...(ours === undefined ? {} : { ours }),
  }));
}

/** Each episode is of a child of its own. */
function alone(
  rule: RuleCode,
  years: number,
  ...episodes: readonly (PublishedEpisode & Pick<Child, 'born' | 'ours'> & { readonly asked?: true })[]
): readonly PublishedCase[] {
  return published(
    rule,
    years,
    episodes.map(({ born, ours, asked, ...episode }, index) => ({
      child: String(index),
      episodes: [episode],
      theirs: asked ? [1] : [],
      ...(born === undefined ? {} : { born }),
      ...(ours === undefined ? {} : { ours }),
    })),
  );
}

const reversed: Ours = { asked: [], because: 'a placement that ends before it starts is not sent' };
const unread: Ours = { asked: [], because: 'a type that cannot be read has a finding of its own' };

const ends = [
  ...published('ssda903-148', 5, [
    {
      child: '111',
      episodes: [
        { decom: '01/06/2020', dec: '04/06/2020', rec: null },
        { decom: '05/06/2020', dec: '06/06/2020', rec: 'X1' },
        { decom: '06/06/2020', dec: null, rec: 'X1' },
        { decom: '08/06/2020', dec: '05/06/2020', rec: 'X1' },
      ],
      theirs: [1, 3],
    },
    { child: '222', episodes: [{ decom: '05/06/2020', dec: '06/06/2020', rec: null }], theirs: [1] },
    {
      child: '333',
      episodes: [
        { decom: '06/06/2020', dec: '07/06/2020', rec: 'E11' },
        { decom: '07/06/2020', dec: null, rec: null },
      ],
    },
    {
      child: '444',
      episodes: [
        { decom: '08/06/2020', dec: '09/06/2020', rec: 'X1' },
        { decom: '09/06/2020', dec: '10/06/2020', rec: 'E11' },
        { decom: '15/06/2020', dec: null, rec: null },
      ],
    },
  ]),
  ...alone(
    'ssda903-386',
    5,
    { born: '16/03/2020', rec: 'E11', dec: '15/03/2021' },
    { born: '23/09/2002', rec: 'E12', dec: '17/06/2020' },
    { born: '16/03/2020', rec: 'X1', dec: '20/03/2020' },
    { born: '31/12/2000', rec: 'E11', dec: '23/08/2020', asked: true },
    { born: '01/02/2003', rec: 'E11', dec: null },
  ),
  ...alone(
    'ssda903-389',
    5,
    { born: '16/03/2005', rec: 'E7', dec: '16/03/2021' },
    { born: '23/09/2002', rec: 'E7', dec: '17/06/2020' },
    { born: '31/12/2014', rec: 'E7', dec: '23/08/2020', asked: true },
  ),
  ...alone('ssda903-407', 16, { born: '01/01/2000', rec: 'E45', dec: '01/01/2009' }),
  ...alone(
    'ssda903-407',
    6,
    { born: '01/01/2000', rec: 'E46', dec: '03/01/2019', asked: true },
    { born: '11/01/2002', rec: 'E48', dec: '11/02/2020', asked: true },
    { born: '25/01/2002', rec: 'E45', dec: null },
  ),
  ...alone(
    'ssda903-407',
    23,
    { born: '25/01/2002', rec: 'E47', dec: '25/01/2002' },
    { born: null, rec: 'E46', dec: '25/01/2002' },
  ),
  ...alone(
    'ssda903-460',
    2,
    { born: '16/03/2005', rec: 'E17', dec: '16/03/2023' },
    { born: '16/03/2005', rec: 'X1', dec: '20/03/2023' },
  ),
  ...alone(
    'ssda903-460',
    5,
    { born: '23/09/2002', rec: 'E17', dec: '17/06/2020', asked: true },
    { born: '31/12/2000', rec: 'E17', dec: '23/08/2020' },
    { born: null, rec: 'E17', dec: '23/08/2020' },
  ),
  ...alone(
    'ssda903-390',
    0,
    { place: 'P1', rec: 'E11', dec: '01/06/2025', asked: true },
    { place: 'A4', rec: 'E12', dec: '01/06/2025' },
    { place: 'P1', rec: 'E12', dec: '01/06/2025', asked: true },
    { place: 'A5', rec: 'E11', dec: '01/06/2025' },
    { place: 'A6', rec: null, dec: '01/06/2025' },
  ),
  ...alone(
    'ssda903-516',
    0,
    { rec: 'E45', place: 'U1', dec: '01/06/2025' },
    { rec: 'E46', place: 'U2', dec: '01/06/2025' },
    { rec: null, place: 'U3', dec: '01/06/2025' },
    { rec: 'E45', place: 'Z11', dec: '01/06/2025', asked: true },
    { rec: 'E46', place: 'S1', dec: '01/06/2025', asked: true },
    { rec: 'E45', place: 'R1', dec: '01/06/2025', asked: true },
    { rec: 'E45', place: 'U4', dec: '01/06/2025' },
    { rec: 'E2', place: 'K2', dec: '01/06/2025' },
    { rec: 'E46', place: 'T1', dec: '01/06/2025', asked: true },
    { rec: 'E46', place: 'U6', dec: '01/06/2025' },
    { rec: 'E46', place: 'xx', dec: '01/06/2025', asked: true, ours: unread },
  ),
  ...published('ssda903-437', 4, [
    { child: '101', episodes: [{ decom: '20/10/2021', rec: 'E2' }] },
    {
      child: '102',
      episodes: [
        { decom: '19/11/2021', rec: 'E15' },
        { decom: '17/06/2021', rec: 'X1' },
      ],
    },
    {
      child: '103',
      episodes: [
        { decom: '04/04/2020', rec: 'X1' },
        { decom: '11/09/2020', rec: 'E15' },
        { decom: '07/05/2021', rec: null },
      ],
      theirs: [2],
    },
    {
      child: '104',
      episodes: [
        { decom: '15/02/2020', rec: 'X1' },
        { decom: '09/04/2020', rec: 'E4A' },
        { decom: '24/09/2020', rec: 'X1' },
        { decom: '30/06/2021', rec: null },
      ],
    },
    {
      child: '105',
      episodes: [
        { decom: null, rec: 'E2' },
        { decom: '20/12/2020', rec: 'X1' },
      ],
    },
  ]),
];

const starts = [
  ...alone(
    'ssda903-352',
    5,
    { born: '16/03/2005', rne: 'S', decom: '16/03/2021' },
    { born: '23/09/2002', rne: 'S', decom: '17/06/2020' },
    { born: '16/03/2005', rne: null, decom: '20/03/2020' },
    { born: '23/09/2002', rne: null, decom: null },
    { born: '31/12/2000', rne: 'S', decom: '23/08/2020', asked: true },
  ),
  ...alone(
    'ssda903-380',
    0,
    { rne: 'S', place: 'U1' },
    { rne: 'L', place: 'T0', asked: true },
    { rne: 'P', place: 'U2' },
    { rne: 'B', place: 'Z11' },
    { rne: 'P', place: 'T1' },
    { rne: null, place: null },
  ),
  ...alone(
    'ssda903-381',
    0,
    { rec: 'X1', place: 'T3', dec: '01/06/2025' },
    { rec: 'E3', place: 'T0', dec: '01/06/2025', asked: true },
    { rec: 'X1', place: 'U2', dec: '01/06/2025' },
    { rec: null, place: 'T2', dec: '01/06/2025' },
    { rec: 'X1', place: 'T1', dec: '01/06/2025' },
    { rec: null, place: null, dec: '01/06/2025' },
  ),
  ...published('ssda903-431', 5, [
    {
      child: '111',
      episodes: [
        { rne: 'S', decom: '01/06/2020', dec: '04/06/2020' },
        { rne: 'S', decom: '05/06/2020', dec: '06/06/2020' },
        { rne: 'T', decom: '06/06/2020', dec: '08/06/2020' },
        { rne: 'S', decom: '08/06/2020', dec: '05/06/2020' },
      ],
      theirs: [4],
      ours: reversed,
    },
    { child: '222', episodes: [{ rne: 'S', decom: '05/06/2020', dec: '06/06/2020' }] },
    {
      child: '333',
      episodes: [
        { rne: 'S', decom: '06/06/2020', dec: '07/06/2020' },
        { rne: 'S', decom: '10/06/2020', dec: null },
      ],
    },
    {
      child: '444',
      episodes: [
        { rne: 'S', decom: '08/06/2020', dec: '09/06/2020' },
        { rne: 'S', decom: '09/06/2020', dec: '10/06/2020' },
        { rne: 'S', decom: '15/06/2020', dec: null },
      ],
      theirs: [2],
    },
    {
      child: '6666',
      episodes: [
        { rne: 'S', decom: '12/06/2020', dec: '13/06/2020' },
        { rne: 'S', decom: '13/06/2020', dec: '14/06/2020' },
        { rne: 'S', decom: '14/06/2020', dec: '15/06/2020' },
      ],
      theirs: [2, 3],
    },
  ]),
  ...published('ssda903-432', 5, [
    {
      child: '111',
      episodes: [
        { rne: 'P', decom: '01/06/2020', rec: 'E2' },
        { rne: 'P', decom: '05/06/2020', rec: 'E3' },
        { rne: 'T', decom: '06/06/2020', rec: 'E3' },
        { rne: 'S', decom: '08/06/2020', rec: null },
      ],
      theirs: [2, 3],
    },
    { child: '222', episodes: [{ rne: 'S', decom: '05/06/2020', rec: 'E3' }] },
    {
      child: '333',
      episodes: [
        { rne: 'B', decom: '06/06/2020', rec: 'E3' },
        { rne: 'U', decom: '10/06/2020', rec: null },
      ],
      theirs: [2],
    },
    {
      child: '444',
      episodes: [
        { rne: 'S', decom: '07/06/2020', rec: 'E3' },
        { rne: 'S', decom: '08/06/2020', rec: 'E3' },
        { rne: 'T', decom: '09/06/2020', rec: 'E3' },
        { rne: 'S', decom: '15/06/2020', rec: 'E3' },
      ],
      theirs: [3],
    },
  ]),
  ...published('ssda903-433', 4, [
    { child: '101', episodes: [{ rne: 'S', decom: '20/10/2021', dec: '20/11/2021' }] },
    {
      child: '102',
      episodes: [
        { rne: 'P', decom: '19/11/2021', dec: null },
        { rne: 'P', decom: '17/06/2021', dec: '19/11/2021' },
      ],
    },
    {
      child: '103',
      episodes: [
        { rne: 'B', decom: '04/04/2020', dec: '12/09/2020' },
        { rne: 'B', decom: '11/09/2020', dec: '06/05/2021' },
        { rne: 'B', decom: '07/05/2021', dec: null },
      ],
      theirs: [2, 3],
    },
  ]),
];

const back = (rne: string, decom: string, place: string, post = 'BD1 1HX'): PublishedEpisode => ({
  rne,
  decom,
  place,
  post,
});

const placements = [
  ...published('ssda903-225', 5, [
    {
      child: '111',
      episodes: [
        { rne: 'P', decom: '01/06/2020', rec: 'X1', place: 'U1' },
        { rne: 'P', decom: '05/06/2020', rec: 'E11', place: 'K1' },
        { rne: 'B', decom: '06/06/2020', rec: 'E3', place: 'K1' },
      ],
      theirs: [1],
    },
    {
      child: '123',
      episodes: [
        { rne: 'P', decom: '08/06/2020', rec: 'X1', place: 'U1' },
        { rne: 'P', decom: '10/06/2020', rec: 'E3', place: 'K1' },
      ],
      theirs: [1],
    },
    {
      child: '333',
      episodes: [
        { rne: 'T', decom: '06/06/2020', rec: 'X1', place: 'U1' },
        { rne: 'L', decom: '07/06/2020', rec: 'X1', place: 'K1', change: 'OTHER' },
        { rne: 'P', decom: '08/06/2020', rec: 'E3', place: 'U1' },
      ],
    },
    {
      child: '444',
      episodes: [
        { rne: 'U', decom: '09/06/2020', rec: 'X1', place: 'T1' },
        { rne: 'P', decom: '15/06/2020', rec: 'X1', place: 'K1' },
        { rne: 'P', decom: '16/06/2020', rec: 'E3', place: 'T3' },
      ],
    },
    { child: '666', episodes: [{ rne: 'P', decom: '17/06/2020', rec: null, place: 'T4' }] },
  ]),
  ...published('ssda903-226', 5, [
    {
      child: '111',
      episodes: [
        { decom: '01/01/2020', place: 'U1', change: 'OTHER' },
        { decom: '11/01/2020', place: 'T1' },
        { decom: '22/01/2020', place: 'K1' },
      ],
      theirs: [2],
      ours: { asked: [1], because: 'ours names the placement that has the reason' },
    },
    {
      child: '333',
      episodes: [
        { decom: '01/01/2020', place: 'T2' },
        { decom: '22/01/2020', place: 'K1', change: 'OTHER' },
        { decom: '11/01/2020', place: 'U1' },
      ],
    },
    {
      child: '444',
      episodes: [
        { decom: '22/01/2020', place: 'T1', change: 'OTHER' },
        { decom: '11/01/2020', place: 'K1' },
        { decom: '01/01/2020', place: 'T3' },
      ],
      theirs: [1],
    },
    { child: '666', episodes: [{ decom: '01/01/2020', place: 'T4' }] },
  ]),
  ...alone(
    'ssda903-233',
    0,
    { dec: '01/06/2025', change: null },
    { dec: null, change: null },
    { dec: null, change: 'OTHER', asked: true },
    { dec: '01/06/2025', change: 'OTHER' },
  ),
  ...alone(
    'ssda903-234',
    16,
    {
      born: '01/01/2000',
      decom: '01/01/2009',
      change: 'CUSTOD',
      asked: true,
      ours: {
        asked: [],
        because: 'the day of the change counts, as the text of the rule has it; this has none',
      },
    },
    { born: '01/01/2000', decom: '01/01/2009', change: 'OTHER' },
    { born: '01/01/2000', decom: '01/01/2010', change: 'CUSTOD' },
    { born: '01/01/2000', decom: '02/01/2010', change: 'CUSTOD' },
  ),
  ...published('ssda903-383', 5, [
    {
      child: '111',
      episodes: [back('S', '01/06/2020', 'S1'), back('S', '05/06/2020', 'T1'), back('T', '06/06/2020', 'S1')],
      theirs: [3],
    },
    { child: '222', episodes: [back('S', '05/06/2020', 'T1')] },
    {
      child: '333',
      episodes: [back('S', '06/06/2020', 'S1'), back('S', '10/06/2020', 'T1'), back('P', '12/06/2020', 'K1')],
      theirs: [3],
    },
    {
      child: '444',
      episodes: [back('S', '08/06/2020', 'T1'), back('S', '09/06/2020', 'K2'), back('S', '15/06/2020', 'T1')],
    },
    {
      child: '6666',
      episodes: [back('S', '12/06/2020', 'T1'), back('S', '13/06/2020', 'T1'), back('P', '14/06/2020', 'T1')],
    },
    {
      child: '777',
      episodes: [
        back('P', '01/06/2020', 'S1'),
        back('S', '05/06/2020', 'T1', 'BD1 2HX'),
        back('P', '06/06/2020', 'S1', 'BD1 3HX'),
      ],
      theirs: [3],
    },
  ]),
  ...alone(
    'ssda903-371',
    3,
    { born: '01/01/1998', decom: '01/01/2022', dec: '13/02/2022', place: 'K3' },
    { born: '02/03/2015', decom: '02/03/2022', dec: '14/04/2022', place: 'U4' },
  ),
  ...alone(
    'ssda903-371',
    9,
    { born: '15/03/2000', decom: '15/03/2016', dec: '26/04/2006', place: 'K3' },
    { born: '15/03/2000', decom: '14/03/2016', dec: '25/04/2012', place: 'K3', asked: true, ours: reversed },
    { born: '15/03/2000', decom: '14/03/2016', dec: '25/04/2016', place: 'K3', asked: true },
  ),
  ...alone('ssda903-372', 5, { born: '01/02/2000', decom: '01/02/2020', dec: '14/03/2020', place: 'R5' }),
  ...alone(
    'ssda903-372',
    15,
    { born: '15/01/2010', decom: '15/03/2010', dec: '27/04/2010', place: 'R5', asked: true },
    { born: '15/03/2000', decom: '14/03/2010', dec: '25/04/2014', place: 'R5', asked: true },
    { born: '15/03/2000', decom: '15/03/2010', dec: '25/04/2014', place: 'R5' },
  ),
  ...alone('ssda903-373', 15, {
    born: '15/01/2010',
    decom: '15/03/2010',
    dec: '27/04/2010',
    place: 'S1',
    asked: true,
  }),
  ...alone(
    'ssda903-373',
    21,
    { born: '15/03/2000', decom: '15/03/2004', dec: '26/04/2004', place: 'S1' },
    { born: '15/03/2000', decom: '14/03/2004', dec: '25/04/2014', place: 'S1', asked: true },
  ),
  ...alone(
    'ssda903-374',
    5,
    { born: '01/01/1998', decom: '01/01/2020', dec: '13/02/2020', place: 'P3' },
    { born: '02/03/2015', decom: '02/03/2020', dec: '14/04/2020', place: 'P3', asked: true },
    { born: '15/03/2000', decom: null, dec: '27/04/2020', place: 'P3' },
  ),
  ...alone(
    'ssda903-374',
    11,
    {
      born: '15/01/2010',
      decom: '15/03/2014',
      dec: null,
      place: 'P3',
      ours: { asked: [1], because: 'a placement that has not ended is asked about, too' },
    },
    { born: '15/03/2000', decom: '14/03/2014', dec: '25/04/2014', place: 'P3', asked: true },
  ),
  ...alone(
    'ssda903-376',
    5,
    { decom: '01/01/2020', dec: '22/01/2020', place: 'T3' },
    { decom: '01/02/2020', dec: '23/02/2020', place: 'T3', asked: true },
    { decom: '02/03/2020', dec: '24/03/2020', place: 'T3', asked: true },
    { decom: null, dec: null, place: 'T3' },
  ),
  ...alone(
    'ssda903-376',
    15,
    { decom: '15/03/2010', dec: '06/04/2010', place: 'T3', asked: true },
    { decom: '14/03/2010', dec: '04/04/2010', place: 'U4' },
  ),
  ...alone(
    'ssda903-379',
    5,
    { decom: '01/01/2020', dec: '08/01/2020', place: 'T4' },
    { decom: '01/02/2020', dec: '09/02/2020', place: 'T4', asked: true },
    { decom: '02/03/2020', dec: '09/03/2020', place: 'T4' },
    { decom: '15/03/2020', dec: '25/03/2020', place: 'T4', asked: true },
    { decom: '14/03/2020', dec: '25/03/2020', place: 'U4' },
  ),
];

/** The home of all three is at one postcode. */
const homes = alone(
  'ssda903-392d',
  0,
  { place: 'R1', post: 'LS1 1UR', asked: true },
  { place: 'P1', post: 'LS1 1UR' },
  { place: 'R1', post: 'LS1 2UR' },
).map((one) => ({ ...one, rows: { ...one.rows, ssd_address: [anAddress()] } }));

export const publishedAboutCare: readonly PublishedCase[] = [...ends, ...starts, ...placements, ...homes];
