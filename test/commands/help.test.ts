import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const compiled = join(__dirname, '..', '..');

/** What `npm run` starts, for each command that people call. */
const commands: Readonly<Record<string, string>> = {
  azure: 'shared/commands/azure/azure.js',
  preflight: 'shared/commands/preflight.js',
  profile: 'shared/commands/profile.js',
  migrate: 'shared/commands/migrate.js',
  grant: 'shared/commands/grant.js',
  package: 'infra/packaging/package.js',
  prices: 'infra/cost/prices.js',
  bicep: 'infra/tools/bicep.js',
  'fixed-at-creation': 'infra/tools/fixedAtCreation.js',
  evaluate: 'infra/azd/evaluate.js',
  dfe: 'test/local/onboarding.js',
};

function run(file: string, args: readonly string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(compiled, file), ...args], { env: {} }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

describe('--help', () => {
  for (const [name, file] of Object.entries(commands)) {
    it(`of npm run ${name} prints how it is used, does nothing else and ends with 0`, async () => {
      const { code, output } = await run(file, ['--help']);
      assert.equal(code, 0, output);
      assert.match(output, new RegExp(`^(Usage: )?npm run ${name}`));
    });
  }

  it('of one verb of npm run azure ends with 0, too, and without it a wrong call ends with 1', async () => {
    const help = await run('shared/commands/azure/azure.js', ['sign-in', '--help']);
    assert.equal(help.code, 0);
    assert.match(help.output, /deployer/);
    const { code } = await run('shared/commands/azure/azure.js', ['sign-in', '--wrong']);
    assert.equal(code, 1);
  });
});
