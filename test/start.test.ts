import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../shared/database/open.js';
import { testEngines } from './database/engines.js';
import { loadRows } from '../infra/syntheticSsd/load.js';
import { createTables } from '../infra/syntheticSsd/schema.js';
import { aFolder, outcomeIn, run, start, startWith, synthetic } from './local/startedCommand.js';

// Each starts processes of its own: two at a time, since this file is the last and would leave a core idle.
describe('npm start', { concurrency: 2 }, () => {
  test('makes as many nightly runs as asked for, writes their outcome, and ends with 0', async (t) => {
    const out = await aFolder(t);
    const { code, output } = await start('--once', '--children', '40', '--nights', '2', '--out', out).ended;
    assert.equal(code, 0, output);
    const { run, payloads, staging } = await outcomeIn(out);
    assert.ok(run.completed);
    assert.equal(run.nights.length, 2);
    assert.ok(run.dfe.children > 10);
    assert.equal(payloads, run.dfe.children);
    assert.ok(staging >= payloads);
    assert.match(output, /children accepted|accepted, 0 refused/);
  });

  test('ends with 1 when the run did not complete', async (t) => {
    const out = await aFolder(t);
    const { code, output } = await start('--once', '--children', '5', '--faults', '403=100%', '--out', out)
      .ended;
    assert.equal(code, 1, output);
    const { run } = await outcomeIn(out);
    assert.equal(run.nights[0]?.status, 'unavailable');
    assert.equal(run.dfe.children, 0);
  });

  test('reads an SSD from JSON-lines files', async (t) => {
    const folder = await aFolder(t);
    const out = await aFolder(t);
    const person = { pers_person_id: 'C1', pers_forename: 'Siân', pers_dob: '2015-05-05', pers_sex: 'F' };
    const episode = { cine_referral_id: 'E1', cine_person_id: 'C1', cine_referral_date: '2026-01-02' };
    await writeFile(join(folder, 'ssd_person.jsonl'), `${JSON.stringify(person)}\n`);
    await writeFile(join(folder, 'ssd_cin_episodes.jsonl'), `${JSON.stringify(episode)}\n`);
    const { code, output } = await start('--once', '--ssd', folder, '--today', '2026-08-11', '--out', out)
      .ended;
    assert.equal(code, 0, output);
    assert.deepEqual(JSON.parse(await readFile(join(out, 'payloads.jsonl'), 'utf8')), {
      la_child_id: 'C1',
      purge: false,
      child_details: {
        first_name: 'Siân',
        date_of_birth: '2015-05-05',
        sex: 'F',
        disabilities: ['NONE'],
        uasc_flag: false,
        purge: false,
      },
      social_care_episodes: [{ social_care_episode_id: 'E1', referral_date: '2026-01-02', purge: false }],
    });
  });

  test('ends with an error, and without the password, when the database cannot be reached', async () => {
    const sql = 'Server=tcp:127.0.0.1,1;Database=ssd;User Id=sender;Password=hunter2';
    const { code, output } = await start('--once', '--sql', sql).ended;
    assert.equal(code, 1);
    assert.match(output, /127\.0\.0\.1:1/);
    assert.doesNotMatch(output, /hunter2/);
  });

  test('serves the HTTP API after the run until it is interrupted, and then stops all it started', async () => {
    const { process: started, ended, output } = start('--children', '5');
    const address = await new Promise<{ url: string; key: string }>((resolve, reject) => {
      const look = (): void => {
        const found = /x-functions-key: (\S+)' (http:\S+\/api\/runs)/.exec(output());
        if (found?.[1] !== undefined && found[2] !== undefined) resolve({ key: found[1], url: found[2] });
      };
      started.stdout?.on('data', look);
      started.on('close', () => {
        reject(new Error(output()));
      });
    });
    const response = await fetch(address.url, { headers: { 'x-functions-key': address.key } });
    assert.equal(response.status, 200);
    started.kill('SIGINT');
    assert.equal((await ended).code, 0);
    await assert.rejects(fetch(address.url));
  });

  test('explains a wrong option and ends with 2', async () => {
    for (const args of [
      ['--children', 'many'],
      ['--nihgts', '2'],
      ['--today', '2026-02-30'],
      ['--faults', 'flood=1%'],
      ['--sql', 'embedded:', '--children', '5'],
      ['--sql', 'embedded:', '--ssd', '.'],
    ]) {
      const { code, output } = await start(...args).ended;
      assert.equal(code, 2, output);
      assert.match(output, /npm start \[-- OPTIONS\]/);
    }
  });
});

/** What a council's tables and columns are called here, in place of the published names. */
const renamed = {
  tableNames: { ssd_person: 'our_children', ssd_cin_episodes: 'our_referrals', ssd_sdq_scores: 'our_scores' },
  columnNames: {
    ssd_person: { pers_dob: 'date_of_birth' },
    ssd_cin_episodes: { cine_referral_date: 'referred_on' },
  },
};

