import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../shared/database/open.js';
import { serverEngines, testEngines } from './database/engines.js';
import { createRole } from './database/role.js';
import { startDfeSimulator, type DfeSimulator } from './local/dfe/simulator.js';
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

  test('explains a wrong setting, without a trace, and ends with 1', async () => {
    const { code, output } = await startWith(
      { CATEGORIES_LEFT_OUT: 'placement' },
      '--once',
      '--children',
      '5',
    ).ended;
    assert.equal(code, 1, output);
    assert.match(output, /1 setting is wrong:\n {2}CATEGORIES_LEFT_OUT must be a comma list/);
    assert.doesNotMatch(output, /answered 500|\n +at /);
  });

  test('explains a wrong option and ends with 2', async () => {
    const { code, output } = await start('--nihgts', '2').ended;
    assert.equal(code, 2, output);
    assert.match(output, /npm start \[-- OPTIONS\]/);
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

/** A server, where one is installed: only there the analyst has a login of her own, which may only read. */
const engine = serverEngines.find((each) => each.engine === 'postgres') ?? testEngines[0];

describe(`npm start on the SSD of a council on ${engine?.name ?? ''}`, () => {
  let folder: string;
  /** Of the council's DBA, and of its data analyst. */
  let dba: string;
  let sql: string;
  let profile: string;
  let dfe: DfeSimulator;
  before(async () => {
    assert.ok(engine !== undefined);
    folder = await mkdtemp(join(tmpdir(), 'csc-theirs-'));
    dba = engine.connections === 'one' ? `embedded:${join(folder, 'database')}` : engine.connectionString;
    profile = join(folder, 'ours.json');
    await writeFile(profile, JSON.stringify({ extends: 'systemc', schema: 'reporting', ...renamed }));
    const theirs = await openDatabase(dba);
    for (const statement of createTables(theirs.engine, 'reporting', 'systemc')) {
      await theirs.query(statement);
    }
    // In the order of the server's own collation capitals come last, and in that of the embedded database first.
    const ids = ['C1', 'c1', 'b2', 'D-3', 'd3', 'E5', '10', '9'];
    const born = { pers_dob: '2015-05-05', pers_sex: 'F', pers_forename: 'Siân', pers_surname: 'Brangwyn' };
    await loadRows(
      theirs,
      'reporting',
      'ssd_person',
      ids.map((id) => ({ pers_person_id: id, ...born })),
    );
    await loadRows(
      theirs,
      'reporting',
      'ssd_cin_episodes',
      ids.map((id) => ({
        cine_referral_id: `E${id}`,
        cine_person_id: id,
        cine_referral_date: '2026-01-02',
        cine_referral_source_code: 'none of the codes',
      })),
    );
    for (const [table, columns] of Object.entries(renamed.columnNames)) {
      for (const [column, name] of Object.entries(columns)) {
        await theirs.query(`ALTER TABLE reporting.${table} RENAME COLUMN ${column} TO ${name}`);
      }
    }
    for (const [table, name] of Object.entries(renamed.tableNames)) {
      await theirs.query(`ALTER TABLE reporting.${table} RENAME TO ${name}`);
    }
    await theirs.query("CREATE TABLE public.ssd_api_data_staging AS SELECT 'sent to DfE' AS row_state");
    sql = dba;
    if (engine.connections === 'several') {
      await createRole(theirs, 'analyst');
      await theirs.query('GRANT USAGE ON SCHEMA reporting TO analyst');
      await theirs.query('GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO analyst');
      await theirs.query('ALTER ROLE analyst SET default_transaction_read_only = on');
      const url = new URL(dba);
      url.username = 'analyst';
      url.password = 'analyst';
      sql = url.href;
    }
    await theirs.close();
    dfe = await startDfeSimulator({
      laCode: '825',
      clientId: 'client',
      clientSecret: 'a-secret-value',
      scope: 'api://dfe/.default',
      supplierKeys: ['a-key-value'],
    });
  });
  after(async () => {
    await dfe.stop();
    await rm(folder, { recursive: true });
  });

  /** A real SSD is read by these settings: the database's own is in no command line. */
  function settings(): Record<string, string> {
    return { LA_CODE: '825', SSD_PROFILE: profile, SSD_CONNECTION_STRING: sql, EXTRACT_RANGE_SIZE: '2' };
  }

  function sending(): Record<string, string> {
    return {
      ...settings(),
      AGREEMENT_REFERENCE: 'DSA-2026-014',
      AGREEMENT_DATE: '2026-07-01',
      AGREEMENT_CATEGORIES: 'all',
      AGREEMENT_WINDOW_MONTHS: '24',
      AGREEMENT_RECEIVERS: 'test',
      PSEUDONYM_KEY: 'ab'.repeat(32),
      DFE_API_BASE_URL: dfe.apiBaseUrl,
      DFE_TOKEN_URL: dfe.tokenUrl,
      DFE_SCOPE: dfe.scope,
      DFE_CLIENT_ID: 'client',
      DFE_CLIENT_SECRET: 'a-secret-value',
      DFE_SUPPLIER_KEY: 'a-key-value',
      // What the person has set for something else.
      SSD_SYNTHETIC: 'true',
    };
  }

  /** Every table and its rows: which file each is in, and which transaction has written each row. */
  async function everything(): Promise<unknown> {
    const database = await openDatabase(dba);
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

  test('with --real reads it by a login that may only read, changes nothing, sends nothing, and reports', async (t) => {
    const out = await aFolder(t);
    const before = await everything();
    const options = ['--once', '--real', '--today', '2026-08-11', '--child', 'C1', '--out', out];
    const { code, output } = await startWith(settings(), ...options).ended;
    assert.equal(code, 0, output);
    assert.match(output, /The SSD in schema reporting of your database is only read/);
    assert.match(output, /pass +ssdTables/);
    assert.match(output, /children in the cohort +8\n/);
    assert.match(output, / {2}new +8\n/);
    assert.match(output, /even the simulated DfE on this machine had 0 requests/);
    assert.match(
      output,
      /The record of a real child follows[^]*"la_child_id": "C1"[^]*"date_of_birth": "2015-05-05"/,
    );
    assert.match(
      output,
      /code-unknown[^]*value left out: ssd_cin_episodes\.cine_referral_source_code, row EC1:/,
    );
    assert.match(await readFile(join(out, 'findings.csv'), 'utf8'), /,ssd_cin_episodes,EC1,C1,/);
    assert.deepEqual((await readdir(out)).toSorted(), ['children.csv', 'findings.csv', 'run.json']);
    for (const file of await readdir(out)) {
      assert.doesNotMatch(await readFile(join(out, file), 'utf8'), /Siân|Brangwyn|2015-05-05/, file);
    }
    assert.deepEqual(await everything(), before);
  });

  test('with --send-test sends under pseudonyms, and the next time removes who has left and no one else', async (t) => {
    const keep = await aFolder(t);
    const options = ['--once', '--real', '--today', '2026-08-11', '--send-test', '--keep', keep];
    const before = await everything();
    const first = await startWith(sending(), ...options).ended;
    assert.equal(first.code, 0, first.output);
    assert.deepEqual(await everything(), before);
    const sent = dfe.children();
    assert.equal(sent.length, 8);
    assert.doesNotMatch(JSON.stringify(sent), /Siân|Brangwyn|2015-05-05|"C1"|"c1"/);

    const theirs = await openDatabase(dba);
    await theirs.query("DELETE FROM reporting.our_children WHERE pers_person_id IN ('c1', 'E5')");
    await theirs.query("DELETE FROM reporting.our_referrals WHERE cine_person_id IN ('c1', 'E5')");
    await theirs.close();
    const compared = await startWith(sending(), '--once', '--real', '--today', '2026-08-11', '--keep', keep)
      .ended;
    assert.match(compared.output, /unchanged +6\n/, compared.output);
    assert.match(compared.output, /removed, because they have left +2\n/);
    assert.equal(dfe.children().length, 8);
    const second = await startWith({ ...sending(), MAX_LEAVERS_PERCENT: '100' }, ...options).ended;
    assert.equal(second.code, 0, second.output);
    const left = new Set(dfe.children().map(({ la_child_id: id }) => id));
    assert.equal(left.size, 6);
    assert.ok(sent.filter(({ la_child_id: id }) => left.has(id)).length === 6, 'they are the same children');
    for (const { output } of [first, compared, second]) {
      assert.doesNotMatch(output, /Siân|Brangwyn|2015-05-05|a-secret-value|a-key-value|analyst:/);
    }
  });

  test('without --real is refused, and no child is read', async () => {
    const before = await everything();
    const { code, output } = await startWith({ SSD_PROFILE: profile }, '--once', '--sql', sql).ended;
    assert.equal(code, 1, output);
    assert.match(output, /was not made by npm run synthetic-ssd, so its children may be real[^]*add --real/);
    assert.deepEqual(await everything(), before);
  });

  test('makes no table where the profile does not fit, and says what is missing and what to set', async () => {
    const before = await everything();
    const wrong = { ...settings(), SSD_PROFILE: 'systemc', SSD_SCHEMA: 'reporting' };
    const { code, output } = await startWith(wrong, '--once', '--real').ended;
    assert.equal(code, 1, output);
    assert.match(output, /has no SSD that the profile can read\. Nothing was made/);
    assert.match(output, /missing: table reporting\.ssd_person/);
    assert.match(output, /Set SSD_PROFILE/);
    assert.deepEqual(await everything(), before);
  });

  test('names the schema that the tables are in, when another is asked for', async () => {
    const { code, output } = await startWith({ ...settings(), SSD_SCHEMA: 'elsewhere' }, '--once', '--real')
      .ended;
    assert.equal(code, 1, output);
    assert.match(output, /set SSD_SCHEMA=reporting/);
  });

  test('is not touched by npm run synthetic-ssd either, whatever its tables are called', async () => {
    const before = await everything();
    const { code, output } = await run(synthetic, { SSD_CONNECTION_STRING: dba, SSD_SCHEMA: 'reporting' }, [
      '--children',
      '3',
    ]).ended;
    assert.equal(code, 1, output);
    assert.match(output, /Schema reporting has tables that this command did not make \(our_children\)/);
    assert.deepEqual(await everything(), before);
  });
});
