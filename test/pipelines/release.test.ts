import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { aService, runScript, type Asked, type Outcome } from './script.js';

const run = 1234;
const deliveryPipeline = 17;
const project = '6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c';
const timeline = '7d0cb8f1-3d4b-5a5e-8d2b-0a6a2f7a1f01';
const record = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';
const token = 'the-token-of-the-job';

const git = async (folder: string, ...words: string[]): Promise<string> => {
  const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@council.example'];
  const { stdout } = await promisify(execFile)('git', [...identity, ...words], { cwd: folder });
  return stdout.trim();
};

/** A checkout of main, and a commit beside its history. */
let checkout: string;
let onMain: string;
let beside: string;
before(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'csc-checkout-'));
  const commit = async (subject: string): Promise<string> => {
    await git(checkout, 'commit', '--quiet', '--allow-empty', '--message', subject);
    return git(checkout, 'rev-parse', 'HEAD');
  };
  await git(checkout, 'init', '--quiet', '--initial-branch', 'main');
  onMain = await commit('Release');
  await git(checkout, 'switch', '--quiet', '--create', 'beside');
  beside = await commit('Go past the branch policy');
  await git(checkout, 'switch', '--quiet', 'main');
  await commit('Go on');
});
after(() => rm(checkout, { recursive: true, force: true }));

/** What Azure DevOps knows of the run. */
interface Known {
  readonly branch?: string;
  readonly commit?: string;
  readonly pipeline?: number;
  readonly id?: number;
  /** What its jobs have recorded, each attempt for itself. */
  readonly records: readonly string[];
  /** The host that Azure DevOps names in links. */
  readonly linksTo?: string;
}

/** Azure DevOps, with the fields of its answers that are of interest here. */
function anAzureDevOps(t: TestContext, known: Known) {
  const { branch = 'refs/heads/main', commit = onMain, pipeline = deliveryPipeline, id = run } = known;
  const at = `/org/${project}/_apis/build/builds/${run}`;
  const recordId = (index: number) => record.replace(/^.{8}/, String(10_000_000 + index));
  return aService(t, ({ url, headers }) => {
    if (headers.authorization !== `Bearer ${token}`) return { status: 203, body: '<html>Sign in</html>' };
    const [path = ''] = url.split('?');
    if (path === at) {
      return {
        body: JSON.stringify({
          id,
          buildNumber: '20260811.1',
          status: 'completed',
          result: 'partiallySucceeded',
          sourceBranch: branch,
          sourceVersion: commit,
          definition: { id: pipeline, name: 'csc-api-sender', type: 'build' },
        }),
      };
    }
    if (path === `${at}/attachments/csc.release.sha256`) {
      const value = known.records.map((_, index) => ({
        _links: {
          self: {
            href: `${known.linksTo ?? 'https://dev.azure.com/org'}/${project}/_apis/build/builds/${run}/${timeline}/${recordId(index)}/attachments/csc.release.sha256/release`,
          },
        },
        name: 'release',
      }));
      return { body: JSON.stringify({ count: value.length, value }) };
    }
    const wanted = known.records.find(
      (_, index) => path === `${at}/${timeline}/${recordId(index)}/attachments/csc.release.sha256/release`,
    );
    return wanted === undefined ? { status: 404, body: '{}' } : { body: wanted };
  });
}

/** A release as it was downloaded, and what the run that built it has recorded of it. */
async function aRelease(t: TestContext): Promise<{ folder: string; recorded: string; zipSha256: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-release-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const release = join(folder, 'release');
  await mkdir(join(release, 'infra'), { recursive: true });
  await writeFile(join(release, 'app.zip'), 'the code');
  await writeFile(join(release, 'infra', 'main.json'), '{}');
  const file = join(folder, 'recorded');
  const { code, stdout } = await runScript('recordRelease', ['--release', release, '--record', file]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    new RegExp(`^##vso\\[task\\.addattachment type=csc\\.release\\.sha256;name=release;\\]${file}$`, 'm'),
  );
  return {
    folder: release,
    recorded: await readFile(file, 'utf8'),
    zipSha256: createHash('sha256').update('the code').digest('hex'),
  };
}

async function prove(folder: string, address: string, ...more: readonly string[]): Promise<Outcome> {
  const args = ['--release', folder, '--run', String(run), '--pipeline', String(deliveryPipeline), ...more];
  const env = {
    SYSTEM_COLLECTIONURI: `${address}/org/`,
    SYSTEM_TEAMPROJECTID: project,
    SYSTEM_ACCESSTOKEN: token,
  };
  const outcome = await runScript('proveRelease', args, { env, cwd: checkout });
  assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(token), 'the token is printed nowhere');
  return outcome;
}

function refused({ code, stderr, stdout }: Outcome, why: RegExp): void {
  assert.equal(code, 1);
  assert.match(stderr, why);
  assert.match(stderr, /Nothing is deployed\./);
  assert.doesNotMatch(stdout, /built this/);
}

