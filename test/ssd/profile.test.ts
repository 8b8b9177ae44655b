import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtInProfile, profileFrom, ProfileError, profileNames } from '../../shared/ssd/profile.js';

function problemsOf(file: unknown): string {
  try {
    profileFrom(file, 'ours.json');
  } catch (error) {
    assert.ok(error instanceof ProfileError);
    return error.message;
  }
  assert.fail('the profile was taken');
}

describe('a built-in profile', () => {
  for (const name of profileNames) {
    test(`${name} is right by its own rules`, () => {
      assert.ok(builtInProfile(name).careWorkerRoles.has('CW'));
    });
  }

  test('knows the descriptions that systems keep in place of national codes', () => {
    const { valueMaps } = builtInProfile('systemc');
    assert.equal(valueMaps.placementStartReason?.get('STARTED TO BE LOOKED AFTER'), 'S');
    assert.equal(valueMaps.sex?.get('FEMALE'), 'F');
  });

  test('says how a code is separated from its description, and what is a placeholder', () => {
    for (const name of profileNames) {
      const { separators, placeholders, placeholderDates } = builtInProfile(name);
      assert.deepEqual(separators.closureReason, [' - ', ':', ')']);
      assert.ok(placeholders.has('SSD_PH'));
      assert.deepEqual([...placeholderDates], ['1900-01-01']);
    }
  });

  test("never reads SystemC's code of the referral source, and asks Mosaic's and Eclipse's first", () => {
    assert.deepEqual(builtInProfile('systemc').speaks.referralSource, {
      first: 'description',
      never: 'code',
    });
    assert.equal(builtInProfile('mosaic').speaks.referralSource.first, 'code');
    assert.equal(builtInProfile('eclipse').speaks.referralSource.first, 'code');
  });

  test("lets a one-word source of SystemC's own list mean nothing without a code", () => {
    assert.equal(builtInProfile('systemc').valueMaps.referralSource?.get('POLICE'), undefined);
    assert.equal(builtInProfile('systemc').descriptions.referralSource?.get('POLICE'), '6');
    assert.equal(builtInProfile('mosaic').valueMaps.referralSource?.get('POLICE'), '6');
  });
});

describe("an authority's own profile", () => {
  test('adds to what it extends, and replaces names', () => {
    const profile = profileFrom(
      {
        extends: 'mosaic',
        schema: 'reporting',
        careWorkerRoles: ['Social worker'],
        valueMaps: { closureReason: { 'Nothing more to do': 'RC8' } },
        columnNames: { ssd_person: { pers_sex: 'pers_gender_code' } },
        tableNames: { ssd_cin_plans: 'our_plans' },
      },
      'ours.json',
    );
    assert.equal(profile.schema, 'reporting');
    assert.deepEqual([...profile.careWorkerRoles], ['CW', 'REL.ALLOC', 'ALLWORKER', 'SOCIAL WORKER']);
    assert.equal(profile.valueMaps.closureReason?.get('NOTHING MORE TO DO'), 'RC8');
    assert.equal(profile.valueMaps.sex?.get('MALE'), 'M');
    assert.equal(profile.names.columnName('ssd_person', 'pers_sex'), 'pers_gender_code');
    assert.equal(profile.names.columnName('ssd_cin_plans', 'cinp_cin_plan_id'), 'cin_plan_id');
    assert.equal(profile.names.tableName('ssd_cin_plans'), 'our_plans');
  });

  test('is refused with each wrong place named', () => {
    assert.match(problemsOf({ extends: 'azeus' }), /extends: must be one of/);
    assert.match(problemsOf({ uascStatus: ['x'] }), /uascStatus/);
    assert.match(
      problemsOf({ valueMaps: { sex: { Mann: 'X' } } }),
      /valueMaps\.sex: X is not a national code/,
    );
    assert.match(problemsOf({ valueMaps: { colour: {} } }), /valueMaps\.colour/);
    assert.match(problemsOf({ columnNames: { ssd_person: { pers_shoe: 'x' } } }), /ssd_person\.pers_shoe/);
    assert.match(problemsOf({ optionalTables: ['ssd_pets'] }), /is not a table of the SSD/);
    assert.match(problemsOf({ schema: 'a; DROP TABLE b' }), /schema: must be a plain name/);
    assert.match(problemsOf([]), /the file/);
  });
});

