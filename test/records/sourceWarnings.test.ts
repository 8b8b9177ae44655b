import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sourceWarnings, type SourceFacts } from '../../shared/records/sourceWarnings.js';

const factors = {
  relation: 'ssd_assessment_factors.cinf_assessment_id -> ssd_cin_assessments',
  table: 'ssd_assessment_factors',
  columns: ['cinf_assessment_id', 'cinf_table_id'],
  parent: 'ssd_cin_assessments',
};

function ofFactors(rows: number, withKey: number, found: number): SourceFacts {
  return { relations: [{ ...factors, rows, withKey, found }] };
}

const upn = 'child_details.unique_pupil_number';
const sex = 'child_details.sex';

function kindsOf(facts: SourceFacts): string[] {
  return sourceWarnings(facts).map(({ kind }) => kind);
}

describe('warnings about the SSD', () => {
  test('are none where nothing is known, as of a run of an earlier version', () => {
    assert.deepEqual(sourceWarnings({}), []);
  });

  test('name table and column of a relation that joins nothing, what is lost, and what to do', () => {
    const [warning, ...more] = sourceWarnings(ofFactors(320, 300, 0));
    assert.deepEqual(more, []);
    assert.deepEqual(warning, {
      kind: 'joinsNothing',
      table: 'ssd_assessment_factors',
      column: 'cinf_assessment_id',
      found:
        '0 of 320 rows of ssd_assessment_factors find their row in ssd_cin_assessments (rows with a value in cinf_assessment_id: 300). What cinf_assessment_id is for: says which assessment the factors belong to; without it no factors are sent.',
      remedy:
        'Compare the values of ssd_assessment_factors.cinf_assessment_id with the ids in ssd_cin_assessments. If they are the same ids in another form, say so under "relations" in a profile of your own (docs/profiles.md, "How rows find each other"). If rows are missing in ssd_cin_assessments, ask who fills the SSD.',
    });
  });

  test('say of a relation without any key that the column is empty', () => {
    const [warning] = sourceWarnings(ofFactors(1, 0, 0));
    assert.match(warning?.found ?? '', /^0 of 1 rows of ssd_assessment_factors have a value in/);
    assert.match(warning?.remedy ?? '', /^Ask who fills the SSD to fill ssd_assessment_factors\.cinf_/);
  });

  test('say of a person column what to do where it holds another id', () => {
    const remedyOf = (table: string, column: string) =>
      sourceWarnings({
        relations: [
          {
            relation: `${table}.${column} -> ssd_person`,
            table,
            columns: [column],
            parent: 'ssd_person',
            rows: 9,
            withKey: 9,
            found: 0,
          },
        ],
      })[0]?.remedy ?? '';
    assert.match(
      remedyOf('ssd_permanence', 'perm_person_id'),
      /take "person" out of the ways of ssd_permanence/,
    );
    // It has no other key to a child.
    assert.doesNotMatch(remedyOf('ssd_address', 'addr_person_id'), /ways/);
  });

  for (const [what, facts, kinds] of [
    ['of an empty table', ofFactors(0, 0, 0), []],
    ['of a relation of which half of the keys are found', ofFactors(100, 100, 50), []],
    ['of one of which less than half are found', ofFactors(100, 100, 49), ['joinsFew']],
    ['of few keys, of which less than half are found', ofFactors(100, 19, 1), []],
    ['of rows that are found without their key', ofFactors(100, 0, 100), []],
    [
      'of involvements of which none has a reported role',
      { involvements: { rows: 3, withReportedRole: 0 } },
      ['noReportedRole'],
    ],
    ['of involvements of which one has', { involvements: { rows: 3, withReportedRole: 1 } }, []],
    ['of no involvements at all', { involvements: { rows: 0, withReportedRole: 0 } }, []],
    ['of an attribute that nobody has', { fill: { [upn]: { filled: 0, of: 20 } } }, ['notFilled']],
    ['of an attribute that few records could have', { fill: { [upn]: { filled: 0, of: 19 } } }, []],
    [
      'of one that is filled in less than half as many as before',
      { fill: { [upn]: { filled: 44, of: 100 } }, fillBefore: { [upn]: { filled: 90, of: 100 } } },
      ['fellSharply'],
    ],
    [
      'of one that has gone altogether since the run before',
      { fill: { [upn]: { filled: 0, of: 100 } }, fillBefore: { [upn]: { filled: 90, of: 100 } } },
      ['fellSharply'],
    ],
    [
      'of one that nobody had before either',
      { fill: { [upn]: { filled: 0, of: 100 } }, fillBefore: { [upn]: { filled: 0, of: 100 } } },
      ['notFilled'],
    ],
  ] as const satisfies readonly (readonly [string, SourceFacts, readonly string[]])[]) {
    test(`${kinds.length === 0 ? 'do not speak' : 'speak'} ${what}`, () => {
      assert.deepEqual(kindsOf(facts), kinds);
    });
  }

  test('tell both runs of an attribute that fell', () => {
    const [warning] = sourceWarnings({
      fill: { [sex]: { filled: 3, of: 200 } },
      fillBefore: { [sex]: { filled: 198, of: 200 } },
    });
    assert.equal(warning?.table, 'ssd_person');
    assert.equal(warning.column, 'pers_sex');
    assert.equal(
      warning.found,
      'Only 3 of 200 records (1.5 %) have child_details.sex; in the run before it was 198 of 200 records (99.0 %). ssd_person.pers_sex fills it.',
    );
    assert.match(warning.remedy, /Find out what has changed in ssd_person\.pers_sex/);
  });

  test('come with the most serious first', () => {
    const facts = {
      ...ofFactors(100, 100, 0),
      involvements: { rows: 3, withReportedRole: 0 },
      fill: { [upn]: { filled: 0, of: 100 }, [sex]: { filled: 1, of: 100 } },
      fillBefore: { [sex]: { filled: 100, of: 100 } },
    };
    assert.deepEqual(kindsOf(facts), ['joinsNothing', 'noReportedRole', 'fellSharply', 'notFilled']);
  });
});
