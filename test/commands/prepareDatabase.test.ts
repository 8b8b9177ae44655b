import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { prepareDatabaseCommand } from '../../shared/commands/prepareDatabase.js';
import {
  anEmptyGroup,
  groupName,
  holdApp,
  holdDeployment,
  usualOutputs,
} from '../deployment/anEnvironment.js';

type Made = readonly [
  what: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
];

const SSD_CONNECTION_STRING =
  'Server=tcp:sql-csc.database.windows.net,1433;Database=ssd;Authentication=Active Directory Managed Identity;User Id=x';

async function prepare(
  t: TestContext,
  set: (environment: Awaited<ReturnType<typeof anEmptyGroup>>) => void,
  migrated = 0,
): Promise<{ code: number; says: string; made: Made[] }> {
  const environment = await anEmptyGroup(t);
  set(environment);
  const written: string[] = [];
  const made: Made[] = [];
  const code = await prepareDatabaseCommand(
    ['--group', groupName],
    { AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential' },
    (text) => written.push(text),
    {
      open: environment.open,
      migrate: (args, given) => {
        made.push(['migrate', args, given]);
        return Promise.resolve(migrated);
      },
      grant: (args, given, write) => {
        made.push(['grant', args, given]);
        write('  SELECT on ##vso[task.setvariable variable=functionAppName]other\n');
        return Promise.resolve(0);
      },
    },
  );
  return { code, says: written.join(''), made };
}

describe('the database of an environment', () => {
  it('gets its table and the rights of the app, as the last good deployment and the settings say', async (t) => {
    const { code, says, made } = await prepare(t, (environment) => {
      holdApp(environment, {
        settings: { SSD_CONNECTION_STRING, STAGING_TABLE: 'staging_anon', SSD_PROFILE: '', OTHER: 'x' },
      });
      holdDeployment(environment);
      holdDeployment(environment, {
        name: 'csc-api-sender-2',
        state: 'Failed',
        timestamp: '2026-11-02T08:00:00Z',
      });
    });
    assert.equal(code, 0, says);
    assert.deepEqual(
      made.map(([what, args]) => [what, ...args]),
      [
        ['migrate'],
        ['grant', '--user', usualOutputs.identityName, '--client-id', usualOutputs.identityClientId],
      ],
    );
    for (const [, , environment] of made) {
      assert.deepEqual(environment, {
        AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential',
        STAGING_TABLE: 'staging_anon',
        SSD_CONNECTION_STRING:
          'Server=tcp:sql-csc.database.windows.net,1433;Database=ssd;Authentication=Active Directory Default',
      });
    }
  });

  it('is granted nothing when the table could not be made', async (t) => {
    const set = (environment: Awaited<ReturnType<typeof anEmptyGroup>>): void => {
      holdApp(environment, { settings: { SSD_CONNECTION_STRING } });
      holdDeployment(environment);
    };
    const { code, made } = await prepare(t, set, 3);
    assert.equal(code, 3);
    assert.deepEqual(
      made.map(([what]) => what),
      ['migrate'],
    );
  });

  it('is left to a DBA where it is not Azure SQL', async (t) => {
    const { code, says, made } = await prepare(t, (environment) => {
      holdApp(environment, { settings: { SSD_CONNECTION_STRING } });
      holdDeployment(environment, { outputs: { sqlServerHost: '' } });
    });
    assert.equal(code, 1);
    assert.match(says, /not Azure SQL.*PreparesDatabase to false/);
    assert.deepEqual(made, []);
  });

  it('is left to a DBA where the app reads another one, by a password, than the server that is named', async (t) => {
    const { code, made } = await prepare(t, (environment) => {
      const secret = '@Microsoft.KeyVault(SecretUri=https://kv-csc.vault.azure.net/secrets/SSD)';
      holdApp(environment, { settings: { SSD_CONNECTION_STRING: secret } });
      holdDeployment(environment);
    });
    assert.equal(code, 1);
    assert.deepEqual(made, []);
  });

  it('waits for a deployment that has succeeded', async (t) => {
    const { code, says } = await prepare(t, (environment) => {
      holdDeployment(environment, { state: 'Failed' });
    });
    assert.equal(code, 1);
    assert.match(says, /run the stage Infrastructure first/);
  });

  it('is left alone where the app reads another one by a secret', async (t) => {
    const { code, says, made } = await prepare(t, (environment) => {
      holdApp(environment, {
        settings: { SSD_CONNECTION_STRING: '@Microsoft.KeyVault(SecretUri=https://kv/secrets/SSD)' },
      });
      holdDeployment(environment);
    });
    assert.equal(code, 1);
    assert.match(says, /This is not Azure SQL/);
    assert.deepEqual(made, []);
  });

  it('gives the agent no command in what it says', async (t) => {
    const { says } = await prepare(t, (environment) => {
      holdApp(environment, { settings: { SSD_CONNECTION_STRING } });
      holdDeployment(environment);
    });
    assert.match(says, /SELECT on # #vso\[task\.setvariable/);
  });
});
