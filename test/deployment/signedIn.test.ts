import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { subscriptionIdOf } from '../../shared/deployment/signedIn.js';
import { subscriptionId } from './resourceManagerStandIn.js';

/** A machine whose Azure CLI does this when it is asked for the account. */
async function aCli(t: TestContext, script: string): Promise<{ readonly PATH: string }> {
  const bin = await mkdtemp(join(tmpdir(), 'csc-az-'));
  t.after(() => rm(bin, { recursive: true, force: true }));
  const az = join(bin, 'az');
  await writeFile(az, `#!/bin/sh\n${script}\n`);
  await chmod(az, 0o755);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

describe('the subscription', { skip: process.platform === 'win32' }, () => {
  const account = JSON.stringify({
    environmentName: 'AzureCloud',
    id: subscriptionId,
    name: 'Council',
    state: 'Enabled',
  });

  it('is the one that is given, else the one that the Azure CLI has chosen', async (t) => {
    const environment = await aCli(t, `cat <<'END'\n${account}\nEND`);
    assert.equal(await subscriptionIdOf(environment), subscriptionId);
    const other = '99999999-9999-4999-8999-999999999999';
    assert.equal(await subscriptionIdOf({ ...environment, AZURE_SUBSCRIPTION_ID: other }), other);
  });

  it('is not guessed where nobody is signed in, the answer is none, or there is no Azure CLI', async (t) => {
    const signedOut = await aCli(t, 'echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1');
    for (const environment of [signedOut, await aCli(t, 'echo {}'), { PATH: '/nowhere' }]) {
      await assert.rejects(subscriptionIdOf(environment), /Sign in \(az login/);
    }
  });
});
