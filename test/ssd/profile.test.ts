import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtInProfile, profileFrom, ProfileError, profileNames } from '../../shared/ssd/profile.js';
import { readProfile, type ReadText } from '../../shared/ssd/readProfile.js';

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

/** Files by their paths from the folder of the package; what is no text is written as JSON. */
function filesOf(files: Readonly<Record<string, unknown>>): ReadText {
  return (path) => {
    const content = files[path.replaceAll('\\', '/')];
    if (content === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
    return typeof content === 'string' ? content : JSON.stringify(content);
  };
}

function problemIn(files: Readonly<Record<string, unknown>>, name = 'profiles/ours.json'): string {
  try {
    readProfile(name, filesOf(files));
  } catch (error) {
    assert.ok(error instanceof ProfileError);
    return error.message;
  }
  assert.fail('the profile was taken');
}

describe('a profile that extends another file', () => {
  test('adds to all that the files before it say, the built-in profile at the beginning first', () => {
    const profile = readProfile(
      'profiles/ours.json',
      filesOf({
        'profiles/ours.json': { extends: 'shared/region.json', careWorkerRoles: ['Ours'], schema: 'ours' },
        'profiles/shared/region.json': { extends: '../base.json', careWorkerRoles: ['Region'] },
        'profiles/base.json': { extends: 'mosaic', schema: 'base', careWorkerRoles: ['Base'] },
      }),
    );
    assert.deepEqual(
      [...profile.careWorkerRoles],
      ['CW', 'REL.ALLOC', 'ALLWORKER', 'BASE', 'REGION', 'OURS'],
    );
    assert.equal(profile.schema, 'ours');
  });

  test('stands on the national profile when the last of the files extends nothing', () => {
    const files = {
      'profiles/ours.json': { extends: 'base.json' },
      'profiles/base.json': { schema: 'base' },
    };
    const profile = readProfile('profiles/ours.json', filesOf(files));
    assert.ok(profile.careWorkerRoles.has('CW'));
    assert.equal(profile.schema, 'base');
  });

  test('is read also where a Windows editor has put a mark at the beginning', () => {
    const files = { 'profiles/ours.json': '\uFEFF{ "schema": "ours" }' };
    assert.equal(readProfile('profiles/ours.json', filesOf(files)).schema, 'ours');
  });

  test('is refused when the files extend each other in a circle, which the error shows', () => {
    assert.match(
      problemIn({
        'profiles/ours.json': { extends: 'base.json' },
        'profiles/base.json': { extends: './more/../region.json' },
        'profiles/region.json': { extends: 'base.json' },
      }).replaceAll('\\', '/'),
      /profiles\/region\.json cannot be used.*\n.*circle: profiles\/base\.json extends profiles\/region\.json extends profiles\/base\.json/,
    );
    assert.match(problemIn({ 'profiles/ours.json': { extends: 'ours.json' } }), /circle/);
  });

  test('is refused with the file and the place that is wrong', () => {
    const ours = { extends: 'base.json' };
    const cases: [unknown, RegExp][] = [
      [undefined, /base\.json, which "extends" in profiles.ours\.json names, .*no such file/],
      ['{ "schema": "x", }', /base\.json is not JSON: .*(position|"schema": "x", })/],
      [{ uascStatuses: [''] }, /profiles.base\.json cannot be used.*\n {2}uascStatuses\.0: /],
      [{ extends: 'azeus' }, /profiles.base\.json cannot be used.*\n {2}extends: must be one of/],
      [
        { extends: '/etc/base.json' },
        /profiles.base\.json cannot be used.*\n {2}extends: must be a path from/,
      ],
    ];
    for (const [base, expected] of cases) {
      assert.match(problemIn({ 'profiles/ours.json': ours, 'profiles/base.json': base }), expected);
    }
  });

  test('is refused, when it is not there, with what to do', () => {
    assert.match(problemIn({}), /SSD_PROFILE names, .*no such file.*Put it into the folder profiles\//);
  });
});

describe('a profile that shortens what it inherits', () => {
  const base = {
    extends: 'mosaic',
    uascStatuses: ['Ours'],
    optionalTables: ['ssd_sdq_scores'],
    valueMaps: { sex: { Unborn: 'U', 'Not known': 'U' } },
  };
  const shortenedBy = (without: unknown, more = {}) =>
    readProfile(
      'ours.json',
      filesOf({ 'ours.json': { extends: 'base.json', without, ...more }, 'base.json': base }),
    );

  test('has all the rest, whichever of the profiles it extends gave the entry', () => {
    const profile = shortenedBy({
      careWorkerRoles: ['CW', ' allworker '],
      uascStatuses: ['OURS', 'U'],
      optionalTables: ['ssd_care_leavers'],
      integerColumns: { ssd_s47_enquiry: ['s47e_referral_id'] },
      optionalColumns: { ssd_person: ['pers_legacy_id'] },
      valueMaps: { sex: ['unborn'] },
    });
    assert.deepEqual([...profile.careWorkerRoles], ['REL.ALLOC']);
    assert.ok(!profile.uascStatuses.has('OURS') && !profile.uascStatuses.has('U'));
    assert.ok(profile.uascStatuses.has('UASC'));
    const { names } = profile;
    assert.ok(!names.isOptionalTable('ssd_care_leavers') && names.isOptionalTable('ssd_sdq_scores'));
    assert.ok(!names.isInteger('ssd_s47_enquiry', 's47e_referral_id'));
    assert.ok(names.isInteger('ssd_s47_enquiry', 's47e_s47_enquiry_id'));
    assert.ok(!names.isOptional('ssd_person', 'pers_legacy_id'));
    assert.ok(names.isOptional('ssd_person', 'pers_upn_unknown'));
    assert.equal(profile.valueMaps.sex?.get('UNBORN'), undefined);
    assert.equal(profile.valueMaps.sex?.get('NOT KNOWN'), 'U');
  });

  test('can be emptied, and extended again by the next file', () => {
    const emptied = shortenedBy({
      formerUpnTypes: ['Former Unique Pupil Number', 'UPN (previous)', 'Former UPN'],
    });
    assert.equal(emptied.formerUpnTypes.size, 0);
    const files = {
      'ours.json': { extends: 'less.json', careWorkerRoles: ['CW'] },
      'less.json': { extends: 'systemc', without: { careWorkerRoles: ['CW'] } },
    };
    assert.deepEqual([...readProfile('ours.json', filesOf(files)).careWorkerRoles], ['CW']);
  });

  test('changes nothing for the profiles it extends', () => {
    shortenedBy({ careWorkerRoles: ['CW'] });
    assert.ok(builtInProfile('mosaic').careWorkerRoles.has('CW'));
  });

  test('is refused when it names what is not inherited, each time', () => {
    const wrong = {
      'ours.json': {
        extends: 'systemc',
        careWorkerRoles: ['Social worker'],
        without: {
          careWorkerRoles: ['ALLWORKER'],
          optionalColumns: { ssd_person: ['pers_sex'] },
          valueMaps: { sex: ['Unheard of'] },
        },
      },
    };
    const problem = problemIn(wrong, 'ours.json');
    assert.match(problem, /without\.careWorkerRoles: "ALLWORKER" is not inherited/);
    assert.match(problem, /without\.optionalColumns\.ssd_person: "pers_sex" is not inherited/);
    assert.match(problem, /without\.valueMaps\.sex: "Unheard of" is not inherited/);
  });

  test('is refused when it gives and takes away the same', () => {
    assert.throws(
      () => shortenedBy({ careWorkerRoles: ['CW'] }, { careWorkerRoles: ['cw'] }),
      /without\.careWorkerRoles: "CW" is given in careWorkerRoles as well/,
    );
  });

  test('is refused when it names a list or a map that there is not', () => {
    assert.throws(() => shortenedBy({ carers: ['CW'] }), /without: .*carers/);
    assert.throws(() => shortenedBy({ valueMaps: { colour: ['red'] } }), /without\.valueMaps\.colour/);
  });
});
