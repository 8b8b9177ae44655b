import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CodeReader, type CodeReading } from '../../../shared/child/codes/codeReader.js';
import {
  codedFields,
  isSendableCode,
  newestCodeLists,
  type CodedField,
  type CodeLists,
} from '../../../shared/child/codes/codeLists.js';
import { nationalDescriptions } from '../../../shared/child/codes/descriptions.js';
import type { PlainDate } from '../../../shared/child/dates.js';
import { builtInProfile, profileFrom, profileNames, type Profile } from '../../../shared/ssd/profile.js';

const today: PlainDate = '2026-06-15';

const readerOf = (profile: Profile, codes: CodeLists = newestCodeLists) => new CodeReader(codes, profile);
const systemc = readerOf(builtInProfile('systemc'));
const mosaic = readerOf(builtInProfile('mosaic'));
const eclipse = readerOf(builtInProfile('eclipse'));

/** What comes out, in short: the code, the rule, or nothing. */
function said(reading: CodeReading): string | undefined {
  if (reading.is === 'nothing') return undefined;
  return reading.is === 'code' ? reading.code : reading.rule;
}
const read = (field: CodedField, text: string | null, on: PlainDate | null = today) =>
  said(systemc.read(field, text, on));

describe('a coded value', () => {
  for (const [field, text, code] of [
    ['referralSource', '1A', '1A'],
    ['referralSource', '  1a ', '1A'],
    ['referralSource', '10', '10'],
    ['placementEndReason', 'X1\r\n', 'X1'],
    ['referralSource', '1A - Individual', '1A'],
    ['referralSource', '1a: family member', '1A'],
    ['referralSource', '1A) Individual', '1A'],
    ['referralSource', '1A — relative', '1A'],
    ['referralSource', '4 - Housing', '4'],
    ['closureReason', 'RC7: other', 'RC7'],
    ['closureReason', 'RC8 - Case closed after assessment, no further action', 'RC8'],
    ['placementType', 'U4 - Foster', 'U4'],
  ] as const) {
    test(`"${text}" is ${code}, before a separator or by itself`, () =>
      assert.equal(read(field, text), code));
  }

  for (const [field, text, code] of [
    ['placementEndReason', 'X1 Episode ceases, and new episode begins on same day', 'X1'],
    ['placementEndReason', 'X1 Episode ceases, and new episode begins on same day, for any reason', 'X1'],
    ['placementEndReason', 'E4A Returned home to live with parent(s)', 'E4A'],
    ['placementStartReason', 'P Change of placement and carer(s) only', 'P'],
    ['referralSource', '5A LA services - social care', '5A'],
    ['referralSource', '2A Schools', '2A'],
    ['referralSource', '10 Unknown', '10'],
    ['careLeaverAccommodation', 'S No fixed abode / homeless', 'S'],
    ['careLeaverActivity', 'F4 Full time - apprenticeship', 'F4'],
  ] as const) {
    test(`"${text}" is ${code}, since the rest is the description of that code`, () =>
      assert.equal(read(field, text), code));
  }

  for (const [field, text] of [
    ['careLeaverAccommodation', 'B & B'],
    ['careLeaverAccommodation', 'B and B'],
    ['careLeaverAccommodation', 'H M Prison Leeds'],
    ['careLeaverAccommodation', 'S 17 funded flat'],
    ['careLeaverAccommodation', 'E-mail'],
    ['careLeaverAccommodation', 'K-9 unit'],
    ['careLeaverAccommodation', 'U Turn hostel'],
    ['sex', 'F to M'],
    ['sex', 'I'],
    ['sex', 'M/F'],
    ['referralSource', '8 year old sibling'],
    ['referralSource', '4 Ways School'],
    ['referralSource', '10:30 call'],
    ['referralSource', '4 - 8 Station Road'],
    ['referralSource', '10)30'],
    ['referralSource', '1A– relative'],
    ['referralSource', '1E'],
    ['referralSource', '1AB'],
    ['referralSource', 'Individual - 1A'],
    ['referralSource', '4711 - Police'],
    ['referralSource', '-'],
    ['referralSource', ' - '],
    ['referralSource', 'Self referral'],
    ['placementChangeReason', 'Place: Leeds'],
    ['placementChangeReason', 'Carer requests placement end'],
    // Other letters become S and I in capitals.
    ['placementStartReason', 'ſ'],
    ['placementEndReason', '\u0435\u0038'],
  ] as const) {
    test(`"${text}" (${field}) is not guessed`, () => assert.equal(read(field, text), 'code-unknown'));
  }

  for (const text of [null, '', '   ', '\t\r\n', '\u00a0']) {
    test(`that is missing is no fault (${JSON.stringify(text)})`, () =>
      assert.equal(read('referralSource', text), undefined));
  }

  test('that names two codes is left out', () => {
    assert.equal(read('careLeaverAccommodation', 'B - Deported'), 'codes-contradict');
    assert.equal(read('referralSource', '1A - 1B'), 'codes-contradict');
    assert.equal(read('referralSource', '4 - Police'), 'codes-contradict');
    assert.equal(read('referralSource', '1A: 1B - neighbour'), 'codes-contradict');
    assert.equal(read('referralSource', '1A - 8 Other'), 'codes-contradict');
  });

  test('that names one code twice is read', () => {
    assert.equal(read('careLeaverAccommodation', 'H - Deported'), 'H');
    assert.equal(read('careLeaverAccommodation', 'h - Deported'), 'H');
    assert.equal(read('referralSource', '1A: 1A - relative'), '1A');
  });

  for (const text of [
    'B1',
    'b2',
    'B1 - With parents',
    'B2: With parents or relatives',
    'B1 With parents or relatives',
  ]) {
    test(`"${text}" of care leavers' accommodation is B with any suitability`, () =>
      assert.equal(read('careLeaverAccommodation', text), 'B'));
  }

  test('has a suitability digit in accommodation only', () => {
    assert.equal(read('careLeaverAccommodation', 'Z2'), 'Z');
    assert.equal(read('careLeaverAccommodation', 'Z3'), 'code-unknown');
    assert.equal(read('sex', 'M1'), 'code-unknown');
    assert.equal(read('placementStartReason', 'S1'), 'code-unknown');
  });

  for (const text of ['SSD_PH', ' ssd_ph ', '??', '-1']) {
    test(`"${text}" is a placeholder`, () => assert.equal(read('ethnicity', text), 'placeholder'));
  }

  test('is a placeholder where a profile says so, unless it also says what it means', () => {
    const ours = readerOf(
      profileFrom(
        {
          placeholders: ['TBC', 'U - to be confirmed'],
          valueMaps: { ethnicity: { '??': 'NOBT' }, sex: { I: 'U' } },
        },
        'ours',
      ),
    );
    assert.equal(said(ours.read('sex', 'tbc', today)), 'placeholder');
    assert.equal(said(ours.read('sex', 'U - to be confirmed', today)), 'placeholder');
    assert.equal(said(ours.read('ethnicity', '??', today)), 'NOBT');
    assert.equal(said(ours.read('sex', 'I', today)), 'U');
  });

  test('is read by the separators of its profile only', () => {
    const ours = readerOf(profileFrom({ separators: { all: ['='], closureReason: [' / '] } }, 'ours'));
    assert.equal(said(ours.read('referralSource', '1A = Individual', today)), '1A');
    assert.equal(said(ours.read('referralSource', '1A - Individual', today)), 'code-unknown');
    assert.equal(said(ours.read('closureReason', 'RC7 / other', today)), 'RC7');
    assert.equal(said(ours.read('closureReason', 'RC7 = other', today)), 'code-unknown');
  });

  test('is a description in any usual spelling', () => {
    for (const text of [
      'With parent(s) or relative(s)',
      'with parents or relatives.',
      'Semi independent transitional accommodation',
      'No fixed abode/homeless',
    ]) {
      assert.notEqual(read('careLeaverAccommodation', text), 'code-unknown', text);
    }
    assert.equal(read('ethnicity', 'Gypsy / Roma'), 'WROM');
    assert.equal(read('ethnicity', 'White & Asian'), 'MWAS');
    assert.equal(read('placementStartReason', 'Started to be looked-after'), 'S');
  });
});

