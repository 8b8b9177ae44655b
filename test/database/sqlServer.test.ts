import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { ConnectionPool, Request, RequestError, Transaction } from 'mssql';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';

/** What the driver throws when the server answers with this number. */
function refusal(number: number): Error {
  return new RequestError(Object.assign(new Error('played'), { info: { number } }), 'EREQUEST');
}

describe('the database on SQL Server (with a stand-in for the driver), after a passing fault,', () => {
  let database: Database;
  /** The next faults, one for each statement or commit. */
  let faults: (Error | undefined)[] = [];
  let said: string[] = [];

  const say = (what: string): void => {
    said.push(what);
    const fault = faults.shift();
    if (fault !== undefined) throw fault;
  };

  before(async () => {
    mock.method(ConnectionPool.prototype, 'connect', () => Promise.resolve());
    mock.method(Transaction.prototype, 'begin', () => Promise.resolve(said.push('begin')));
    mock.method(Transaction.prototype, 'rollback', () => Promise.resolve(said.push('rollback')));
    mock.method(Transaction.prototype, 'commit', async () =>
      Promise.resolve().then(() => {
        say('commit');
      }),
    );
    mock.method(Request.prototype, 'query', async (sql: string) => {
      await Promise.resolve();
      say(sql.split('\n').at(-1) ?? '');
      return { recordsets: [[{ n: 1 }]] };
    });
    database = await openDatabase('Server=db.example', {
      patience: { firstWaitMs: 1, longestWaitMs: 2, budgetMs: 2000 },
    });
  });

  beforeEach(() => {
    said = [];
    faults = [];
  });

  after(async () => {
    await database.close();
    mock.restoreAll();
  });

  it('repeats a SELECT, alone and together with others', async () => {
    faults = [refusal(40197), undefined, refusal(1222)];
    assert.deepEqual(await database.query('SELECT 1'), [{ n: 1 }]);
    assert.deepEqual(await database.queryTogether({ one: 'SELECT 2' }), { one: [{ n: 1 }] });
    assert.deepEqual(said, ['SELECT 1', 'SELECT 1', 'SELECT 2', 'SELECT 2']);
  });

  it('repeats a write only when the server has undone it', async () => {
    faults = [refusal(1205)];
    await database.query('UPDATE t');
    assert.deepEqual(said, ['UPDATE t', 'UPDATE t']);
    for (const write of ['UPDATE t', 'SELECT 1 INTO t']) {
      said = [];
      faults = [refusal(40197)];
      await assert.rejects(database.query(write), { code: '40197' });
      assert.deepEqual(said, [write]);
    }
  });

  it('does not repeat what reached the time limit, and its error says so', async () => {
    const tooLong = () => new RequestError('Timeout: Request failed to complete in 120000ms', 'ETIMEOUT');
    const expected = { name: 'StatementError', code: 'ETIMEOUT', message: /longer than the time limit/ };
    faults = [tooLong(), tooLong(), tooLong()];
    await assert.rejects(database.query('SELECT 1'), expected);
    await assert.rejects(database.queryTogether({ one: 'SELECT 2' }), expected);
    await assert.rejects(
      database.transaction((transaction) => transaction.query('UPDATE a')),
      expected,
    );
    assert.deepEqual(said, ['SELECT 1', 'SELECT 2', 'begin', 'UPDATE a', 'rollback']);
  });

  it('runs a transaction again when its connection broke before the commit was requested', async () => {
    faults = [new RequestError('Connection lost', 'ECONNCLOSED')];
    await database.transaction((transaction) => transaction.query('UPDATE a'));
    assert.deepEqual(said, ['begin', 'UPDATE a', 'rollback', 'begin', 'UPDATE a', 'commit']);
  });

  it('rolls a transaction back and runs it again as a whole', async () => {
    faults = [undefined, refusal(1205)];
    await database.transaction(async (transaction) => {
      await transaction.query('UPDATE a');
      await transaction.query('UPDATE b');
    });
    const whole = ['UPDATE a', 'UPDATE b'];
    assert.deepEqual(said, ['begin', ...whole, 'rollback', 'begin', ...whole, 'commit']);
  });

  it('does not repeat a transaction whose commit may have reached the server', async () => {
    faults = [undefined, refusal(40197)];
    await assert.rejects(
      database.transaction((transaction) => transaction.query('UPDATE a')),
      { code: '40197' },
    );
    assert.deepEqual(said, ['begin', 'UPDATE a', 'commit', 'rollback']);
  });

  it('does not repeat a transaction for an error of the work itself', async () => {
    const own = Object.assign(new Error('own'), { code: 'ECONNRESET' });
    await assert.rejects(
      database.transaction(() => Promise.reject(own)),
      own,
    );
    assert.deepEqual(said, ['begin', 'rollback']);
  });
});
