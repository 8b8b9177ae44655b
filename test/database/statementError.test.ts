import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { ConnectionError, RequestError } from 'mssql';
import { AddressRefusedError, connectionError } from '../../shared/database/connectionError.js';
import { statementError, StatementError } from '../../shared/database/statementError.js';

/** Whatever a server, a trigger or a driver may say, with the name of a child in each place that takes a text. */
const said = [
  'Cannot insert duplicate key row. The duplicate key value is (Ffion (1)).',
  "String or binary data would be truncated in table 't', column 'c'. Truncated value: 'Ffion O'Brien'.",
  "Conversion failed when converting date and/or time from character string 'Ffion'.",
  'trigger trg_audit: Ffion, born 2012-06-15, has no such address',
  'invalid input syntax for type date: "Ffion "said""',
  'Failing row contains (1, Ffion).',
];

function fromSqlServer(message: string, number: number): Error {
  const ofDriver = Object.assign(new Error(message), {
    info: { number, state: 1, class: 16, lineNumber: 1, serverName: 'Ffion', procName: 'Ffion' },
  });
  return Object.assign(new RequestError(ofDriver, 'EREQUEST'), {
    params: ['Ffion'],
    precedingErrors: [new Error('Ffion')],
  });
}

function fromPostgres(message: string, code: string): Error {
  const given = ['detail', 'hint', 'where', 'table', 'column', 'constraint', 'schema', 'internalQuery'];
  return Object.assign(new Error(message), {
    code,
    severity: 'ERROR',
    ...Object.fromEntries(given.map((key) => [key, 'Ffion'])),
  });
}

function assertQuotesNothing(error: unknown): void {
  assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /Ffion|2012-06-15|FFION/);
}

const numbers = [208, 245, 2627, 2628, 8152, 50_000, 14_999];
const sqlStates = ['22001', '22P02', '23505', '42501', 'P0001', '58030'];

describe('the error of a statement', () => {
  it('has none of the words of the server, whatever they are', () => {
    for (const message of said) {
      for (const number of numbers) assertQuotesNothing(statementError(fromSqlServer(message, number)));
      for (const code of sqlStates) assertQuotesNothing(statementError(fromPostgres(message, code)));
      assertQuotesNothing(statementError(new Error(message)));
      assertQuotesNothing(statementError(message));
    }
  });

  it('says number, severity and state, and what the number means', () => {
    const told = statementError(fromSqlServer('Ffion', 2628));
    assert.ok(told instanceof StatementError);
    assert.deepEqual([told.code, told.severity, told.state], ['2628', '16', 1]);
    assert.match(told.message, /\(2628, severity 16, state 1\)\. A text is longer than its column/);
    const postgres = statementError(fromPostgres('Ffion', '42501'));
    assert.deepEqual([postgres.code, postgres.severity, postgres.state], ['42501', 'ERROR', undefined]);
    assert.match(postgres.message, /\(42501, severity ERROR\)\. The login has no right/);
  });

  it('of a number that nobody knows here says the number', () => {
    assert.match(
      statementError(fromSqlServer('Ffion', 14_999)).message,
      /\(14999, severity 16, state 1\)\.$/,
    );
  });

  it('takes no number, code or severity that a trigger has made up', () => {
    const child = statementError(fromSqlServer('Ffion', 20_120_615));
    assert.equal(child.code, '50000');
    assert.match(child.message, /trigger or procedure/);
    assert.equal(statementError(fromPostgres('Ffion', 'FFION')).code, '');
    const localised = Object.assign(new Error('Ffion'), { code: '23505', severity: 'Ffion' });
    assert.equal(statementError(localised).severity, undefined);
  });

  it('that is told already stays as it is', () => {
    const told = statementError(fromSqlServer('Ffion', 1205));
    assert.equal(statementError(told), told);
  });
});

describe('the error of a connection', () => {
  it('has none of the words of the server or the driver, whatever they are', () => {
    for (const message of said) {
      for (const engine of ['sqlserver', 'postgres'] as const) {
        for (const facts of [
          {},
          { number: 18456, state: 8, class: 14 },
          { code: '28000' },
          { code: 'ESOCKET' },
        ]) {
          const error = Object.assign(new Error(message, { cause: new Error(message) }), facts);
          assertQuotesNothing(connectionError(error, 'db.example:1433', engine));
        }
      }
    }
  });

  it('keeps number, severity and state', () => {
    const refused = Object.assign(new Error('Ffion'), { code: 'ELOGIN', number: 18456, state: 8, class: 14 });
    const { code, severity, state, message } = connectionError(refused, 'db.example:1433', 'sqlserver');
    assert.deepEqual([code, severity, state], ['18456', '14', 8]);
    assert.match(message, /db\.example:1433 \(18456, severity 14, state 8\)\. The login was refused/);
  });

  it('keeps the address that the firewall of Azure SQL refuses, and nothing else of its words', () => {
    const words =
      "Cannot open server 'Ffion' requested by the login. Client with IP address '203.0.113.7' is not allowed to access the server. (Ffion)";
    const ofDriver = Object.assign(new Error(words), { code: 'ELOGIN', number: 40615 });
    const refused = new ConnectionError(ofDriver, 'ELOGIN');
    const told = connectionError(refused, 'db.example:1433', 'sqlserver');
    assert.ok(told instanceof AddressRefusedError);
    assert.equal(told.address, '203.0.113.7');
    assertQuotesNothing(told);
    assert.ok(
      !(connectionError({ number: 40615 }, 'db.example:1433', 'sqlserver') instanceof AddressRefusedError),
    );
  });
});
