import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import type { ReadText } from '../../shared/host/packageFolder.js';
import { ProfileError } from '../../shared/ssd/profileFile.js';
import { readProfile } from '../../shared/ssd/readProfile.js';
import { problemsOf } from './profileProblems.js';

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

  test('builds on the national profile when the last of the files extends nothing', () => {
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
  const base = { extends: 'mosaic', uascStatuses: ['Ours'], placeholders: ['n/k'] };
  const shortenedBy = (without: unknown, more = {}) =>
    readProfile(
      'ours.json',
      filesOf({ 'ours.json': { extends: 'base.json', without, ...more }, 'base.json': base }),
    );

  test('has all the rest, whichever of the profiles it extends gave the entry', () => {
    const profile = shortenedBy({
      careWorkerRoles: ['CW', ' allworker '],
      uascStatuses: ['OURS', 'U', 'Unaccompanied asylum-seeking child'],
      conferenceFlagKeys: ['CP_CONFERENCE_FLAG'],
      conferenceOutcomes: ['Initial child protection conference'],
      placeholders: ['??', 'N/K'],
      placeholderDates: ['1900-01-01'],
    });
    assert.deepEqual([...profile.careWorkerRoles], ['REL.ALLOC']);
    assert.deepEqual([...profile.uascStatuses], ['UASC', 'YES UASC']);
    assert.deepEqual(profile.conferenceFlagKeys, ['OUTCOME_CP_CONFERENCE_FLAG']);
    assert.ok(!profile.conferenceOutcomes.has('INITIAL CHILD PROTECTION CONFERENCE'));
    assert.ok(profile.conferenceOutcomes.size > 0);
    assert.deepEqual([...profile.placeholders], ['SSD_PH', '-1']);
    assert.equal(profile.placeholderDates.size, 0);
  });

  test('can be emptied, and extended again by the next file', () => {
    const all = ['Former Unique Pupil Number', 'UPN (previous)', 'Former UPN'];
    assert.equal(shortenedBy({ formerUpnTypes: all }).formerUpnTypes.size, 0);
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
        without: { careWorkerRoles: ['ALLWORKER'], placeholders: ['?'] },
      },
    };
    const problem = problemIn(wrong, 'ours.json');
    assert.match(problem, /without\.careWorkerRoles: "ALLWORKER" is not inherited/);
    assert.match(problem, /without\.placeholders: "\?" is not inherited/);
  });

  test('is refused when it gives and takes away the same', () => {
    assert.throws(
      () => shortenedBy({ careWorkerRoles: ['CW'] }, { careWorkerRoles: ['cw'] }),
      /without\.careWorkerRoles: "CW" is given in careWorkerRoles as well/,
    );
  });

  test('is refused when it names a list that there is not, with the way to take a value out of a map', () => {
    assert.throws(() => shortenedBy({ carers: ['CW'] }), /without: .*carers/);
    assert.throws(
      () => shortenedBy({ valueMaps: { sex: ['Unborn'] } }),
      /without\.valueMaps: is not a list: in "valueMaps" give the value null/,
    );
    const profile = shortenedBy(undefined, { valueMaps: { sex: { Unborn: null } } });
    assert.equal(profile.valueMaps.sex?.get('UNBORN'), undefined);
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

  test('is refused where a separator, a column or a placeholder is not valid', () => {
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
