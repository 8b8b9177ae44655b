import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { runScript, type Outcome } from './script.js';

/** An agent with an Azure CLI of this version. */
async function checkWith(t: TestContext, installed: string | undefined, wanted: string): Promise<Outcome> {
  const bin = await mkdtemp(join(tmpdir(), 'csc-az-'));
  t.after(() => rm(bin, { recursive: true, force: true }));
  if (installed !== undefined) {
    const az = join(bin, 'az');
    await writeFile(
      az,
      `#!/bin/sh\ncat <<'END'\n{\n  "azure-cli": "${installed}",\n  "azure-cli-core": "${installed}"\n}\nEND\n`,
    );
    await chmod(az, 0o755);
  }
  const path = installed === undefined ? bin : `${bin}:/usr/bin:/bin`;
  return runScript('checkAzureCli', ['--version', wanted], { env: { PATH: path } });
}

describe('the Azure CLI of an agent', { skip: process.platform === 'win32' }, () => {
  it('is the one that the council has named', async (t) => {
    assert.equal((await checkWith(t, '2.86.0', '2.86.0')).code, 0);
    const other = await checkWith(t, '2.87.0', '2.86.0');
    assert.equal(other.code, 1);
    assert.match(other.stderr, /2\.87\.0, and 2\.86\.0 .*Nothing is deployed/);
  });

  it('is 2.60 or later where none is named', async (t) => {
    assert.equal((await checkWith(t, '2.60.0', '')).code, 0);
    assert.equal((await checkWith(t, '2.59.0', ' ')).code, 1);
    assert.equal((await checkWith(t, '3.1.0', '')).code, 1);
  });

  it('has to be there', async (t) => {
    const { code, stderr } = await checkWith(t, undefined, '');
    assert.equal(code, 1);
    assert.match(stderr, /no Azure CLI/);
  });
});