describe('a code that has ended', () => {
  test('is right for a row of its time, with the day since when it has not been', () => {
    assert.deepEqual(systemc.read('placementType', 'Z1', '2025-03-31'), {
      is: 'code',
      code: 'Z1',
      retiredSince: '2025-04-01',
    });
    assert.deepEqual(systemc.read('placementType', 'z1 - Other placement', '2024-06-01'), {
      is: 'code',
      code: 'Z1',
      retiredSince: '2025-04-01',
    });
  });

  test('is left out after its last day, and where the row has no date', () => {
    assert.equal(read('placementType', 'Z1', '2025-04-01'), 'code-retired');
    assert.equal(read('placementType', 'Z1', null), 'code-retired');
    assert.equal(read('assessmentFactor', '18A', today), 'code-retired');
  });

  test('is judged in the same way when a description means it', () => {
    const text = 'Semi-independent living accommodation not subject to children’s homes regulations';
    assert.equal(read('placementType', text, '2024-01-01'), 'H5');
    assert.equal(read('placementType', text, today), 'code-retired');
  });

  test('a current code is right for a row of any date, since open placements were recoded', () => {
    assert.equal(read('placementType', 'K3', '2015-01-01'), 'K3');
    assert.equal(read('placementType', 'Z11', null), 'Z11');
  });
});

