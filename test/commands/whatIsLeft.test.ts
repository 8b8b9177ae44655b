import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { whatIsLeftCommand } from '../../shared/commands/whatIsLeft.js';
import {
  anEmptyGroup,
  appPath,
  groupName,
  groupPath,
  holdApp,
  holdDeployment,
} from '../deployment/anEnvironment.js';
import { agreementAsked } from '../../shared/settings/terms.js';
import { refusal } from '../deployment/resourceManagerStandIn.js';

type Group = Awaited<ReturnType<typeof anEmptyGroup>>;

const vaultPath = `${groupPath}/providers/Microsoft.KeyVault/vaults/kv-csc`;
const sqlPath = '/subscriptions/0/resourceGroups/rg-data/providers/Microsoft.Sql/servers/sql-csc';
const principalId = '33333333-3333-4333-8333-333333333333';
const secretsUser = '4633458b-17de-408a-b874-0445c86b69e6';
const now = new Date('2026-11-20T12:00:00Z');

function holdSecret({ azure }: Group, name: string, attributes: object = { enabled: true }): void {
  azure.hold(`${vaultPath}/secrets/${name}`, { properties: { attributes } });
}

function holdEndpoint(
  { azure }: Group,
  name: string,
  targetId: string,
  status: string,
  isManual = false,
): void {
  const connection = {
    name: 'x',
    properties: { privateLinkServiceId: targetId, privateLinkServiceConnectionState: { status } },
  };
  azure.hold(`${groupPath}/providers/Microsoft.Network/privateEndpoints/${name}`, {
    properties: {
      privateLinkServiceConnections: isManual ? [] : [connection],
      manualPrivateLinkServiceConnections: isManual ? [connection] : [],
    },
  });
}

/** A private environment in which all is done. */
function holdAll(group: Group, outputs: Readonly<Record<string, unknown>> = {}): void {
  holdApp(group, {
    settings: {
      DFE_RECEIVER: 'test',
      KEY_VAULT_URI: 'https://kv-csc.vault.azure.net/',
      ...Object.fromEntries(agreementAsked.map((name) => [name, 'given'])),
    },
  });
  holdDeployment(group, { outputs });
  for (const name of ['DFE-CLIENT-ID', 'DFE-CLIENT-SECRET', 'DFE-SUPPLIER-KEY', 'PSEUDONYM-KEY']) {
    holdSecret(group, name);
  }
  holdEndpoint(group, 'pep-app', appPath, 'Approved');
  holdEndpoint(group, 'pep-vault', vaultPath, 'Approved');
  holdEndpoint(group, 'pep-sql', sqlPath, 'Approved', true);
  group.azure.hold(`${groupPath}/providers/Microsoft.Network/virtualNetworks/vnet-csc`, {
    properties: { virtualNetworkPeerings: [{ name: 'agents', properties: { peeringState: 'Connected' } }] },
  });
}

interface Look {
  readonly code: number;
  readonly says: string;
  readonly goesOn: string | undefined;
  readonly looked: string[];
}

async function look(
  t: TestContext,
  hold: (group: Group) => void,
  {
    args = ['--prepares-database'],
    addresses = {},
    silent = [],
  }: {
    readonly args?: readonly string[];
    readonly addresses?: Readonly<Record<string, readonly string[]>>;
    readonly silent?: readonly string[];
  } = {},
): Promise<Look> {
  const group = await anEmptyGroup(t);
  hold(group);
  const written: string[] = [];
  const looked: string[] = [];
  const code = await whatIsLeftCommand(['--group', groupName, ...args], {}, (text) => written.push(text), {
    now: () => now,
    open: group.open,
    network: {
      addressesOf: (name) => Promise.resolve(addresses[name] ?? ['10.80.1.70']),
      answers: (name, over) => {
        looked.push(`${name} ${over}`);
        return Promise.resolve(!silent.includes(name));
      },
    },
  });
  const says = written.join('');
  const [, goesOn] = /variable=goesOn;isOutput=true\](\w+)/.exec(says) ?? [];
  assert.ok(
    group.azure.calls.every(({ method, path }) => method === 'GET' || path.endsWith('/list')),
    'it changes nothing',
  );
  return { code, says, goesOn, looked };
}

