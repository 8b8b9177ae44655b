import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  builtInProfile,
  profileFrom,
  profileNames,
  withRegistrationColumn,
} from '../../shared/ssd/profile.js';
import { problemsOf } from './profileProblems.js';

describe('a built-in profile', () => {
  for (const name of profileNames) {
    test(`${name} is right by its own rules`, () => {
      assert.ok(builtInProfile(name).careWorkerRoles.has('CW'));
    });
  }

  test('has the descriptions that systems keep in place of national codes', () => {
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

describe("the column of a worker's registration", () => {
  const column = 'prof_social_worker_registration_no';

  test('is the one of the SSD specification, or the one that the settings name', () => {
    const { names } = builtInProfile('systemc');
    assert.equal(withRegistrationColumn(names, column).columnName('ssd_professionals', column), column);
    const other = withRegistrationColumn(names, 'prof_staff_id');
    assert.equal(other.columnName('ssd_professionals', column), 'prof_staff_id');
    assert.equal(other.columnName('ssd_professionals', 'prof_professional_id'), 'prof_professional_id');
    assert.equal(other.tableName('ssd_professionals'), 'ssd_professionals');
  });

  test('has the name that the profile gives it', () => {
    const { names } = profileFrom({ columnNames: { ssd_professionals: { [column]: 'swe_number' } } }, 'ours');
    assert.equal(withRegistrationColumn(names, column).columnName('ssd_professionals', column), 'swe_number');
  });
});

describe('the relations of a profile', () => {
  const eclipse = builtInProfile('eclipse').names.relations;
  const textsOf = (table: string, parent: string, relations = eclipse) =>
    relations.all
      .filter((relation) => relation.table === table && relation.parent === parent)
      .flatMap(({ alternatives }) => alternatives.map(({ kind }) => kind));

  test('are those of the specification where it says nothing', () => {
    const { relations } = profileFrom({}, 'ours.json').names;
    const keys = relations.all.map(({ table, key, parent }) => `${table}.${String(key)} -> ${parent}`);
    assert.ok(keys.includes('ssd_assessment_factors.cinf_assessment_id -> ssd_cin_assessments'));
    assert.ok(keys.includes('ssd_involvements.invo_professional_id -> ssd_professionals'));
    assert.deepEqual(relations.ways.ssd_permanence, ['person', 'ssd_cla_episodes']);
    assert.deepEqual(builtInProfile('systemc').names.relations.ways.ssd_permanence, ['ssd_cla_episodes']);
  });

  test('replace those of the profile it extends, table and parent by table and parent', () => {
    const { relations } = profileFrom(
      {
        extends: 'eclipse',
        relations: { ssd_s47_enquiry: { ssd_cin_episodes: ['s47e_referral_id = cine_referral_id'] } },
        ways: { ssd_permanence: ['ssd_cla_episodes'] },
      },
      'ours.json',
    ).names;
    assert.deepEqual(textsOf('ssd_s47_enquiry', 'ssd_cin_episodes'), ['equation', 'on']);
    assert.deepEqual(textsOf('ssd_s47_enquiry', 'ssd_cin_episodes', relations), ['equation']);
    assert.equal(textsOf('ssd_assessment_factors', 'ssd_cin_assessments', relations).length, 4);
    assert.deepEqual(relations.ways.ssd_permanence, ['ssd_cla_episodes']);
  });

  test('are also said by what older files have', () => {
    const older = {
      optionalColumns: { ssd_person: ['pers_upn_unknown'] },
      optionalTables: ['ssd_care_leavers'],
      integerColumns: { ssd_cin_episodes: ['cine_referral_id'] },
      prefixedWithPersonId: ['clae_referral_id'],
    };
    const { relations } = profileFrom(older, 'ours.json').names;
    const relation = relations.all.find(({ key }) => key === 'clae_referral_id');
    assert.deepEqual(
      relation?.alternatives.map((alternative) => (alternative.kind === 'on' ? [] : alternative.child)),
      [
        [
          { kind: 'column', column: 'clae_person_id' },
          { kind: 'column', column: 'clae_referral_id' },
        ],
      ],
    );
  });

  test('are refused with each wrong place named', () => {
    const wrong = (file: unknown, message: RegExp) => assert.match(problemsOf(file), message);
    wrong(
      { relations: { ssd_cin_plans: { ssd_cin_episodes: ['cinp_referral_id'] } } },
      /relations\.ssd_cin_plans\.ssd_cin_episodes: "cinp_referral_id" is not an equation/,
    );
    wrong(
      { relations: { ssd_initial_cp_conference: { ssd_s47_enquiry: ['on icpc_icpc_date'] } } },
      /only referrals are found by a day/,
    );
    wrong({ relations: { ssd_pets: {} } }, /ssd_pets/);
    wrong({ relations: { ssd_cin_plans: { ssd_cin_episodes: [] } } }, /ssd_cin_episodes/);
    wrong({ ways: { ssd_cin_plans: ['referral'] } }, /neither "person" nor a table/);
    wrong(
      { ways: { ssd_assessment_factors: ['person'] } },
      /ways\.ssd_assessment_factors: the table has no person column/,
    );
    wrong(
      { ways: { ssd_address: ['ssd_cin_episodes'] } },
      /"relations" does not say how its rows find those of ssd_cin_episodes/,
    );
    wrong(
      { ways: { ssd_cla_episodes: ['ssd_cla_placement'] } },
      /ways\.ssd_cla_episodes: leads back to the table itself/,
    );
  });
});