describe('a code column and a description column', () => {
  const pair = (reader: CodeReader, code: string | null, description: string | null) =>
    said(reader.readPair('referralSource', code, description, today));

  test("SystemC's code column of the referral source is never read", () => {
    assert.equal(pair(systemc, '10', 'Self referral'), 'code-unknown');
    assert.equal(pair(systemc, '4', 'Police'), 'code-unknown');
    assert.equal(pair(systemc, '6', 'Anonymous call'), 'code-unknown');
    assert.equal(pair(systemc, '7', 'Schools'), 'code-unknown');
    assert.equal(pair(systemc, '7', null), 'code-unknown', 'what is recorded is not sent, which is said');
    assert.equal(pair(systemc, null, null), undefined);
  });

  test("SystemC's description is read where it is or has a code, or is what the guide calls one", () => {
    assert.equal(pair(systemc, '4711', '3D'), '3D');
    assert.equal(pair(systemc, '10', '1A Individual - family member'), '1A');
    assert.equal(pair(systemc, '10', '6 Police'), '6');
    assert.equal(pair(systemc, '10', 'HEALTH SERVICES - health visitor'), '3B');
  });

  test('a council on SystemC may say what its own words mean', () => {
    const ours = readerOf(
      profileFrom(
        { extends: 'systemc', valueMaps: { referralSource: { 'Self referral': '1C', Police: '6' } } },
        'ours',
      ),
    );
    assert.equal(pair(ours, '10', 'Self referral'), '1C');
    assert.equal(pair(ours, '10', 'police'), '6');
  });

  for (const [name, reader] of [
    ['Mosaic', mosaic],
    ['Eclipse', eclipse],
  ] as const) {
    test(`${name}'s national code goes before a description that is not one`, () => {
      assert.equal(pair(reader, '1A', '8 year old sibling'), '1A');
      assert.equal(pair(reader, '2A', '4 Ways School'), '2A');
      assert.equal(pair(reader, '3A', '1A Individual'), '3A', 'a bare blank counts only without a code');
      assert.equal(pair(reader, null, '1A Individual'), '1A');
      assert.equal(pair(reader, '4711', 'Police'), '6');
    });

    test(`${name}'s code and description that are both codes and differ are left out`, () => {
      assert.equal(pair(reader, '3A', '1A - Individual'), 'codes-contradict');
      assert.equal(pair(reader, '3A', 'Police'), 'codes-contradict');
      assert.equal(pair(reader, '6', 'Police'), '6');
    });
  }

  test('both unreadable give the gravest reason', () => {
    const placement = (code: string, description: string) =>
      said(mosaic.readPair('placementType', code, description, today));
    assert.equal(placement('Z1', 'whatever'), 'code-retired');
    assert.equal(placement('??', 'whatever'), 'code-unknown');
    assert.equal(placement('??', 'SSD_PH'), 'placeholder');
    assert.equal(placement('U1 - K2', 'U1'), 'codes-contradict');
  });
});

