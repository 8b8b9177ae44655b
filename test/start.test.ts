import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { z } from 'zod';
import { openDatabase } from '../shared/database/open.js';
import { runStatusSchema } from '../shared/run/runStatus.js';
import { readSettings } from '../shared/settings.js';
import { loadRows } from './local/ssd/load.js';
import { createTables } from './local/ssd/schema.js';

const command = join(__dirname, 'local', 'start.js');

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(...args: string[]): { process: ChildProcess; ended: Promise<Ended>; output: () => string } {
  const started = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<Ended>((resolve) => {
    started.once('close', (code) => {
      resolve({ code, output });
    });
  });
  return { process: started, ended, output: () => output };
}

async function aFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-start-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const outcomeSchema = z.object({
  completed: z.boolean(),
  nights: z.array(runStatusSchema),
  dfe: z.object({ children: z.number() }),
});

async function outcomeIn(folder: string) {
  const lines = async (file: string) => (await readFile(join(folder, file), 'utf8')).split('\n').length - 1;
  return {
    run: outcomeSchema.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))),
    payloads: await lines('payloads.jsonl'),
    staging: await lines('staging.jsonl'),
  };
}

// Each starts processes of its own: two at a time, since this file is the last and would leave a core idle.
describe('npm start', { concurrency: 2 }, () => {
  test('runs the asked-for nights, writes what came of them, and ends with 0', async (t) => {
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

  test('ends with 1 when the night did not complete', async (t) => {
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

  test('uses another database: makes its SSD anew each time, and leaves the staging table of the authority alone', async (t) => {
    const folder = await aFolder(t);
    const sql = `embedded:${join(folder, 'database')}`;
    const theirs = await openDatabase(sql);
    await theirs.query("CREATE TABLE ssd_api_data_staging AS SELECT 'sent to DfE' AS row_state");
    await theirs.close();
    for (const children of ['6', '3']) {
      const out = await aFolder(t);
      const { code, output } = await start('--once', '--sql', sql, '--children', children, '--out', out)
        .ended;
      assert.equal(code, 0, output);
      const { run, payloads } = await outcomeIn(out);
      assert.ok(payloads > 0);
      assert.equal(payloads, run.nights[0]?.figures?.new);
    }
    const after = await openDatabase(sql);
    t.after(() => after.close());
    assert.deepEqual(await after.query('SELECT row_state FROM ssd_api_data_staging'), [
      { row_state: 'sent to DfE' },
    ]);
  });

  test('reads an SSD that is there as it is, and does not put files in its place', async (t) => {
    const folder = await aFolder(t);
    const sql = `embedded:${join(folder, 'database')}`;
    const theirs = await openDatabase(sql);
    for (const statement of createTables(theirs.engine, 'ssd_development', 'systemc'))
      await theirs.query(statement);
    const person = { pers_person_id: 'C1', pers_dob: '2015-05-05', pers_sex: 'F' };
    const episode = { cine_referral_id: 'E1', cine_person_id: 'C1', cine_referral_date: '2026-01-02' };
    await loadRows(theirs, 'ssd_development', 'ssd_person', [person]);
    await loadRows(theirs, 'ssd_development', 'ssd_cin_episodes', [episode]);
    await theirs.close();

    const out = await aFolder(t);
    const read = await start('--once', '--sql', sql, '--today', '2026-08-11', '--out', out).ended;
    assert.equal(read.code, 0, read.output);
    assert.equal((await outcomeIn(out)).payloads, 1);

    await writeFile(join(folder, 'ssd_person.jsonl'), `${JSON.stringify(person)}\n`);
    const refused = await start('--once', '--sql', sql, '--ssd', folder).ended;
    assert.equal(refused.code, 1);
    assert.match(refused.output, /an SSD that this command did not make/);
  });

  test('ends with an error, and without the password, when the database cannot be reached', async () => {
    const sql = 'Server=tcp:127.0.0.1,1;Database=ssd;User Id=sender;Password=hunter2';
    const { code, output } = await start('--once', '--sql', sql).ended;
    assert.equal(code, 1);
    assert.match(output, /127\.0\.0\.1:1/);
    assert.doesNotMatch(output, /hunter2/);
  });

  test('makes no SSD beside one that stands in another schema', async (t) => {
    const folder = await aFolder(t);
    const sql = `embedded:${join(folder, 'database')}`;
    const theirs = await openDatabase(sql);
    for (const statement of createTables(theirs.engine, 'theirs', 'systemc')) await theirs.query(statement);
    await theirs.close();
    const { code, output } = await start('--once', '--sql', sql).ended;
    assert.equal(code, 1);
    assert.match(output, /Set SSD_SCHEMA=theirs/);
  });

  test('serves the HTTP API after the night until it is interrupted, and then stops all it started', async () => {
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
    ]) {
      const { code, output } = await start(...args).ended;
      assert.equal(code, 2, output);
      assert.match(output, /npm start \[-- OPTIONS\]/);
    }
  });
});

describe('npm run start:func', () => {
  test('runs func with settings that are right, beside a filled database, and stops what it started', async (t) => {
    const folder = await aFolder(t);
    const seen = join(folder, 'settings.json');
    // A stand-in for the Core Tools: it writes down its environment and ends.
    const func = `#!${process.execPath}\nrequire('fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));\n`;
    await writeFile(join(folder, 'func'), func, { mode: 0o755 });
    const started = spawn(process.execPath, [join(__dirname, 'local', 'startFunc.js')], {
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      stdio: 'ignore',
    });
    await once(started, 'close');
    assert.equal(started.exitCode, 0);
    const environment = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(seen, 'utf8')));
    const settings = readSettings(environment);
    assert.equal(environment['FUNCTIONS_WORKER_RUNTIME'], 'node');
    await assert.rejects(fetch(settings.DFE_API_BASE_URL), 'the simulated DfE has stopped');
  });
});