describe('the stop before database and code', () => {
  it('knows a secret however its name is written, and passes over what others have deployed', async (t) => {
    const { code, says, goesOn } = await look(t, (group) => {
      holdAll(group);
      group.azure.answer('GET', /\/secrets$/, () => ({
        body: {
          value: ['dfe-client-id', 'Dfe-Client-Secret', 'DFE-SUPPLIER-KEY', 'pseudonym-key'].map((name) => ({
            name,
            properties: { attributes: { enabled: true } },
          })),
        },
      }));
      group.azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/theirs`, {
        properties: {
          provisioningState: 'Succeeded',
          timestamp: '2026-11-19T08:00:00Z',
          outputs: { key: { type: 'SecureString' } },
        },
      });
    });
    assert.equal(code, 0, says);
    assert.equal(goesOn, 'true', says);
  });

  it('lets the later stages run when nothing is left to do', async (t) => {
    const { code, says, goesOn, looked } = await look(t, holdAll);
    assert.equal(code, 0, says);
    assert.equal(goesOn, 'true', says);
    assert.doesNotMatch(says, /task\.complete|logissue/);
    assert.deepEqual(looked.sort(), [
      'func-csc.azurewebsites.net https',
      'func-csc.scm.azurewebsites.net https',
      'kv-csc.vault.azure.net https',
      'sql-csc.database.windows.net sql',
    ]);
  });

  it('stays green and keeps them back, with a list and a warning for each thing', async (t) => {
    const { code, says, goesOn } = await look(
      t,
      (group) => {
        holdAll(group);
        holdEndpoint(group, 'pep-sql', sqlPath, 'Pending', true);
      },
      { addresses: { 'func-csc.azurewebsites.net': ['20.90.1.1'] } },
    );
    assert.equal(code, 0);
    assert.equal(goesOn, 'false');
    assert.match(says, /^1\. Owner of the database server: Approve .*\n {5}npm run azure -- approve/m);
    assert.match(says, /^2\. Platform team: The agent does not find the private address of func-csc/m);
    assert.equal(says.match(/^##vso\[task\.logissue type=warning\]/gm)?.length, 2);
    assert.match(says, /^##vso\[task\.complete result=SucceededWithIssues;\]$/m);
  });

  it('accepts public addresses where there is no private endpoint, and does not call a database that a DBA prepares', async (t) => {
    const { goesOn, looked, says } = await look(
      t,
      (group) => {
        holdApp(group, { settings: { DFE_RECEIVER: 'live' } });
        holdDeployment(group);
        for (const name of ['DFE-CLIENT-ID', 'DFE-CLIENT-SECRET', 'DFE-SUPPLIER-KEY'])
          holdSecret(group, name);
      },
      { args: [], addresses: { 'func-csc.azurewebsites.net': ['20.90.1.1'] } },
    );
    assert.equal(goesOn, 'true', says);
    assert.ok(!looked.some((each) => each.endsWith(' sql')));
  });

  it('counts a secret that is disabled or has expired as missing, and needs the key of the pseudonyms for a test receiver', async (t) => {
    const { says, goesOn } = await look(t, (group) => {
      holdAll(group);
      const yesterday = now.getTime() / 1000 - 86_400;
      holdSecret(group, 'DFE-CLIENT-ID', { enabled: false });
      holdSecret(group, 'DFE-CLIENT-SECRET', { enabled: true, exp: yesterday });
      holdSecret(group, 'PSEUDONYM-KEY', { enabled: true, exp: yesterday });
    });
    assert.equal(goesOn, 'false');
    // The app reads the key of the pseudonyms after its date.
    assert.match(says, /disabled or expired: DFE-CLIENT-ID, DFE-CLIENT-SECRET\.$/m);
    const without = await look(t, (group) => {
      holdApp(group, { settings: { DFE_RECEIVER: 'test' } });
      holdDeployment(group);
    });
    assert.match(without.says, /disabled or expired: .*PSEUDONYM-KEY/);
    const synthetic = await look(t, (group) => {
      holdApp(group, { settings: { DFE_RECEIVER: 'test', SSD_SYNTHETIC: 'true' } });
      holdDeployment(group);
    });
    assert.doesNotMatch(synthetic.says, /PSEUDONYM-KEY/);
  });

  const row = {
    role: 'Key Vault Secrets User',
    roleId: secretsUser,
    principalId,
    principalType: 'ServicePrincipal',
    scope: vaultPath,
    condition: '',
    assigned: false,
  };
  const assignment = (group: Group, scope: string): void => {
    group.azure.answer(
      'GET',
      /kv-csc\/providers\/Microsoft\.Authorization\/roleAssignments$/,
      ({ query }) => {
        assert.equal(query.get('$filter'), `principalId eq '${principalId}'`);
        const roleDefinitionId = `/subscriptions/0/providers/Microsoft.Authorization/roleDefinitions/${secretsUser}`;
        return {
          body: { value: [{ name: 'an-assignment', properties: { roleDefinitionId, scope, principalId } }] },
        };
      },
    );
  };

  it('looks for the roles that the deployment did not assign, where they hold', async (t) => {
    const missing = await look(t, (group) => {
      holdAll(group, { roles: [row] });
    });
    assert.equal(missing.goesOn, 'false');
    assert.match(missing.says, /Assign: Key Vault Secrets User on Microsoft\.KeyVault\/vaults\/kv-csc/);
    for (const scope of [vaultPath, groupPath.toUpperCase()]) {
      const assigned = await look(t, (group) => {
        holdAll(group, { roles: [row] });
        assignment(group, scope);
      });
      assert.equal(assigned.goesOn, 'true', `${scope} ${assigned.says}`);
    }
    const elsewhere = await look(t, (group) => {
      holdAll(group, { roles: [row] });
      assignment(group, `${vaultPath}/secrets/one`);
    });
    assert.equal(elsewhere.goesOn, 'false', 'one below does not hold above');
    const ofDeployment = await look(t, (group) => {
      holdAll(group, { roles: [{ ...row, assigned: true }] });
    });
    assert.equal(ofDeployment.goesOn, 'true');
  });

  it('says so, and continues, where it may not look at roles or names of secrets', async (t) => {
    const { goesOn, says } = await look(t, (group) => {
      holdAll(group, { roles: [row] });
      const forbidden = () => refusal(403, 'AuthorizationFailed', 'No authorization.');
      group.azure.answer('GET', /roleAssignments$/, forbidden);
      group.azure.answer('GET', /\/secrets$/, forbidden);
    });
    assert.equal(goesOn, 'true');
    assert.match(says, /nothing waits for this:\n1\. Platform team: Check.*\n.*\n2\. Person who holds/);
  });

  it('fails before a deployment has succeeded, and when Azure does not answer', async (t) => {
    const first = await look(t, (group) => {
      holdDeployment(group, { state: 'Failed' });
    });
    assert.equal(first.code, 1);
    assert.match(first.says, /run the stage Infrastructure first/);
    const forbidden = await look(t, (group) => {
      holdAll(group);
      group.azure.answer('GET', /privateEndpoints$/, () => refusal(403, 'AuthorizationFailed', 'No.'));
    });
    assert.equal(forbidden.code, 1);
    assert.equal(forbidden.goesOn, undefined);
  });

  it('says how it is called', async (t) => {
    assert.match((await look(t, () => undefined, { args: ['--group', ''] })).says, /^Usage/);
  });
});
