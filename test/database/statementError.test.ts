import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestError } from 'mssql';
import { statementError, StatementError } from '../../shared/database/statementError.js';
import { assertQuotesNothing, said } from './saidByServers.js';

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

const numbers = [208, 245, 2627, 2628, 8152, 50_000, 14_999];
const sqlStates = ['22001', '22P02', '23505', '42501', 'P0001', '58030'];

describe('the error of a statement', () => {
  it('contains none of the words of the server', () => {
    for (const message of said) {
      for (const number of numbers) assertQuotesNothing(statementError(fromSqlServer(message, number)));
      for (const code of sqlStates) assertQuotesNothing(statementError(fromPostgres(message, code)));
      assertQuotesNothing(statementError(new Error(message)));
      assertQuotesNothing(statementError(message));
    }
  });

  it('gives the number, severity and state, and what the number means', () => {
    const ours = statementError(fromSqlServer('Ffion', 2628));
    assert.ok(ours instanceof StatementError);
    assert.deepEqual([ours.code, ours.severity, ours.state], ['2628', '16', 1]);
    assert.match(ours.message, /\(2628, severity 16, state 1\)\. A text is longer than its column/);
    const postgres = statementError(fromPostgres('Ffion', '42501'));
    assert.deepEqual([postgres.code, postgres.severity, postgres.state], ['42501', 'ERROR', undefined]);
    assert.match(postgres.message, /\(42501, severity ERROR\)\. The login has no right/);
  });

  it('gives an unknown number without a meaning', () => {
    assert.match(
      statementError(fromSqlServer('Ffion', 14_999)).message,
      /\(14999, severity 16, state 1\)\.$/,
    );
  });

  it('contains no number, code or severity that a trigger has made up', () => {
    const child = statementError(fromSqlServer('Ffion', 20_120_615));
    assert.equal(child.code, '50000');
    assert.match(child.message, /trigger or procedure/);
    assert.equal(statementError(fromPostgres('Ffion', 'FFION')).code, '');
    const localised = Object.assign(new Error('Ffion'), { code: '23505', severity: 'Ffion' });
    assert.equal(statementError(localised).severity, undefined);
  });

  it('stays unchanged when it is made from itself', () => {
    const ours = statementError(fromSqlServer('Ffion', 1205));
    assert.equal(statementError(ours), ours);
  });
});