describe('what an own profile says of codes', () => {
  const withMaps = (valueMaps: Record<string, Record<string, string | null>>) => ({
    extends: 'systemc',
    valueMaps,
  });

  test('goes before what it extends: separators and speaking columns replace, placeholders add', () => {
    const profile = profileFrom(
      {
        extends: 'systemc',
        separators: { referralSource: [' – '] },
        speaks: { referralSource: { first: 'code' } },
        placeholders: ['tbc'],
        placeholderDates: ['2999-12-31'],
      },
      'ours.json',
    );
    assert.deepEqual(profile.separators.referralSource, [' - ']);
    assert.deepEqual(profile.separators.closureReason, [' - ', ':', ')']);
    assert.deepEqual(profile.speaks.referralSource, { first: 'code' });
    assert.ok(profile.placeholders.has('TBC') && profile.placeholders.has('SSD_PH'));
    assert.ok(profile.placeholderDates.has('2999-12-31') && profile.placeholderDates.has('1900-01-01'));
  });

  test('gives an inherited value another meaning, or none by itself', () => {
    const profile = profileFrom(
      withMaps({ sex: { Unborn: 'F' }, careLeaverAccommodation: { 'In custody': null } }),
      'ours.json',
    );
    assert.equal(profile.valueMaps.sex?.get('UNBORN'), 'F');
    assert.equal(profile.valueMaps.careLeaverAccommodation?.get('IN CUSTODY'), undefined);
    assert.equal(profile.descriptions.careLeaverAccommodation?.get('IN CUSTODY'), 'X');
  });

  test('may use a code that has ended, for rows of its time', () => {
    const profile = profileFrom(withMaps({ placementType: { 'Some other place': 'Z1' } }), 'ours.json');
    assert.equal(profile.valueMaps.placementType?.get('SOME OTHER PLACE'), 'Z1');
  });

  test('is refused where an entry can have no effect', () => {
    assert.match(
      problemsOf(withMaps({ sex: { m: 'F' } })),
      /valueMaps\.sex: "m" is a national code itself.*no effect: remove it/,
    );
    assert.match(
      problemsOf(withMaps({ careLeaverAccommodation: { B1: 'B' } })),
      /"B1" is a national code itself/,
    );
    assert.match(problemsOf(withMaps({ placementType: { Z1: 'Z11' } })), /"Z1" is a national code itself/);
    assert.match(problemsOf(withMaps({ sex: { Girl: null } })), /"Girl" is null.*no effect: remove it/);
    assert.match(problemsOf(withMaps({ sex: { '--': 'U' } })), /"--" has no letter or digit/);
  });

  test('is refused where two spellings of one value mean different codes', () => {
    assert.match(
      problemsOf(withMaps({ closureReason: { 'Moved-away': 'RC5', 'moved away': 'RC7' } })),
      /valueMaps\.closureReason: "moved away" is there twice, differently written, once for RC5 and once for RC7/,
    );
    profileFrom(withMaps({ closureReason: { 'Moved-away': 'RC5', 'moved away': 'RC5' } }), 'ours.json');
  });

  test('is refused where a separator, a column or a placeholder is none', () => {
    for (const separator of ['', ' ', 'x', ' 1 ', '  ']) {
      assert.match(problemsOf({ separators: { all: [separator] } }), /separators\.all\.0: must be a sign/);
    }
    assert.match(problemsOf({ separators: { colour: [':'] } }), /separators\.colour/);
    assert.match(problemsOf({ speaks: { sex: { first: 'name' } } }), /speaks\.sex\.first/);
    assert.match(
      problemsOf({ speaks: { sex: { first: 'code', never: 'code' } } }),
      /first and never must be different columns/,
    );
    assert.match(problemsOf({ placeholderDates: ['1900-02-30'] }), /placeholderDates\.0: must be a date/);
  });
});
