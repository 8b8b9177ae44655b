import assert from 'node:assert/strict';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { refusal } from '../../deployment/resourceManagerStandIn.js';
import { anEnvironment, appPath, groupPath, holdDeployed, type TestEnvironment } from './environment.js';

const settingsPath = `${appPath}/config/appsettings`;

function settings({ azure }: TestEnvironment): Record<string, string> {
  return z.record(z.string(), z.string()).parse(azure.held(settingsPath)?.['properties']);
}

describe('npm run azure -- pause and resume', () => {
  it('switch the timer off and on, and keep every other setting', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { settings: { STAGING_TABLE: 'ssd_api_data_staging_anon' } });
    const before = settings(environment);
    assert.equal((await environment.run('pause')).code, 0);
    assert.deepEqual(settings(environment), { ...before, 'AzureWebJobs.nightly.Disabled': 'true' });
    assert.match((await environment.run('status')).text, /nightly run +paused/);
    assert.equal((await environment.run('resume')).code, 0);
    assert.deepEqual(settings(environment), before);
  });

  it('restart the app only where something changes', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const { text } = await environment.run('resume');
    assert.match(text, /already: nothing was changed/);
    assert.ok(environment.azure.calls.every(({ method }) => method !== 'PUT'));
  });

  it('resume takes away the name with underscores too', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { settings: { AzureWebJobs_nightly_Disabled: '1' } });
    await environment.run('resume');
    assert.deepEqual(Object.keys(settings(environment)), ['RUN_SCHEDULE', 'DFE_RECEIVER']);
  });

  it('say that there is no app yet', async (t) => {
    const { run } = await anEnvironment(t);
    for (const verb of ['pause', 'restart', 'api GET runs', 'preflight', 'sign-in', 'database']) {
      const { code, text } = await run(verb);
      assert.equal(code, 1);
      assert.match(text, /no function app in rg-csc-test/);
    }
  });
});

describe('npm run azure -- restart, stop and start', () => {
  for (const what of ['restart', 'stop', 'start']) {
    it(`asks Azure to ${what} the app`, async (t) => {
      const environment = await anEnvironment(t);
      holdDeployed(environment);
      environment.azure.answer('POST', new RegExp(`sites/func-csc/${what}$`), () => ({ status: 200 }));
      assert.equal((await environment.run(what)).code, 0);
    });
  }
});

describe('npm run azure -- api', () => {
  it('calls the app with its key, which it does not show', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.appAnswers = () => Response.json({ runs: [] });
    const { code, text } = await environment.run('api GET runs --field limit=3');
    assert.equal(code, 0);
    assert.match(text, /"runs": \[\]/);
    assert.doesNotMatch(text, /the-key|the-master-key/);
    const [call] = environment.appCalls;
    assert.equal(call?.url.href, 'https://func-csc.azurewebsites.net/api/runs?limit=3');
    assert.equal(new Headers(call.init.headers).get('x-functions-key'), 'the-key');
  });

  it('sends fields as the API takes them: text, true and lists', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    await environment.run(
      `api POST runs --field scope=outstanding --field dryRun=true --field "reason=first dry run"`,
    );
    const body = environment.appCalls[0]?.init.body;
    assert.deepEqual(JSON.parse(typeof body === 'string' ? body : ''), {
      scope: 'outstanding',
      dryRun: true,
      reason: 'first dry run',
    });
  });

  it('asks for a token in your own name where a role is needed', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    assert.match((await environment.run('api GET runs --sign-in')).text, /The app has no sign-in/);
    environment.azure.hold(`${appPath}/config/authsettingsV2`, {
      properties: {
        platform: { enabled: true },
        identityProviders: { azureActiveDirectory: { registration: { clientId: 'the-client' } } },
      },
    });
    await environment.run('api GET runs --sign-in');
    const headers = new Headers(environment.appCalls.at(-1)?.init.headers);
    assert.equal(headers.get('authorization'), 'Bearer token for api://the-client/.default');
  });

  it('keeps a file as it came', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'csc-api-'));
    t.after(() => rm(folder, { recursive: true }));
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.appAnswers = () =>
      new Response('\uFEFFid;rule\r\n', { headers: { 'content-type': 'text/csv' } });
    const file = join(folder, 'findings.csv');
    await environment.run(`api GET runs/1/findings.csv --output ${file}`);
    assert.equal(await readFile(file, 'utf8'), '\uFEFFid;rule\r\n');
  });

  it('says what the app answers when it refuses, and that the host does not start', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.appAnswers = () => Response.json({ error: 'A run is active.' }, { status: 409 });
    const refused = await environment.run('api POST runs');
    assert.equal(refused.code, 1);
    assert.match(refused.text, /409.*A run is active/);
    environment.azure.answer('POST', /listKeys$/, () =>
      refusal(400, 'BadRequest', 'Encountered an error (ServiceUnavailable) from host runtime.'),
    );
    const { code, text } = await environment.run('api GET runs');
    assert.equal(code, 1);
    assert.match(text, /from host runtime/);
  });
});

describe('npm run azure -- api, of an app that sends people to a page of sign-in', () => {
  it('does not follow, so that the key goes to no other address', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.appAnswers = () =>
      new Response(null, { status: 302, headers: { location: 'https://login.example/' } });
    const { code, text } = await environment.run('api GET runs');
    assert.equal(environment.appCalls[0]?.init.redirect, 'manual');
    assert.equal(code, 1);
    assert.match(text, /The app answers 302/);
  });
});