describe('a release is deployed only when Azure DevOps says so', () => {
  it('of a run of the delivery pipeline on main that has recorded just these files', async (t) => {
    const { folder, recorded, zipSha256 } = await aRelease(t);
    const { address } = await anAzureDevOps(t, { records: [recorded] });
    const { code, stdout } = await prove(folder, address);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`built this from commit ${onMain} of refs/heads/main`));
    assert.match(stdout, new RegExp(zipSha256));
  });

  it('also when a job that was run again has recorded before', async (t) => {
    const { folder, recorded } = await aRelease(t);
    const { address } = await anAzureDevOps(t, { records: ['another attempt', recorded] });
    assert.equal((await prove(folder, address)).code, 0);
  });

  const wrong: readonly (readonly [string, Partial<Known>, RegExp])[] = [
    ['from another branch', { branch: 'refs/heads/feature' }, /built from refs\/heads\/feature, and not/],
    ['of a pull request', { branch: 'refs/pull/7/merge' }, /not from refs\/heads\/main/],
    ['of another pipeline', { pipeline: 99 }, /not one of pipeline 17/],
    ['of another run', { id: 1235 }, /about another run/],
    ['without a commit', { commit: 'main' }, /names no commit/],
    ['that has recorded nothing', { records: [] }, /has recorded no checksums/],
    ['that has recorded other files', { records: ['0'.repeat(64) + '  app.zip\n'] }, /is not what run/],
  ];
  for (const [what, known, why] of wrong) {
    it(`and never a run ${what}`, async (t) => {
      const { folder, recorded } = await aRelease(t);
      const { address } = await anAzureDevOps(t, { records: [recorded], ...known });
      refused(await prove(folder, address), why);
    });
  }

  it('and never a commit that is not in the history of main', async (t) => {
    const { folder, recorded } = await aRelease(t);
    const { address } = await anAzureDevOps(t, { records: [recorded], commit: beside });
    refused(await prove(folder, address), /not in the history of main/);
  });

  const changes: readonly (readonly [string, (folder: string) => Promise<unknown>])[] = [
    ['its zip was changed', (folder) => writeFile(join(folder, 'app.zip'), 'other code')],
    ['its template was changed', (folder) => writeFile(join(folder, 'infra', 'main.json'), '[]')],
    ['a file was added', (folder) => writeFile(join(folder, 'infra', 'more.json'), '{}')],
    ['a file is missing', (folder) => rm(join(folder, 'infra', 'main.json'))],
    ['its zip is missing', (folder) => rm(join(folder, 'app.zip'))],
  ];
  for (const [what, change] of changes) {
    it(`and not once ${what}, whatever the release says of itself`, async (t) => {
      const { folder, recorded } = await aRelease(t);
      await change(folder);
      await writeFile(join(folder, 'app.zip.sha256'), recorded);
      await writeFile(
        join(folder, 'release.json'),
        JSON.stringify({ run: '20260811.1', runId: run, branch: 'refs/heads/main', commit: onMain }),
      );
      const { address } = await anAzureDevOps(t, { records: [recorded] });
      refused(await prove(folder, address), /is not what run|has no app\.zip/);
    });
  }

  it('and not when it does not answer, or asks to sign in', async (t) => {
    const { folder } = await aRelease(t);
    const { address: signIn } = await aService(t, () => ({ status: 203, body: '<html>Sign in</html>' }));
    refused(await prove(folder, signIn), /answers 203/);
    const { address: page } = await aService(t, () => ({ body: '<html></html>' }));
    refused(await prove(folder, page), /is not JSON/);
    refused(await prove(folder, 'http://127.0.0.1:1'), /cannot be read/);
  });

  it('and its token goes to no host that an answer names', async (t) => {
    const { folder, recorded } = await aRelease(t);
    const elsewhere: Asked[] = [];
    const { address: other } = await aService(t, (asked) => {
      elsewhere.push(asked);
      return { body: recorded };
    });
    const { address } = await anAzureDevOps(t, { records: [recorded], linksTo: `${other}/org` });
    assert.equal((await prove(folder, address)).code, 0);
    const { address: redirecting } = await aService(t, () => ({
      status: 302,
      headers: { location: other },
      body: '',
    }));
    refused(await prove(folder, redirecting), /cannot be read/);
    assert.deepEqual(elsewhere, []);
  });
});

describe('a release of a version before 0.2, which recorded no checksums', () => {
  it('is taken by the SHA-256 of its zip that was given by hand, with a warning', async (t) => {
    const { folder, zipSha256 } = await aRelease(t);
    const { address } = await anAzureDevOps(t, { records: [] });
    const { code, stdout } = await prove(folder, address, '--sha256', ` ${zipSha256.toUpperCase()} `);
    assert.equal(code, 0);
    assert.match(stdout, /type=warning/);
  });

  it('is the only one for which that counts: a run that has recorded checksums is held to them', async (t) => {
    const { folder, recorded } = await aRelease(t);
    await writeFile(join(folder, 'app.zip'), 'other code');
    const forged = createHash('sha256').update('other code').digest('hex');
    const { address } = await anAzureDevOps(t, { records: [recorded] });
    refused(await prove(folder, address, '--sha256', forged), /is not what run 1234 has recorded/);
  });

  it('is still asked for its branch, and refused by any other SHA-256', async (t) => {
    const { folder, zipSha256 } = await aRelease(t);
    const { address: feature } = await anAzureDevOps(t, { records: [], branch: 'refs/heads/feature' });
    refused(await prove(folder, feature, '--sha256', zipSha256), /not from refs\/heads\/main/);
    const { address } = await anAzureDevOps(t, { records: [] });
    refused(await prove(folder, address, '--sha256', '0'.repeat(64)), /not the one that you gave/);
    refused(await prove(folder, address, '--sha256', 'main'), /Usage/);
  });
});
