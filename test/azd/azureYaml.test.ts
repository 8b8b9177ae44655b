import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../local/migrations.js';
import { aToken } from './anEvaluation.js';

const runSchema = z.strictObject({ shell: z.string(), run: z.string(), interactive: z.literal(true) });
const hookSchema = z.strictObject({ posix: runSchema, windows: runSchema });
const projectSchema = z.object({
  infra: z.object({ provider: z.literal('bicep'), path: z.string(), module: z.string() }),
  workflows: z.object({ up: z.object({ steps: z.array(z.object({ azd: z.string() })) }) }),
  hooks: z.strictObject({ preprovision: hookSchema, postprovision: hookSchema }),
});

async function project() {
  return projectSchema.parse(parse(await readFile(join(projectRoot, 'azure.yaml'), 'utf8')));
}

async function scripts(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(projectRoot, 'package.json'), 'utf8');
  return z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(text)).scripts;
}

describe('azure.yaml', () => {
  it('names a template and its parameters', async () => {
    const { path, module } = (await project()).infra;
    for (const ending of ['bicep', 'parameters.json']) {
      assert.ok((await stat(join(projectRoot, path, `${module}.${ending}`))).isFile());
    }
  });

  it('only provisions: there is nothing for azd to build', async () => {
    assert.deepEqual((await project()).workflows.up.steps, [{ azd: 'provision' }]);
  });

  it('runs on Windows what it runs elsewhere, with nothing that a shell would have to understand', async () => {
    const known = await scripts();
    for (const [name, { posix, windows }] of Object.entries((await project()).hooks)) {
      assert.equal(windows.run, posix.run, name);
      assert.deepEqual([posix.shell, windows.shell], ['sh', 'pwsh']);
      const words = posix.run.split(' ');
      assert.ok(
        words.every((word) => /^[\w:.-]+$/.test(word)),
        posix.run,
      );
      assert.ok(words.at(-1) !== undefined && known[words.at(-1) ?? ''] !== undefined, posix.run);
    }
  });

  it('calls scripts that cmd.exe and sh read alike', async () => {
    const known = await scripts();
    for (const name of ['evaluate', 'azd:preprovision', 'azd:postprovision', 'installed', 'build', 'clean']) {
      // Words, one text in double quotes without what either shell replaces, and what joins commands in both.
      assert.match(
        known[name] ?? '',
        /^(?:[\w:./@-]+|"[^"$`%!\\^]*"|&&|\|\|)(?: (?:[\w:./@-]+|"[^"$`%!\\^]*"|&&|\|\|))*$/,
        name,
      );
    }
  });
});

// Windows would need a program, and not a script, under the name azd.
describe('the first hook, as azd runs it', { skip: process.platform === 'win32' }, () => {
  const run = async (azd: string): Promise<{ code: number; said: string }> => {
    const folder = await mkdtemp(join(tmpdir(), 'azd-hook-'));
    try {
      await writeFile(join(folder, 'azd'), `#!/bin/sh\n${azd}\n`);
      await chmod(join(folder, 'azd'), 0o755);
      const { posix } = (await project()).hooks.preprovision;
      const env = {
        PATH: [folder, process.env['PATH']].join(delimiter),
        HOME: process.env['HOME'],
        AZURE_ENV_NAME: 'jo',
        AZURE_LOCATION: 'uksouth',
        AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000001',
      };
      return await new Promise((resolve) => {
        execFile(posix.shell, ['-c', posix.run], { cwd: projectRoot, env }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : 1, said: stdout + stderr });
        });
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it('says how to sign in, and makes azd stop', async () => {
    const { code, said } = await run('echo "ERROR: not logged in" >&2; exit 1');
    assert.equal(code, 1);
    assert.match(said, /You are not signed in to Azure: azd auth login\. Then run the command again\./);
  });

  it('asks azd itself who is signed in', async () => {
    const token = aToken({ oid: '00000000-0000-4000-8000-0000000000aa', idtyp: 'app', appid: 'a' });
    const answer = JSON.stringify({ token, expiresOn: '2099-01-01T00:00:00Z' });
    const { code, said } = await run(`[ "$1 $2" = "auth token" ] && echo '${answer}'`);
    assert.equal(code, 1);
    assert.match(said, /A person must make an evaluation, not a program/);
  });
});
