import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { before, describe, it } from 'node:test';
import { Client } from 'pg';
import type { Database, Row } from '../../shared/database/database.js';
import { PostgresDatabase } from '../../shared/database/postgres.js';
import { openPostgresServer, type PostgresOptions } from '../../shared/database/postgresServer.js';
import { restartPostgresServer, startPostgresServer } from './postgresServer.js';

const server = startPostgresServer();
const connectionString = server ?? '';
const quick = { firstWaitMs: 5, longestWaitMs: 50, budgetMs: 30_000 };
const impatient = { firstWaitMs: 5, longestWaitMs: 10, budgetMs: 100 };
const limits = { statementMs: 60_000, lockMs: 30_000, idleMs: 30_000 };

/** The DBA, on a connection of their own. */
let dba: Client;
let opened: Database[] = [];

async function open(options: PostgresOptions = {}): Promise<Database> {
  const database = new PostgresDatabase(
    await openPostgresServer(connectionString, { patience: quick, limits, ...options }),
  );
  opened.push(database);
  return database;
}

async function ask(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await dba.query<Record<string, unknown>>(sql, values)).rows;
}

/** Asks until there is a row. */
async function firstRow(sql: string, values: unknown[] = []): Promise<Row> {
  for (;;) {
    const [row] = await ask(sql, values);
    if (row !== undefined) return row;
  }
}

/** A connection of the app that waits for a lock; `since` is when its statement started. */
async function whoWaits(notSince = ''): Promise<Row> {
  return firstRow(
    `SELECT pid, query_start::text AS since FROM pg_stat_activity
     WHERE application_name = 'csc-api-sender' AND wait_event_type = 'Lock' AND query_start::text <> $1`,
    [notSince],
  );
}

async function cutOff(pid: unknown): Promise<void> {
  await ask('SELECT pg_terminate_backend($1)', [pid]);
  await firstRow('SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = $1)', [pid]);
}

async function numbers(): Promise<unknown[]> {
  return (await ask('SELECT n FROM numbers ORDER BY n')).map(({ n }) => n);
}

/** Runs a statement in a transaction on another connection of the DBA, then `meanwhile`, then ends the transaction. */
async function holding(statement: string, meanwhile: () => Promise<void>): Promise<void> {
  const other = new Client({ connectionString });
  await other.connect();
  try {
    await other.query('BEGIN');
    await other.query(statement);
    await meanwhile();
  } finally {
    await other.end();
  }
}

