import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { observed, type SqlCall } from '../../shared/database/observed.js';
import { openDatabase } from '../../shared/database/open.js';
import { StatementError } from '../../shared/database/statementError.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from './engines.js';

for (const engine of testEngines) {
  describe(`a database that is observed (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let words: string;
    const calls: SqlCall[] = [];

    before(async () => {
      made = await openTestSchema(engine);
      words = `${made.schema}.words`;
      const { integer, text } = typesOf(made.database.engine);
      await made.database.query(`CREATE TABLE ${words} (id ${integer} NOT NULL PRIMARY KEY, word ${text})`);
      database = observed(made.database, (call) => calls.push(call));
    });
    after(() => made.remove());
    beforeEach(async () => {
      await made.database.query(`DELETE FROM ${words}`);
      await made.database.query(`INSERT INTO ${words} (id, word) VALUES (1, 'one'), (2, 'two')`);
      calls.length = 0;
    });

    const insert = (id: number, word: string) =>
      [`INSERT INTO ${words} (id, word) VALUES (@id, @word)`, { id, word }] as const;
    const ids = async () =>
      (await made.database.query(`SELECT id FROM ${words} ORDER BY id`)).map((row) => row['id']);
    const reported = () =>
      calls.map(({ operation, outcome, code, rows }) => [operation, outcome, code, rows]);

    it('gives the same answers, and reports each call with the number of rows', async () => {
      assert.equal(database.engine, made.database.engine);
      const select = `SELECT word FROM ${words} WHERE id <= @upTo ORDER BY id`;
      assert.deepEqual(await database.query(select, { upTo: 1 }), [{ word: 'one' }]);
      const selects = { some: select, all: `SELECT id FROM ${words}` };
      const sets = await database.queryTogether(selects, { upTo: 1 });
      assert.deepEqual(sets, await made.database.queryTogether(selects, { upTo: 1 }));
      await database.query(...insert(3, 'three'));
      assert.deepEqual(await ids(), [1, 2, 3]);
      assert.deepEqual(reported(), [
        ['read', 'done', undefined, 1],
        ['readTogether', 'done', undefined, 3],
        ['write', 'done', undefined, undefined],
      ]);
    });

    it('commits a transaction as before, and reports it once, without its statements', async () => {
      const result = await database.transaction(async (transaction) => {
        await transaction.query(...insert(3, 'three'));
        await transaction.query(...insert(4, 'four'));
        assert.deepEqual(reported(), []);
        return 'done with it';
      });
      assert.equal(result, 'done with it');
      assert.deepEqual(await ids(), [1, 2, 3, 4]);
      assert.deepEqual(reported(), [['transaction', 'done', undefined, undefined]]);
    });

    it('rolls a transaction back as before, and passes on the error of its work', async () => {
      const error = new Error('Ffion');
      const failing = database.transaction(async (transaction) => {
        await transaction.query(...insert(3, 'three'));
        throw error;
      });
      await assert.rejects(failing, (thrown) => thrown === error);
      assert.deepEqual(await ids(), [1, 2]);
      assert.deepEqual(reported(), [['transaction', 'failed', undefined, undefined]]);
    });

    it("passes on the database's errors, and reports their codes", async () => {
      const codes: string[] = [];
      const isOfDatabase = (error: unknown) => {
        assert.ok(error instanceof StatementError);
        codes.push(error.code);
        return true;
      };
      const noTable = `SELECT id FROM ${words}_absent`;
      await assert.rejects(database.query(noTable), isOfDatabase);
      await assert.rejects(database.queryTogether({ noTable }), isOfDatabase);
      await assert.rejects(database.query(...insert(1, 'Ffion')), isOfDatabase);
      await assert.rejects(
        database.transaction((transaction) => transaction.query(...insert(2, 'Ffion'))),
        isOfDatabase,
      );
      const operations = ['read', 'readTogether', 'write', 'transaction'];
      assert.deepEqual(
        reported(),
        operations.map((operation, index) => [operation, 'failed', codes[index], undefined]),
      );
      assert.ok(codes.every((code) => code !== ''));
    });

    it('reports nothing from a statement, its parameters, its rows or its error', async () => {
      const marked = `SELECT word AS telling FROM ${words} WHERE word <> @word`;
      await database.query(marked, { word: 'Ffion' });
      await assert.rejects(database.query(...insert(1, 'Ffion')));
      const known = ['operation', 'outcome', 'code', 'durationMs', 'rows'];
      assert.deepEqual(
        calls.flatMap((call) => Object.keys(call)).filter((key) => !known.includes(key)),
        [],
      );
      assert.doesNotMatch(JSON.stringify(calls), /Ffion|telling|words|two|insert/i);
    });

    it('reports how long a call took, even one that failed', async (t) => {
      let clock = 1000;
      t.mock.method(performance, 'now', () => clock);
      await database.transaction(() => Promise.resolve((clock += 250)));
      await assert.rejects(
        database.transaction(() => {
          clock += 40;
          return Promise.reject(new Error('given up'));
        }),
      );
      assert.deepEqual(
        calls.map(({ durationMs }) => durationMs),
        [250, 40],
      );
    });
  });
}

it('closing an observed database closes the database', async () => {
  const database = await openDatabase('embedded:');
  await observed(database, () => undefined).close();
  await assert.rejects(database.query('SELECT 1 AS answer'));
});
