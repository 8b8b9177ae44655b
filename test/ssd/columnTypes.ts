import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Engine } from '../../shared/database/database.js';

/** Collations that put the same ids in different orders, `none` for the database's own. */
export const collations: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['none', 'C', 'und-x-icu'],
  sqlserver: ['none', 'Latin1_General_CI_AS', 'SQL_Latin1_General_CP1_CI_AS', 'Latin1_General_BIN2'],
};

/** Types that a person's id may have in an authority's own SSD, with ids that text and number put in different orders. */
const wholeNumbers = [
  ...Array.from({ length: 25 }, (_, at) => String(at)),
  '-2',
  '100',
  '1000',
  '2147483647',
];
const bigNumbers = [
  ...wholeNumbers,
  '2147483648',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
];
const guids = Array.from({ length: 20 }, (_, at) => {
  const digits = createHash('sha256').update(String(at)).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
});
export const idTypes: Readonly<Record<Engine, readonly (readonly [type: string, ids: readonly string[]])[]>> =
  {
    postgres: [
      ['int', wholeNumbers],
      ['bigint', bigNumbers],
      ['numeric(20,0)', bigNumbers],
      ['uuid', guids],
      ['char(40)', [...wholeNumbers, ...guids]],
      ['text', [...wholeNumbers, ...guids]],
    ],
    sqlserver: [
      ['int', wholeNumbers],
      ['bigint', bigNumbers],
      ['decimal(20,0)', bigNumbers],
      ['uniqueidentifier', guids],
      ['char(40)', [...wholeNumbers, ...guids]],
      ['nchar(40)', [...wholeNumbers, ...guids]],
      ['varchar(40)', [...wholeNumbers, ...guids]],
      ['nvarchar(40)', [...wholeNumbers, ...guids]],
    ],
  };

/** Types that no extract publishes, each with values that are hard to read. */
export const otherTypes: Readonly<
  Record<Engine, readonly (readonly [type: string, values: readonly string[]])[]>
> = {
  postgres: [
    ['bytea', [`'\\\\x00ff'`]],
    ['json', [`'{"a":[1,2],"toString":1}'`, `'"text"'`]],
    ['jsonb', [`'{"a":12345678901234567890}'`, 'NULL']],
    ['text[]', [`'{a,b}'`]],
    ['double precision', [`'NaN'`, `'Infinity'`, '1e300', '0.1']],
    ['numeric', ['12345678901234567890.5', `'NaN'`]],
    ['boolean', ['true']],
    ['timestamp with time zone', [`'infinity'`, `'2025-06-01T00:30:00+01:00'`]],
    ['date', [`'-infinity'`, `'0001-01-01 BC'`, `'9999-12-31'`]],
    ['time', [`'12:30'`]],
    ['interval', [`'1 day'`]],
    ['uuid', [`'00000000-0000-0000-0000-000000000000'`]],
    ['point', [`'(1,2)'`]],
  ],
  sqlserver: [
    ['varbinary(10)', ['0x00FF']],
    ['xml', [`'<a>1</a>'`]],
    ['sql_variant', [`CAST('2025-06-01' AS date)`, `N'text'`, '1.5']],
    ['float', ['1e300', '1.5']],
    ['decimal(38,0)', ['12345678901234567890123456789012345678']],
    ['money', ['1.5']],
    ['bit', ['1']],
    ['datetimeoffset', [`'2025-06-01T00:30:00+01:00'`]],
    ['date', [`'0001-01-01'`, `'9999-12-31'`]],
    ['time', [`'12:30'`]],
    ['uniqueidentifier', [`'00000000-0000-0000-0000-000000000000'`]],
    ['ntext', [`N'text'`]],
    ['nvarchar(max)', [`NCHAR(0)`, `NCHAR(55357)`, `REPLICATE(CAST(N'x' AS nvarchar(max)), 5000000)`]],
  ],
};

/** Types of a date, those with a time to the minute at least. */
export const dateTypes: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['date', 'timestamp', 'timestamp(0)'],
  sqlserver: ['date', 'datetime', 'datetime2', 'datetime2(0)', 'smalldatetime'],
};

/** Ids that collations disagree about: digits, capitals, hyphens, common beginnings, many lengths. */
const awkwardIds = [
  ...['1', '2', '9', '10', '010', '0010', '100', '1000000', '-2', '1-0', '10-', 'A', 'Z', 'z9', 'a1', 'b1'],
  ...['B-1', 'B1', 'B--1', 'b_1', 'co-op', 'coop', 'co-op1', 'coop-1', "o'neil", 'oneil', 'P.1', 'P 1'],
  '12345678901234567890',
];

export const manyIds = [
  ...new Set([
    ...awkwardIds,
    ...fc
      // Small letters: two ids that differ only in case are one id for many SQL Server databases.
      .sample(
        fc.string({ unit: fc.constantFrom(...Array.from('0189abyz-_')), minLength: 1, maxLength: 20 }),
        {
          numRuns: 60,
          seed: 11,
        },
      ),
  ]),
];
