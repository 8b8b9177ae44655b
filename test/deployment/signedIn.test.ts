import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { personsLogin, subscriptionOf } from '../../shared/deployment/login/signedIn.js';

const first = '00000000-0000-4000-8000-000000000001';
const second = '00000000-0000-4000-8000-000000000002';

/** An `az` that is first on PATH, as long as the test lasts. */
async function anAzureCli(t: TestContext, script: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'csc-az-'));
  const path = process.env['PATH'];
  await writeFile(join(folder, 'az'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'az'), 0o755);
  process.env['PATH'] = `${folder}:${path ?? ''}`;
  t.after(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true });
  });
}

describe('the subscription to work in', () => {
  it('is the one that is given, else that of the environment, else that of the Azure CLI', async (t) => {
    await anAzureCli(t, `[ "$1 $2" = "account show" ] && echo ${first}`);
    assert.equal(await subscriptionOf({}), first);
    assert.equal(await subscriptionOf({ AZURE_SUBSCRIPTION_ID: second }), second);
    assert.equal(await subscriptionOf({ AZURE_SUBSCRIPTION_ID: first }, second), second);
  });

  it('is asked for where no one is signed in', async (t) => {
    await anAzureCli(t, `echo "Please run 'az login' to setup account." >&2; exit 1`);
    await assert.rejects(subscriptionOf({}), /az login.*AZURE_SUBSCRIPTION_ID/);
  });
});

describe('a subscription that is given', () => {
  it('is refused, with what an id looks like, when it is a name', async () => {
    await assert.rejects(
      subscriptionOf({}, 'Children services'),
      /"Children services" is not the id of a subscription.*GUID.*az account list/,
    );
  });
});

describe('the sign-in of a person', () => {
  it('that is missing is reported as one sentence with both ways to sign in', async (t) => {
    await anAzureCli(t, `echo "Please run 'az login' to setup account." >&2; exit 1`);
    await assert.rejects(personsLogin().getToken('https://management.azure.com/.default'), {
      message: 'You are not signed in to Azure: azd auth login, or az login. Then run the command again.',
    });
  });

  it('that Entra ID refuses is reported with its code', async (t) => {
    await anAzureCli(t, `echo "AADSTS50076: you must use multi-factor authentication" >&2; exit 1`);
    await assert.rejects(
      personsLogin().getToken('https://management.azure.com/.default'),
      /not signed in.*AADSTS50076/,
    );
  });

  it('is that of the Azure CLI', async (t) => {
    await anAzureCli(
      t,
      `echo '{"accessToken":"from-az","expiresOn":"2030-01-01 10:00:00.000000","expires_on":1893492000,"subscription":"${first}","tenant":"t","tokenType":"Bearer"}'`,
    );
    const token = await personsLogin(first).getToken('https://management.azure.com/.default');
    assert.equal(token?.token, 'from-az');
  });

  it('is the one to the tenant of the subscription, which need not be the chosen one', async (t) => {
    await anAzureCli(
      t,
      `case "$*" in *"--subscription ${second}"*) token=other-tenant ;; *) token=chosen-tenant ;; esac
echo "{\\"accessToken\\":\\"$token\\",\\"expiresOn\\":\\"2030-01-01 10:00:00.000000\\",\\"expires_on\\":1893492000}"`,
    );
    const token = await personsLogin(second).getToken('https://management.azure.com/.default');
    assert.equal(token?.token, 'other-tenant');
  });
});