for (const engine of testEngines.filter((each) => each.engine === 'postgres')) {
  describe(`npm start on the SSD of a council on ${engine.name}`, () => {
    let folder: string;
    let sql: string;
    let profile: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'csc-theirs-'));
      sql = engine.connections === 'one' ? `embedded:${join(folder, 'database')}` : engine.connectionString;
      profile = join(folder, 'ours.json');
      await writeFile(profile, JSON.stringify({ extends: 'systemc', schema: 'reporting', ...renamed }));
      const theirs = await openDatabase(sql);
      for (const statement of createTables(theirs.engine, 'reporting', 'systemc')) {
        await theirs.query(statement);
      }
      const person = { pers_person_id: 'C1', pers_dob: '2015-05-05', pers_sex: 'F' };
      const referral = { cine_referral_id: 'E1', cine_person_id: 'C1', cine_referral_date: '2026-01-02' };
      await loadRows(theirs, 'reporting', 'ssd_person', [person]);
      await loadRows(theirs, 'reporting', 'ssd_cin_episodes', [referral]);
      for (const [table, columns] of Object.entries(renamed.columnNames)) {
        for (const [column, name] of Object.entries(columns)) {
          await theirs.query(`ALTER TABLE reporting.${table} RENAME COLUMN ${column} TO ${name}`);
        }
      }
      for (const [table, name] of Object.entries(renamed.tableNames)) {
        await theirs.query(`ALTER TABLE reporting.${table} RENAME TO ${name}`);
      }
      await theirs.query("CREATE TABLE public.ssd_api_data_staging AS SELECT 'sent to DfE' AS row_state");
      await theirs.close();
    });
    after(() => rm(folder, { recursive: true }));

    /** Every table and its rows: which file each is in, and which transaction has written each row. */
    async function everything(): Promise<unknown> {
      const database = await openDatabase(sql);
      try {
        const tables = await database.query(
          `SELECT CONCAT(n.nspname, '.', c.relname) AS name, c.relkind::text AS kind, c.oid::int AS id, c.relfilenode::int AS file
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'v', 'i') AND n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema'
           ORDER BY 1`,
        );
        const rows = [];
        for (const { name, kind } of tables) {
          if (kind === 'r') {
            rows.push(await database.query(`SELECT xmin::text AS written_by, t.* FROM ${String(name)} t`));
          }
        }
        return { tables, rows };
      } finally {
        await database.close();
      }
    }

    test('reads it by the profile that renames tables and columns, run after run, and changes nothing in the database', async (t) => {
      const out = await aFolder(t);
      const marked = await openDatabase(sql);
      await marked.query(
        "CREATE TABLE reporting.csc_local_stack AS SELECT CAST(NULL AS text) AS seed, 'C1' AS person_id",
      );
      await marked.close();
      const before = await everything();
      const settings = { SSD_PROFILE: profile };
      const options = ['--once', '--nights', '2', '--sql', sql, '--today', '2026-08-11', '--out', out];
      const { code, output } = await startWith(settings, ...options).ended;
      assert.equal(code, 0, output);
      assert.match(output, /The SSD in schema reporting of your database is read and not changed/);
      const { payloads } = await outcomeIn(out);
      assert.equal(payloads, 1);
      assert.match(await readFile(join(out, 'payloads.jsonl'), 'utf8'), /"date_of_birth":"2015-05-05"/);
      assert.deepEqual(await everything(), before);
      const unmarked = await openDatabase(sql);
      await unmarked.query('DROP TABLE reporting.csc_local_stack');
      await unmarked.close();
    });

    test('sends nothing of an SSD without the mark of the generator', async () => {
      const before = await everything();
      const { code, output } = await startWith({ SSD_PROFILE: profile }, '--once', '--sql', sql).ended;
      assert.equal(code, 1, output);
      assert.match(output, /SSD_SYNTHETIC is true, but in the SSD the app found no mark/);
      assert.match(output, /The simulated DfE holds 0 children/);
      assert.deepEqual(await everything(), before);
    });

    test('makes no table where the profile does not fit, and says what is missing and what to set', async () => {
      const before = await everything();
      for (const schema of ['reporting', 'ssd_development']) {
        const settings = { SSD_PROFILE: 'systemc', SSD_SCHEMA: schema };
        const { code, output } = await startWith(settings, '--once', '--sql', sql).ended;
        assert.equal(code, 1, output);
        assert.match(output, /has no SSD that the profile can read\. Nothing was made/);
        assert.match(output, new RegExp(`missing: table ${schema}\\.ssd_person`));
        assert.match(output, /Set SSD_PROFILE/);
      }
      assert.deepEqual(await everything(), before);
    });

    test('names the schema that the tables are in, when another is asked for', async () => {
      const settings = { SSD_PROFILE: profile, SSD_SCHEMA: 'elsewhere' };
      const { code, output } = await startWith(settings, '--once', '--sql', sql).ended;
      assert.equal(code, 1, output);
      assert.match(output, /set SSD_SCHEMA=reporting/);
    });

    test('is not touched by npm run synthetic-ssd either, whatever its tables are called', async () => {
      const before = await everything();
      const { code, output } = await run(synthetic, { SSD_CONNECTION_STRING: sql, SSD_SCHEMA: 'reporting' }, [
        '--children',
        '3',
      ]).ended;
      assert.equal(code, 1, output);
      assert.match(output, /Schema reporting has tables that this command did not make \(our_children\)/);
      assert.deepEqual(await everything(), before);
    });
  });
}
