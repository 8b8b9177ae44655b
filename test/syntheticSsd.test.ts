import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { openDatabase } from '../shared/database/open.js';
import { readSettings } from '../shared/settings/readSettings.js';
import { createTables } from '../infra/syntheticSsd/schema.js';
import { aFolder, outcomeIn, run, start, synthetic } from './local/startedCommand.js';

describe('npm run synthetic-ssd', () => {
  test('makes invented children in an empty database, and again the next time; npm start then reads them', async (t) => {
    const folder = await aFolder(t);
    const sql = `embedded:${join(folder, 'database')}`;
    for (const children of ['6', '3']) {
      const made = await run(synthetic, { SSD_CONNECTION_STRING: sql }, ['--children', children]).ended;
      assert.equal(made.code, 0, made.output);
      assert.match(made.output, new RegExp(`ssd_development has an SSD of ${children} invented children`));
    }
    const out = await aFolder(t);
    const { code, output } = await start('--once', '--sql', sql, '--out', out).ended;
    assert.equal(code, 0, output);
    const { run: outcome, payloads } = await outcomeIn(out);
    assert.ok(payloads > 0 && payloads <= 3);
    assert.equal(payloads, outcome.nights[0]?.figures?.new);
  });

  test('takes files of another system in place of invented children', async (t) => {
    const folder = await aFolder(t);
    await writeFile(join(folder, 'manifest.json'), '{"today":"2026-08-11","cms":"mosaic"}');
    await writeFile(join(folder, 'ssd_person.jsonl'), '{"pers_person_id":"C1","pers_dob":"2015-05-05"}\n');
    const sql = `embedded:${join(folder, 'database')}`;
    const made = await run(synthetic, { SSD_CONNECTION_STRING: sql }, ['--ssd', folder]).ended;
    assert.equal(made.code, 0, made.output);
    assert.match(made.output, /an SSD of the files as of 2026-08-11/);
  });

  test('makes nothing where an SSD is in another schema', async (t) => {
    const folder = await aFolder(t);
    const sql = `embedded:${join(folder, 'database')}`;
    const theirs = await openDatabase(sql);
    for (const statement of createTables(theirs.engine, 'theirs', 'systemc')) await theirs.query(statement);
    await theirs.close();
    const { code, output } = await run(synthetic, { SSD_CONNECTION_STRING: sql }, []).ended;
    assert.equal(code, 1);
    assert.match(output, /has an SSD in schema theirs that this command did not make/);
  });

  test('explains what is missing or wrong and ends with 2', async () => {
    for (const [settings, args] of [
      [{ SSD_CONNECTION_STRING: '' }, []],
      [{ SSD_CONNECTION_STRING: 'embedded:' }, ['--children', 'many']],
    ] as const) {
      const { code, output } = await run(synthetic, settings, args).ended;
      assert.equal(code, 2, output);
      assert.match(output, /SSD_CONNECTION_STRING is|npm run synthetic-ssd \[-- OPTIONS\]/);
    }
  });
});

describe('npm run start:func', () => {
  test('runs func with settings that are right, with a filled database, and stops what it started', async (t) => {
    const folder = await aFolder(t);
    const seen = join(folder, 'settings.json');
    // A stand-in for the Core Tools: it writes its environment to a file and ends.
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