describe('the reader, for any text,', () => {
  const field = fc.constantFrom(...codedFields);
  const pieces = fc.constantFrom(
    ...[
      '1A',
      '8',
      'B',
      'B1',
      'Z1',
      'M',
      'OTHER',
      ' - ',
      ':',
      ')',
      ' ',
      '-',
      '–',
      '&',
      'Police',
      'or',
      '\n',
      '(s)',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.constantFrom(...nationalDescriptions.map((each) => each.text)),
  );
  const day = fc.constantFrom<PlainDate | null>(null, '2020-01-01', '2024-03-31', '2025-03-31', today);

  test('never throws, and never gives a code outside the lists or one that is not right for the day', () => {
    fc.assert(
      fc.property(fc.constantFrom(systemc, mosaic, eclipse), field, text, fc.option(text), day, (...all) => {
        const [reader, ofField, one, other, on] = all;
        for (const reading of [
          reader.read(ofField, one, on),
          reader.readPair(ofField, one, other, on),
          reader.readPair(ofField, other, one, on),
        ]) {
          if (reading.is !== 'code') continue;
          assert.ok(isSendableCode(newestCodeLists, ofField, reading.code));
          if (newestCodeLists[ofField].has(reading.code)) continue;
          assert.ok(on !== null && reading.retiredSince !== undefined && on < reading.retiredSince);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('gives a code for itself, in any case and with blanks around it', () => {
    fc.assert(
      fc.property(field, fc.constantFrom('', ' ', '\t'), fc.boolean(), (ofField, blank, small) => {
        for (const code of newestCodeLists[ofField]) {
          const written = `${blank}${small ? code.toLowerCase() : code}${blank}`;
          assert.deepEqual(systemc.read(ofField, written, null), { is: 'code', code });
        }
      }),
    );
  });

  test('reads what it has read as the same', () => {
    fc.assert(
      fc.property(field, text, day, (ofField, any, on) => {
        const reading = systemc.read(ofField, any, on);
        if (reading.is === 'code') assert.deepEqual(systemc.read(ofField, reading.code, on), reading);
      }),
    );
  });

  test('is done with a text of any length at once', () => {
    for (const one of ['1A - ', 'B ', '(S)', ' ', '.', '1A:', "'", 'A']) {
      const long = one.repeat(300_000);
      const begun = performance.now();
      const reading = said(systemc.read('referralSource', long, today));
      assert.ok(reading === undefined || reading === 'code-unknown');
      assert.ok(performance.now() - begun < 500, one);
    }
    const ours = readerOf(profileFrom({ separators: { all: [' - ', '- ', '-'] } }, 'ours'));
    assert.equal(said(ours.read('sex', 'm - '.repeat(200) + 'x', today)), 'code-unknown');
    assert.equal(read('referralSource', `1A - ${'x'.repeat(1000)}`), 'code-unknown');
    assert.equal(read('referralSource', `1A - ${'x'.repeat(900)}`), '1A');
  });
});

describe('the national descriptions', () => {
  test('are each read as their code, in capitals and small letters', () => {
    for (const { field, code, text } of nationalDescriptions) {
      for (const written of [text, text.toLowerCase(), ` ${text}. `]) {
        assert.equal(said(mosaic.read(field, written, '2020-01-01')), code, `${field}: ${text}`);
      }
      assert.equal(said(systemc.read(field, `${code} ${text}`, '2020-01-01')), code, `${field}: ${text}`);
      assert.equal(said(systemc.read(field, `${code} - ${text}`, '2020-01-01')), code, `${field}: ${text}`);
    }
  });

  test('are there for every code, except the few that no public source words', () => {
    const described = new Set(nationalDescriptions.map(({ field, code }) => `${field} ${code}`));
    const missing = codedFields.flatMap((field) =>
      [...newestCodeLists[field]].map((code) => `${field} ${code}`).filter((one) => !described.has(one)),
    );
    assert.deepEqual(missing, [
      'uniquePupilNumberUnknownReason UN6',
      ...['Z11', 'Z12', 'Z13', 'Z14'].map((code) => `placementType ${code}`),
    ]);
  });

  test('are the same in every built-in profile behind their code', () => {
    for (const name of profileNames) {
      const { descriptions } = builtInProfile(name);
      assert.equal(descriptions.referralSource?.get('POLICE'), '6');
    }
  });
});
