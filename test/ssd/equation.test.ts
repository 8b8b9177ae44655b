import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alternativeOf, childColumns, parentColumns } from '../../shared/ssd/equation.js';
import { idFormOf } from '../../shared/database/idForm.js';
import { sideValue } from '../../shared/ssd/sideValue.js';

function equationOf(text: string) {
  const alternative = alternativeOf(text);
  assert.ok(typeof alternative !== 'string' && alternative.kind === 'equation');
  return alternative;
}

describe('an alternative of a relation', () => {
  it('is an equation of two columns', () => {
    assert.deepEqual(alternativeOf('cinf_assessment_id = cina_assessment_id'), {
      kind: 'equation',
      child: [{ kind: 'column', column: 'cinf_assessment_id' }],
      parent: [{ kind: 'column', column: 'cina_assessment_id' }],
    });
  });

  it('puts texts behind one another, and takes one from the front of another first', () => {
    assert.deepEqual(equationOf("a_id = b_person + '-' + b_id - b_person").parent, [
      { kind: 'column', column: 'b_person' },
      { kind: 'text', text: '-' },
      { kind: 'without', column: 'b_id', front: 'b_person' },
    ]);
    assert.deepEqual(equationOf('  a_person+a_id=b_id ').child.length, 2);
  });

  it('may have a condition that both are the same where both have one', () => {
    const equation = equationOf('a_place = b_place unless a_period <> b_period');
    assert.deepEqual(equation.unless, { child: 'a_period', parent: 'b_period' });
    assert.deepEqual(childColumns(equation), ['a_place', 'a_period']);
    assert.deepEqual(parentColumns(equation), ['b_place', 'b_period']);
  });

  it('is the referral that was open on a day', () => {
    assert.deepEqual(alternativeOf('on s47e_s47_start_date'), { kind: 'on', date: 's47e_s47_start_date' });
  });

  const wrong = [
    '',
    'a_id',
    'a_id =',
    '= b_id',
    'a_id == b_id',
    'a_id = b_id = c_id',
    'a_id - = b_id',
    "a_id = 'x'",
    "a_id - 'x' = b_id",
    "a_id = b_id + 'it''s'",
    'a_id = b_id; DROP TABLE ssd_person',
    'a_id = b.id',
    'a_id = b_id unless a_period = b_period',
    'a_id = b_id unless a <> b unless c <> d',
    'on',
    'on a_date and b_date',
  ];
  for (const text of wrong) {
    it(`is refused as "${text}"`, () => {
      const problem = alternativeOf(text);
      assert.ok(typeof problem === 'string' && problem.includes(text), JSON.stringify(problem));
    });
  }
});

describe('a side of an equation, for one row', () => {
  const form = idFormOf('sqlserver', 'Latin1_General_CI_AS');
  const value = (text: string, ids: Readonly<Record<string, string | null>>) =>
    sideValue(equationOf(`${text} = other`).child, ids, form);

  it('is what the database would compare', () => {
    assert.equal(value('a', { a: 'X1 ' }), 'x1');
    assert.equal(value('a + b', { a: '50', b: '01' }), '5001');
    assert.equal(value("a + '-' + b - a", { a: 'P5', b: 'p577' }), 'p5-77');
  });

  it('is nothing when any part of it is', () => {
    assert.equal(value('a', { a: null }), undefined);
    assert.equal(value('a + b', { a: '50', b: null }), undefined);
    assert.equal(value('b - a', { a: '9', b: '5001' }), undefined);
    assert.equal(value('b - a', { a: null, b: '5001' }), undefined);
    assert.equal(value('b - a', { a: '5001', b: '5001' }), undefined);
    assert.equal(value('b - a', { a: '50011', b: '5001' }), undefined);
  });
});

describe('what two ids have in common that the database takes for one', () => {
  it('is said by the collation on SQL Server', () => {
    const equal = (collation: string, one: string, other: string) => {
      const form = idFormOf('sqlserver', collation);
      return form(one) === form(other);
    };
    assert.ok(equal('Latin1_General_CI_AS', 'ab ', 'AB'));
    assert.ok(equal('SQL_Latin1_General_CP1_CI_AS', 'ab', 'AB'));
    assert.ok(!equal('Latin1_General_CI_AS', 'a', 'á'));
    assert.ok(equal('Latin1_General_CI_AI', 'A', 'á'));
    assert.ok(!equal('Latin1_General_CS_AS', 'ab', 'AB'));
    assert.ok(!equal('Latin1_General_100_CS_AS_SC_UTF8', 'ab', 'AB'));
    assert.ok(!equal('Latin1_General_BIN2', 'ab', 'AB'));
    assert.ok(!equal('Latin1_General_BIN', 'ab', 'AB'));
    assert.ok(equal('Latin1_General_BIN2', 'ab', 'ab  '));
    assert.ok(equal('DATABASE_DEFAULT', 'ab', 'AB'));
  });

  it('is all but the blanks behind it on PostgreSQL', () => {
    const form = idFormOf('postgres', '"und-x-icu"');
    assert.equal(form('a '), form('a'));
    assert.notEqual(form('a'), form('A'));
  });
});
