import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { aService, runScript, type Outcome } from './script.js';

const project = '6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c';
const token = 'the-token-of-the-job';

/** Azure DevOps with these runs of pipeline 17 on main, newest first, and the artifacts of each. */
async function find(
  t: TestContext,
  runs: Readonly<Record<string, readonly string[]>>,
  args: readonly string[] = [],
): Promise<Outcome & { asked: string[] }> {
  const { address, asked } = await aService(t, ({ url, headers }) => {
    if (headers.authorization !== `Bearer ${token}`) return { status: 203, body: '<html>Sign in</html>' };
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (pathname === `/org/${project}/_apis/build/builds`) {
      assert.equal(searchParams.get('definitions'), '17');
      assert.equal(searchParams.get('branchName'), 'refs/heads/main');
      const value = Object.keys(runs).map((key) => ({ id: Number(key.slice(1)), result: 'failed' }));
      return { body: JSON.stringify({ count: value.length, value }) };
    }
    const [, run = ''] = /\/builds\/(\d+)\/artifacts$/.exec(pathname) ?? [];
    const value = (runs[`r${run}`] ?? []).map((name) => ({
      id: 1,
      name,
      resource: { type: 'PipelineArtifact' },
    }));
    return { body: JSON.stringify({ count: value.length, value }) };
  });
  const env = {
    SYSTEM_COLLECTIONURI: `${address}/org/`,
    SYSTEM_TEAMPROJECTID: project,
    SYSTEM_ACCESSTOKEN: token,
  };
  const outcome = await runScript('findCommands', ['--pipeline', '17', ...args], { env });
  assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(token), 'the token is printed nowhere');
  return { ...outcome, asked: asked.map(({ url }) => url) };
}

describe('the release whose commands guard a rollback', () => {
  it('is the newest that main has, however its deployment ended', async (t) => {
    const { code, stdout } = await find(t, {
      r30: [],
      r29: ['what-if-test-1'],
      r28: ['release', 'x'],
      r27: ['release'],
    });
    assert.equal(code, 0);
    assert.match(stdout, /^##vso\[task\.setvariable variable=commandsRun\]28$/m);
  });

  it('is the one that is given', async (t) => {
    const { stdout, asked } = await find(t, { r28: ['release'] }, ['--run', '12']);
    assert.match(stdout, /variable=commandsRun\]12$/m);
    assert.deepEqual(asked, []);
  });

  it('is missing where no run has kept one: that stops the rollback', async (t) => {
    const { code, stderr } = await find(t, { r30: [] });
    assert.equal(code, 1);
    assert.match(stderr, /still has a release.*its stage Build is enough.*\nNothing is deployed/);
  });

  it('is not asked for by nonsense', async (t) => {
    const { code, stderr } = await find(t, {}, ['--run', '1;2']);
    assert.equal(code, 1);
    assert.match(stderr, /^Usage/);
  });
});