describe('PostgreSQL', { skip: server === undefined, timeout: 60_000 }, () => {
  before(async () => {
    await asDba();
    await ask("ALTER SYSTEM SET deadlock_timeout = '20ms'");
    await ask('SELECT pg_reload_conf()');
    await ask('CREATE TABLE numbers (n int)');
    await dba.end();
  });

  async function asDba(): Promise<void> {
    dba = new Client({ connectionString });
    dba.on('error', () => undefined);
    await dba.connect();
  }

  /** Runs a test with an empty table, and closes what it has opened. */
  function test(sentence: string, body: () => Promise<void>): void {
    void it(sentence, async () => {
      await asDba();
      try {
        await ask('TRUNCATE numbers');
        await body();
      } finally {
        await Promise.all(opened.map((database) => database.close()));
        opened = [];
        await dba.end();
      }
    });
  }

  describe('that cuts off a connection', () => {
    test('is asked again for a SELECT, alone and together with others', async () => {
      const database = await open();
      await ask('INSERT INTO numbers VALUES (7)');
      const select = 'SELECT n FROM numbers';
      for (const read of [
        () => database.query(select),
        async () => (await database.queryTogether({ all: select })).all,
      ]) {
        let reading = Promise.resolve<Row[]>([]);
        await holding('LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE', async () => {
          reading = read();
          await cutOff((await whoWaits())['pid']);
        });
        assert.deepEqual(await reading, [{ n: 7 }]);
      }
    });

    test('is not asked again for a write that it may have done', async () => {
      const database = await open();
      await holding('LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE', async () => {
        const refused = assert.rejects(database.query('INSERT INTO numbers VALUES (1)'), { code: '57P01' });
        await cutOff((await whoWaits())['pid']);
        await refused;
      });
      assert.deepEqual(await numbers(), []);
    });

    test('between two statements gets the next one on a new connection', async () => {
      const database = await open();
      for (const next of [
        () => database.query('SELECT 1 AS one'),
        () => database.transaction((transaction) => transaction.query('SELECT 1 AS one')),
      ]) {
        const [row] = await database.query('SELECT pg_backend_pid() AS pid');
        await cutOff(row?.['pid']);
        assert.deepEqual(await next(), [{ one: 1 }]);
      }
    });

    test('in the middle of a transaction runs all of it again', async () => {
      const database = await open();
      let tries = 0;
      await database.transaction(async (transaction) => {
        tries += 1;
        await transaction.query('INSERT INTO numbers VALUES (1)');
        const [row] = await transaction.query('SELECT pg_backend_pid() AS pid');
        if (tries === 1) await cutOff(row?.['pid']);
        await transaction.query('INSERT INTO numbers VALUES (2)');
      });
      assert.equal(tries, 2);
      assert.deepEqual(await numbers(), [1, 2]);
    });

    test('does not get a transaction again once its commit was requested', async () => {
      const database = await open();
      await ask('CREATE TABLE slow_to_commit (n int)');
      await ask(`CREATE FUNCTION wait_for_dba() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'`);
      await ask(`CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON slow_to_commit
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_for_dba()`);
      let tries = 0;
      await holding('SELECT pg_advisory_xact_lock(1)', async () => {
        const committing = database.transaction(async (transaction) => {
          tries += 1;
          await transaction.query('INSERT INTO slow_to_commit VALUES (1)');
        });
        const refused = assert.rejects(committing, { code: '57P01' });
        await cutOff((await whoWaits())['pid']);
        await refused;
      });
      assert.equal(tries, 1);
    });

    test('because it restarts answers all reads meanwhile, and everything afterwards', async () => {
      const database = await open();
      const [row] = await ask('SHOW data_directory');
      const restarted = new AbortController();
      const restarting = restartPostgresServer(String(row?.['data_directory'])).finally(() => {
        restarted.abort();
      });
      try {
        while (!restarted.signal.aborted) {
          assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
        }
      } finally {
        await restarting;
      }
      await dba.end();
      await asDba();
      await database.transaction((transaction) => transaction.query('INSERT INTO numbers VALUES (1)'));
      assert.deepEqual(await numbers(), [1]);
    });
  });

  describe('that undoes a statement', () => {
    for (const state of ['40001', '40P01', '55P03']) {
      test(`with ${state} is asked again: a statement, and a transaction as a whole`, async () => {
        const database = await open();
        await ask(`CREATE SEQUENCE tries_${state}`);
        await ask(`CREATE FUNCTION at_second_try_${state}() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('tries_${state}') % 2 = 1 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '${state}'; END IF;
          RETURN 1; END $$`);
        const insert = `INSERT INTO numbers VALUES (at_second_try_${state}())`;
        await database.query(insert);
        await database.transaction(async (transaction) => {
          await transaction.query('INSERT INTO numbers VALUES (0)');
          await transaction.query(insert);
        });
        assert.deepEqual(await numbers(), [0, 1, 1]);
      });
    }

    test('in a deadlock ends it, and both transactions are done', async () => {
      await ask('INSERT INTO numbers VALUES (10), (20)');
      const database = await open();
      let started = 0;
      let bothStarted = (): void => undefined;
      const start = new Promise<void>((resolve) => (bothStarted = resolve));
      const inOrder = (first: number, second: number) =>
        database.transaction(async (transaction) => {
          await transaction.query('UPDATE numbers SET n = n + 1 WHERE n / 10 = @first', { first });
          if (++started === 2) bothStarted();
          await start;
          await transaction.query('UPDATE numbers SET n = n + 1 WHERE n / 10 = @second', { second });
        });
      await Promise.all([inOrder(1, 2), inOrder(2, 1)]);
      assert.deepEqual(await numbers(), [12, 22]);
      assert.equal(started, 3);
    });
  });

  describe('is read without disturbing others', () => {
    test('whatever its role is set to', async () => {
      await ask("ALTER ROLE sender SET default_transaction_isolation = 'serializable'");
      await ask("ALTER ROLE sender SET DateStyle = 'SQL, DMY'");
      await ask('ALTER ROLE sender SET statement_timeout = 0');
      try {
        const database = new PostgresDatabase(await openPostgresServer(connectionString));
        opened.push(database);
        const [row] = await database.query(
          `SELECT current_setting('transaction_isolation') AS isolation, current_setting('lock_timeout') AS lock,
             current_setting('statement_timeout') AS statement,
             current_setting('idle_in_transaction_session_timeout') AS idle, DATE '2026-02-01' AS day`,
        );
        const day = '2026-02-01';
        assert.deepEqual(row, {
          ...{ isolation: 'read committed', lock: '1min', statement: '2min', idle: '1min', day },
        });
      } finally {
        await ask('ALTER ROLE sender RESET ALL');
      }
    });

    test('without waiting for a writer or making one wait', async () => {
      const database = await open();
      await ask('INSERT INTO numbers VALUES (1)');
      await holding('UPDATE numbers SET n = 2', async () => {
        assert.deepEqual(await database.query('SELECT n FROM numbers'), [{ n: 1 }]);
        const [row] = await ask(
          `SELECT COUNT(*)::int AS held FROM pg_locks JOIN pg_stat_activity USING (pid)
           WHERE relation = 'numbers'::regclass AND application_name = 'csc-api-sender'`,
        );
        assert.deepEqual(row, { held: 0 });
      });
    });

    test('and a wait for a lock ends and starts again', async () => {
      const database = await open({ limits: { ...limits, lockMs: 50 } });
      await ask('INSERT INTO numbers VALUES (1)');
      let reading = Promise.resolve<Row[]>([]);
      await holding('LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE', async () => {
        reading = database.query('SELECT n FROM numbers');
        const { since } = await whoWaits();
        await whoWaits(String(since));
      });
      assert.deepEqual(await reading, [{ n: 1 }]);
    });

    test('and a statement that takes too long is ended and not repeated', async () => {
      const database = await open({ limits: { ...limits, statementMs: 50 } });
      await ask('CREATE SEQUENCE asked');
      await assert.rejects(database.query("SELECT nextval('asked'), pg_sleep(60)"), { code: '57014' });
      assert.deepEqual(await ask('SELECT last_value::int AS times FROM asked'), [{ times: 1 }]);
    });

    test('and an idle transaction is ended, together with its locks, and run again', async () => {
      const database = await open({ limits: { ...limits, idleMs: 50 } });
      let tries = 0;
      await database.transaction(async (transaction) => {
        tries += 1;
        await transaction.query('INSERT INTO numbers VALUES (1)');
        if (tries === 1) {
          await firstRow(
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'numbers'::regclass)",
          );
        }
        await transaction.query('INSERT INTO numbers VALUES (2)');
      });
      assert.equal(tries, 2);
      assert.deepEqual(await numbers(), [1, 2]);
    });
  });

  describe('with no free connection', () => {
    test('is waited for', async () => {
      await ask("CREATE ROLE narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 1");
      const url = new URL(connectionString);
      url.username = url.password = 'narrow';
      const first = await openPostgresServer(url.href, { patience: quick });
      await assert.rejects(openPostgresServer(url.href, { patience: impatient }), {
        code: '53300',
        message: /\(53300[,)].*no free connection/,
      });
      const second = openPostgresServer(url.href, { patience: quick });
      await first.close();
      await (await second).close();
    });
  });

  describe('is closed', () => {
    test('within five seconds, even when statements are running or waiting for a connection', async () => {
      const database = await open();
      const asked = Array.from({ length: 6 }, () =>
        assert.rejects(database.query('SELECT pg_sleep(600)'), { code: 'ECLOSE' }),
      );
      const inTransaction = assert.rejects(
        database.transaction((transaction) => transaction.query('SELECT pg_sleep(600)')),
        { code: 'ECLOSE' },
      );
      const atWork = "FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
      await firstRow(`SELECT 1 ${atWork} HAVING COUNT(*) = 4`);
      const begun = performance.now();
      await database.close();
      await Promise.all([...asked, inTransaction]);
      assert.ok(performance.now() - begun < 5000);
      // The server notices within two seconds.
      await firstRow(`SELECT 1 ${atWork} HAVING COUNT(*) = 0`);
      await database.close();
    });

    test('at once when the app stops while it connects', async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const address = silent.address();
      assert.ok(address !== null && typeof address === 'object');
      const stopping = new AbortController();
      const called = once(silent, 'connection');
      const refused = assert.rejects(
        openPostgresServer(`postgresql://sender:hunter2@127.0.0.1:${address.port}/ssd`, {
          signal: stopping.signal,
        }),
        { code: 'ECLOSE' },
      );
      await called;
      stopping.abort();
      await refused;
      await assert.rejects(openPostgresServer(connectionString, { signal: stopping.signal }), {
        code: 'ECLOSE',
      });
      silent.close();
    });
  });
});
