import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Database, Engine, Queryable } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { StatementError } from '../../shared/database/statementError.js';
import { openTestSchema, serverEngines, type TestSchema } from './engines.js';
import { meetingOf } from './meeting.js';

/** A hang is a failure; a server finds a deadlock within seconds, and the app waits some more before it tries again. */
const timeout = 60_000;

/** Runs one statement that waits only a moment for a lock. */
const impatiently: Readonly<Record<Engine, (transaction: Queryable, sql: string) => Promise<unknown>>> = {
  sqlserver: (transaction, sql) => transaction.query(`SET LOCK_TIMEOUT 20; ${sql}`),
  postgres: async (transaction, sql) => {
    await transaction.query('SET LOCAL lock_timeout = 20');
    return transaction.query(sql);
  },
};

for (const engine of serverEngines) {
  describe(`two connections to the database (${engine.name})`, { timeout }, () => {
    let made: TestSchema;
    let one: Database;
    let other: Database;
    let rows: string;

    before(async () => {
      made = await openTestSchema(engine);
      one = made.database;
      other = await openDatabase(engine.connectionString);
      rows = `${made.schema}.counted_rows`;
      await one.query(`CREATE TABLE ${rows} (id int NOT NULL PRIMARY KEY, times int NOT NULL)`);
    });
    after(async () => {
      await other.close();
      await made.remove();
    });
    beforeEach(async () => {
      await one.query(`DELETE FROM ${rows}`);
      await one.query(`INSERT INTO ${rows} (id, times) VALUES (1, 0), (2, 0)`);
    });

    const count = (id: number): string => `UPDATE ${rows} SET times = times + 1 WHERE id = ${id}`;

    async function times(): Promise<unknown[]> {
      const found = await one.query(`SELECT times FROM ${rows} ORDER BY id`);
      return found.map((row) => row['times']);
    }

    it('that take two rows in opposite order, a deadlock, both do their work once', async () => {
      const bothHoldOne = meetingOf(2);
      const attempts: string[] = [];
      const countBoth = (database: Database, who: string, first: number, second: number) =>
        database.transaction(async (transaction) => {
          attempts.push(who);
          await transaction.query(count(first));
          await bothHoldOne();
          await transaction.query(count(second));
          return who;
        });
      const done = await Promise.all([countBoth(one, 'one', 1, 2), countBoth(other, 'other', 2, 1)]);
      assert.deepEqual(done, ['one', 'other']);
      assert.deepEqual(await times(), [2, 2]);
      assert.equal(attempts.length, 3, 'the server undid one of them');
    });

    it('of which one does not get a lock in time: it stops, tries again, and does its work once', async () => {
      const isHeld = meetingOf(2);
      const mayLetGo = meetingOf(2);
      const holder = other.transaction(async (transaction) => {
        await transaction.query(count(1));
        await isHeld();
        await mayLetGo();
      });
      await isHeld();
      let attempts = 0;
      const work = one.transaction(async (transaction) => {
        attempts += 1;
        await transaction.query(count(2));
        if (attempts === 2) {
          await mayLetGo();
          await holder;
        }
        await impatiently[one.engine](transaction, count(1));
      });
      await work.finally(mayLetGo);
      assert.equal(attempts, 2);
      assert.deepEqual(await times(), [2, 1]);
    });

    it(
      'of which one runs a statement for too long: it gets an error, and does not try again',
      {
        skip:
          engine.engine === 'sqlserver' &&
          'there the driver has the time limit, two minutes: see sqlServer.test.ts',
      },
      async () => {
        let attempts = 0;
        const work = one.transaction(async (transaction) => {
          attempts += 1;
          await transaction.query(count(1));
          await transaction.query('SET LOCAL statement_timeout = 20');
          await transaction.query('SELECT pg_sleep(20)');
        });
        await assert.rejects(work, (error) => {
          assert.ok(error instanceof StatementError);
          assert.equal(error.code, '57014');
          assert.match(error.message, /timeout/);
          return true;
        });
        assert.equal(attempts, 1);
        assert.deepEqual(await times(), [0, 0]);
      },
    );
  });
}
