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