describe('npm run azure -- preflight', () => {
  it('prints every check, and fails where one fails', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const checks = [{ check: 'settings', outcome: 'fail', found: 'LA_CODE is missing.', remedy: 'Set it.' }];
    environment.appAnswers = () => Response.json({ outcome: 'fail', version: '0.1.0', checks });
    const { code, text } = await environment.run('preflight');
    assert.equal(code, 1);
    assert.match(text, /LA_CODE is missing/);
    assert.match(text, /version 0\.1\.0, preflight: fail/);
  });
});

describe('npm run azure -- support-bundle', () => {
  it('writes the answer of the app to a file, and shows nothing of it', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'csc-support-'));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, 'bundle.json');
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.appAnswers = ({ pathname }) => Response.json({ asked: pathname });
    const { code, text } = await environment.run(`support-bundle --output ${file}`);
    assert.equal(code, 0);
    assert.equal(text, `Written to ${file}.\n`);
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { asked: '/api/support-bundle' });
  });
});

describe('npm run azure -- key', () => {
  it('shows a new key once, replaces the default one unseen, and deletes', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const { text } = await environment.run('key --name monitoring');
    const put = environment.azure.calls.find(
      ({ method, path }) => method === 'PUT' && path.endsWith('functionkeys/monitoring'),
    );
    assert.match(
      JSON.stringify(put?.body),
      new RegExp(`"value":"${text.trim().split('\n').at(-1) ?? 'none'}"`),
    );
    assert.equal((await environment.run('key --name default')).text.split('\n').length, 2);
    assert.equal((await environment.run('key --name monitoring --delete')).code, 0);
    assert.equal((await environment.run('key --name monitoring --delete')).code, 0);
  });
});

describe('npm run azure -- publish', () => {
  it('hands the package over and shows the functions', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'csc-publish-'));
    t.after(() => rm(folder, { recursive: true }));
    const zip = join(folder, 'csc.zip');
    await writeFile(zip, 'a package');
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const { code, text } = await environment.run(`publish ${zip}`);
    assert.equal(code, 0, text);
    assert.equal(Buffer.from(environment.published[0] ?? []).toString(), 'a package');
    assert.match(text, /1 functions are there: nightly/);
  });

  it('ends where the host does not start, and says where to look', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.azure.answer('GET', /sites\/func-csc\/functions$/, () =>
      refusal(503, 'ServiceUnavailable', 'Host is down.'),
    );
    const { code, text } = await environment.run('publish package.json');
    assert.equal(code, 1);
    assert.match(text, /its host does not start.*\n?.*roles --group/);
  });

  it('says how the file is made that is not there', async (t) => {
    const { run } = await anEnvironment(t);
    assert.match((await run('publish missing.zip')).text, /npm run package -- missing\.zip makes it/);
  });
});

describe('npm run azure -- recover-vault', () => {
  const deleted = {
    name: 'kv-csc',
    properties: {
      vaultId: `${groupPath}/providers/Microsoft.KeyVault/vaults/kv-csc`,
      location: 'uksouth',
      scheduledPurgeDate: '2027-02-20T10:00:00Z',
    },
  };

  it('makes the group first, which was deleted with the vault', async (t) => {
    const { azure, run } = await anEnvironment(t);
    azure.answer('GET', /deletedVaults$/, () => ({ body: { value: [deleted] } }));
    azure.hold(`/subscriptions/00000000-0000-4000-8000-000000000001`, {
      tenantId: '99999999-9999-4999-8999-999999999999',
    });
    assert.match((await run('status')).text, /kv-csc, its name cannot be used until 2027-02-20/);
    assert.equal((await run('recover-vault')).code, 0);
    const [first, second] = azure.calls.filter(({ method }) => method === 'PUT');
    assert.equal(first?.path, groupPath);
    assert.match(JSON.stringify(second?.body), /"createMode":"recover"/);
  });

  it('has nothing to do where no vault of this group was deleted', async (t) => {
    const { azure, run } = await anEnvironment(t);
    azure.answer('GET', /deletedVaults$/, () => ({
      body: {
        value: [
          {
            ...deleted,
            properties: {
              ...deleted.properties,
              vaultId: `${groupPath}-other/providers/Microsoft.KeyVault/vaults/kv`,
            },
          },
        ],
      },
    }));
    assert.match((await run('recover-vault')).text, /keeps no deleted vault/);
    assert.ok(azure.calls.every(({ method }) => method === 'GET'));
  });
});

describe('npm run azure -- database', () => {
  it('leaves a database without Entra ID to its DBA', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, {
      settings: {
        SSD_CONNECTION_STRING:
          '@Microsoft.KeyVault(SecretUri=https://kv-csc.vault.azure.net/secrets/SSD-CONNECTION-STRING/)',
      },
    });
    const { code, text } = await environment.run('database');
    assert.equal(code, 1);
    assert.match(text, /sign-in of this database is not by Entra ID\. A DBA runs the scripts/);
  });
});

describe('npm run azure', () => {
  it('says how it is used, without asking Azure anything, where it is not understood', async (t) => {
    const { azure, run } = await anEnvironment(t);
    for (const wrong of [
      '',
      'dance',
      'status now',
      'secrets --revoke',
      'roles --format xml',
      'api PATCH runs',
      'key',
    ]) {
      const { code, text } = await run(wrong);
      assert.equal(code, 1, wrong);
      assert.match(text, /^Usage: npm run azure -- /, wrong);
    }
    assert.equal(azure.calls.length, 0);
  });
});
