import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statementError, StatementError } from '../../shared/database/statementError.js';

/** What the servers say, with a child's name or id where they quote a value. */
const said: readonly (readonly [said: string, told: string])[] = [
  [
    "String or binary data would be truncated in table 'ssd.dbo.t', column 'legacy_id'. Truncated value: 'Ffion O'Brien'.",
    "String or binary data would be truncated in table 'ssd.dbo.t', column 'legacy_id'. Truncated value: (not shown).",
  ],
  [
    "Cannot insert duplicate key row in object 'dbo.t' with unique index 'ux_person_id'. The duplicate key value is (Ffion (1)).",
    "Cannot insert duplicate key row in object 'dbo.t' with unique index 'ux_person_id'. The duplicate key value is (not shown).",
  ],
  [
    "Conversion failed when converting the nvarchar value 'Ffion' to data type int.",
    'Conversion failed when converting the nvarchar value (not shown) to data type int.',
  ],
  [
    "The conversion of the nvarchar value 'Ffion' overflowed an int column.",
    'The conversion of the nvarchar value (not shown) overflowed an int column.',
  ],
  [
    'Arithmetic overflow error for data type tinyint, value = 300123.',
    'Arithmetic overflow error for data type tinyint, value = (not shown).',
  ],
  [
    'Arithmetic overflow error for type varchar, value = 1234567.000000.',
    'Arithmetic overflow error for type varchar, value = (not shown).',
  ],
  ['invalid input syntax for type date: "Ffion "said""', 'invalid input syntax for type date: (not shown)'],
  ['value "Ffion" is out of range for type integer', 'value (not shown) is out of range for type integer'],
  [
    'duplicate key value violates unique constraint "t_pkey"',
    'duplicate key value violates unique constraint "t_pkey"',
  ],
  ['Must declare the scalar variable "@absent".', 'Must declare the scalar variable "@absent".'],
];

describe('the error of a statement', () => {
  it('says what the server said, without the values it quoted', () => {
    for (const [message, told] of said) assert.equal(statementError(new Error(message)).message, told);
  });

  it("takes along the server's number and nothing else of the driver's error", () => {
    const fromSqlServer = Object.assign(new Error('deadlock'), {
      number: 1205,
      code: 'EREQUEST',
      params: ['Ffion'],
    });
    const told = statementError(fromSqlServer);
    assert.ok(told instanceof StatementError);
    assert.equal(told.code, '1205');
    assert.deepEqual(Object.keys(told).sort(), ['code', 'name']);
    const fromPostgres = Object.assign(new Error('duplicate'), { code: '23505', detail: 'Key (a)=(Ffion)' });
    assert.equal(statementError(fromPostgres).code, '23505');
  });
});
