import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { mappingsIn, scriptOf, templateFiles } from '../infra/pipelineFile.js';
import { projectRoot } from '../local/migrations.js';
import { pathWith } from './fakeCommand.js';

/** What the steps put into the environment; each is text that a careless script would take apart. */
const given = {
  RESOURCE_GROUP: 'rg csc; test',
  DESPITE: 'DfE "asked" $HOME *',
  NEEDS_APP: '--needs-app',
  PARAMETERS: 'test.parameters.json',
  OUTPUT: 'what if',
  ALLOW_DELETION: '--allow-deletion',
  CONNECTION_STRING: '--connection-string-follows',
  PREPARES_DATABASE: '--prepares-database',
  RELEASE: '.',
};
const optional = ['DESPITE', 'NEEDS_APP', 'ALLOW_DELETION', 'CONNECTION_STRING', 'PREPARES_DATABASE'];

const scripts = templateFiles.flatMap(({ path, root }) =>
  mappingsIn(root)
    .filter((step) => step['task'] === 'AzureCLI@2')
    .map((step) => {
      // Azure DevOps puts these in before a shell sees the script.
      const script = scriptOf(step)
        .replaceAll(/\$\{\{ parameters\.minutes\w+ \}\}/g, '30')
        .replaceAll('$(Build.BuildId)', '7');
      return { path, script, command: /commands\/(\w+)\.js/.exec(script)?.[1] ?? '' };
    }),
);

/** A release as it is unpacked: `app` with its commands, and `infra`. */
async function aRelease(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-inline-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await symlink(projectRoot, join(folder, 'app'));
  await mkdir(join(folder, 'infra'));
  const template = { $schema: 'https://schema.management.azure.com/x', resources: {}, parameters: {} };
  for (const name of ['main.json', 'test.parameters.json']) {
    await writeFile(join(folder, 'infra', name), JSON.stringify(template));
  }
  return folder;
}

/** Runs a script as an agent does, with the real command, where nobody is signed in. */
async function run(
  t: TestContext,
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number; stdout: string }> {
  const release = await aRelease(t);
  const path = await pathWith(t, 'az', 'echo "Please run az login" >&2; exit 1');
  await symlink(process.execPath, join(path.split(':')[0] ?? '', 'node'));
  const cwd = script.startsWith('node app/') ? release : join(release, 'app');
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-c', script],
      { cwd, env: { ...environment, PATH: path } },
      (_error, stdout) => {
        resolve({ code: child.exitCode ?? -1, stdout });
      },
    );
  });
}

describe(
  'the scripts that the templates of the pipelines have',
  { skip: process.platform === 'win32' },
  () => {
    it('call every command of a deployment', () => {
      assert.deepEqual(scripts.map(({ command }) => command).sort(), [
        'deployInfrastructure',
        'mayDeploy',
        'prepareDatabase',
        'smoke',
        'whatIf',
        'whatIsLeft',
      ]);
    });

    for (const { path, script, command } of scripts) {
      it(`call ${command} as it takes it, whatever names and reasons hold (${path.split('/').at(-1) ?? ''})`, async (t) => {
        const least = Object.fromEntries(Object.entries(given).filter(([name]) => !optional.includes(name)));
        for (const environment of [given, least]) {
          const { code, stdout } = await run(t, script, environment);
          assert.equal(code, 1, 'nobody is signed in');
          assert.doesNotMatch(stdout, /^Usage/);
          assert.match(stdout, /az login/);
        }
      });
    }
  },
);
