import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../local/migrations.js';
import {
  at,
  compiled,
  givenBy,
  environments,
  group,
  itCompiled,
  itemsAt,
  predicted,
  predictedEnvironments,
  textAt,
  type Prediction,
  type Resource,
} from './predicted.js';

/** Holds every resource of a type, in every environment that has one, to values at paths. */
async function hold(type: string, expected: Readonly<Record<string, unknown>>): Promise<void> {
  let count = 0;
  for (const { name, prediction } of await predictedEnvironments()) {
    for (const resource of prediction.maybe(type)) {
      count += 1;
      for (const [path, value] of Object.entries(expected)) {
        assert.deepEqual(at(resource, path), value, `${path} of ${resource.name} in ${name}`);
      }
    }
  }
  assert.notEqual(count, 0, type);
}

/** Holds every resource of a type to one value where there is a network, and to another where there is none. */
async function holdByNetwork(
  type: string,
  path: string,
  withNetwork: unknown,
  without: unknown,
): Promise<void> {
  const create = { sqlMode: 'create', sqlDatabaseName: 'ssd', sqlAdminGroupName: 'a', sqlAdminGroupId: 'b' };
  for (const [prediction, expected] of [
    [await predicted('test'), withNetwork],
    [await predicted('prod', create), withNetwork],
    [await predicted('minimal'), without],
  ] as const) {
    for (const resource of prediction.of(type)) assert.deepEqual(at(resource, path), expected, resource.id);
  }
}

const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers';
const policies = `${containers}/immutabilityPolicies`;

describe('storage', () => {
  const type = 'Microsoft.Storage/storageAccounts';
  itCompiled('has no shared keys', () => hold(type, { 'properties.allowSharedKeyAccess': false }));
  itCompiled('has no public blobs', async () => {
    await hold(type, { 'properties.allowBlobPublicAccess': false });
    await hold(containers, { 'properties.publicAccess': 'None' });
  });
  itCompiled('takes TLS 1.2 and HTTPS only', () =>
    hold(type, { 'properties.minimumTlsVersion': 'TLS1_2', 'properties.supportsHttpsTrafficOnly': true }),
  );
  itCompiled('copies nothing to another tenant', () =>
    hold(type, { 'properties.allowCrossTenantReplication': false }),
  );
  itCompiled('has no public endpoint where there is a network', async () => {
    await holdByNetwork(type, 'properties.publicNetworkAccess', 'Disabled', 'Enabled');
    await holdByNetwork(type, 'properties.networkAcls.defaultAction', 'Deny', 'Allow');
    await hold(type, { 'properties.networkAcls.bypass': 'None' });
  });
  itCompiled('keeps earlier versions, deleted blobs and a change feed of the results', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      const results = textOf(prediction.outputs['resultsStorageName']);
      const blobs = prediction.one('Microsoft.Storage/storageAccounts/blobServices', `${results}/default`);
      for (const path of [
        'isVersioningEnabled',
        'changeFeed.enabled',
        'deleteRetentionPolicy.enabled',
        'containerDeleteRetentionPolicy.enabled',
      ]) {
        assert.equal(at(blobs, `properties.${path}`), true, `${path} in ${name}`);
      }
    }
  });
  itCompiled(
    'makes results immutable by version, unlocked: the app writes over turn.json, and an erasure over payloads',
    async () => {
      for (const days of [0, 14]) {
        const prediction = await predicted('prod', { immutabilityDays: days, ledgerImmutabilityDays: 0 });
        const runs = prediction.one(containers, 'csc-runs');
        assert.equal(at(runs, 'properties.immutableStorageWithVersioning.enabled'), days > 0);
        assert.deepEqual(policiesOf(prediction), days > 0 ? [['csc-runs', 14, undefined]] : []);
      }
    },
  );
});

/** The container of each immutability policy, its days and its state. */
function policiesOf(prediction: Prediction): unknown[] {
  return prediction
    .maybe(policies)
    .map((policy) => [
      policy.name.split('/').at(-2),
      at(policy, 'properties.immutabilityPeriodSinceCreationInDays'),
      at(policy, 'properties.state'),
    ]);
}

function textOf(value: unknown): string {
  assert.ok(typeof value === 'string');
  return value;
}

describe('the ledger', () => {
  itCompiled(
    'has a container whose policy is of the container, since nothing there is ever written over',
    async () => {
      const prediction = await predicted('prod', { immutabilityDays: 0, ledgerImmutabilityDays: 180 });
      const ledger = prediction.one(containers, 'csc-ledger');
      assert.equal(at(ledger, 'properties.immutableStorageWithVersioning'), undefined);
      assert.deepEqual(policiesOf(prediction), [['csc-ledger', 180, undefined]]);
    },
  );
  itCompiled('is not immutable unless a council asks for it', async () => {
    assert.equal((await compiled('main.bicep')).parameters['ledgerImmutabilityDays']?.defaultValue, 0);
  });
});

describe('Key Vault', () => {
  const type = 'Microsoft.KeyVault/vaults';
  itCompiled('knows roles and no access policies', async () => {
    await hold(type, { 'properties.enableRbacAuthorization': true, 'properties.accessPolicies': undefined });
  });
  itCompiled('cannot be purged', () =>
    hold(type, { 'properties.enablePurgeProtection': true, 'properties.enableSoftDelete': true }),
  );
  itCompiled('has no public endpoint where there is a network', async () => {
    await holdByNetwork(type, 'properties.publicNetworkAccess', 'Disabled', 'Enabled');
    await holdByNetwork(type, 'properties.networkAcls.defaultAction', 'Deny', 'Allow');
  });
  itCompiled('gets no secret by a deployment', async () => {
    for (const { prediction } of await predictedEnvironments()) {
      assert.deepEqual(prediction.maybe(`${type}/secrets`), []);
    }
  });
});

describe('SQL', () => {
  const type = 'Microsoft.Sql/servers';
  itCompiled('knows Entra ID only, with a group as administrator', () =>
    hold(type, {
      'properties.administrators.azureADOnlyAuthentication': true,
      'properties.administrators.principalType': 'Group',
      'properties.administratorLogin': undefined,
      'properties.administratorLoginPassword': undefined,
    }),
  );
  itCompiled('takes TLS 1.2 only', () => hold(type, { 'properties.minimalTlsVersion': '1.2' }));
  itCompiled('has no public endpoint where there is a network, and no firewall rule', async () => {
    await holdByNetwork(type, 'properties.publicNetworkAccess', 'Disabled', 'Enabled');
    assert.deepEqual((await predicted('test')).maybe(`${type}/firewallRules`), []);
    const [rule] = (await predicted('minimal')).of(`${type}/firewallRules`);
    // Not an address: the services of Azure, of which the app is one.
    assert.deepEqual(at(rule, 'properties'), { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' });
  });
  itCompiled('is audited', () => hold(`${type}/auditingSettings`, { 'properties.state': 'Enabled' }));
});

describe('the function app', () => {
  const type = 'Microsoft.Web/sites';
  itCompiled('takes HTTPS and TLS 1.2 only', () =>
    hold(type, {
      'properties.httpsOnly': true,
      'properties.siteConfig.minTlsVersion': '1.2',
      'properties.siteConfig.scmMinTlsVersion': '1.2',
    }),
  );
  itCompiled('is deployed to by Entra ID only', async () => {
    await hold(type, { 'properties.siteConfig.ftpsState': 'Disabled' });
    await hold(`${type}/basicPublishingCredentialsPolicies`, { 'properties.allow': false });
    for (const { prediction } of await predictedEnvironments()) {
      const names = prediction.of(`${type}/basicPublishingCredentialsPolicies`).map(({ name }) => name);
      assert.deepEqual(names.map((name) => name.split('/').at(-1)).sort(), ['ftp', 'scm']);
    }
  });
  itCompiled('has no public endpoint where there is a network, and leaves by it', async () => {
    await holdByNetwork(type, 'properties.publicNetworkAccess', 'Disabled', 'Enabled');
    await holdByNetwork(type, 'properties.outboundVnetRouting', { allTraffic: true }, null);
    for (const { name, prediction } of await predictedEnvironments()) {
      const [app] = prediction.of(type);
      const subnet = name === 'minimal' ? null : `virtualNetworks/vnet-csc-${name}/subnets/snet-app`;
      const expected = subnet === null ? null : `${group}/providers/Microsoft.Network/${subnet}`;
      assert.equal(at(app, 'properties.virtualNetworkSubnetId'), expected);
    }
  });
  itCompiled('reaches everything, its own package included, by its user-assigned identity', () =>
    hold(type, {
      'identity.type': 'UserAssigned',
      'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
    }),
  );
});

describe('telemetry', () => {
  itCompiled('is taken by Application Insights and its workspace with Entra ID only', async () => {
    await hold('Microsoft.Insights/components', { 'properties.DisableLocalAuth': true });
    await hold('Microsoft.OperationalInsights/workspaces', { 'properties.features.disableLocalAuth': true });
  });
  itCompiled('is taken and asked for by the network only, with a private link scope', async () => {
    const scope = `${group.replace('rg-check', 'rg-monitor')}/providers/Microsoft.Insights/privateLinkScopes/ampls`;
    const prediction = await predicted('test', { monitorPrivateLinkScopeId: scope });
    for (const type of ['Microsoft.Insights/components', 'Microsoft.OperationalInsights/workspaces']) {
      const [monitored] = prediction.of(type);
      assert.equal(at(monitored, 'properties.publicNetworkAccessForIngestion'), 'Disabled');
      assert.equal(at(monitored, 'properties.publicNetworkAccessForQuery'), 'Disabled');
    }
    const scoped = prediction.of('Microsoft.Insights/privateLinkScopes/scopedResources');
    assert.equal(scoped.length, 2);
    for (const { id } of scoped) assert.ok(id.startsWith(scope), id);
  });
});

describe('secrets', () => {
  itCompiled('are read by no deployment: no list function is called', async () => {
    for (const template of ['main.bicep', 'ledger-role.bicep']) {
      assert.doesNotMatch(JSON.stringify(await compiled(template)), /(?<![\w/])list[A-Z]\w*\s*\(/, template);
    }
  });
  it('are in no file', () => {
    const looksSecret =
      /AccountKey=|SharedAccess|(password|pwd)\s*=|[?&]sig=|InstrumentationKey=|-----BEGIN|['"][A-Za-z0-9+/]{40,}={0,2}['"]|['"][\w~.-]{3}8Q~[\w~.-]{30,}['"]/i;
    const files = readdirSync(join(projectRoot, 'infra'), { recursive: true, encoding: 'utf8' });
    const written = files.filter((file) => /\.bicep(param)?$/.test(file));
    assert.notEqual(written.length, 0);
    for (const file of written) {
      assert.doesNotMatch(readFileSync(join(projectRoot, 'infra', file), 'utf8'), looksSecret, file);
    }
  });
  itCompiled(
    'come by parameters that are secure and empty by default; a file gives at most where the secret is',
    async () => {
      const { parameters } = await compiled('main.bicep');
      const secret = Object.entries(parameters).filter(([name]) =>
        /(secret|password|connectionstring|accesskey|apikey)$/i.test(name),
      );
      assert.notEqual(secret.length, 0);
      for (const [name, { type, defaultValue }] of secret) {
        assert.equal(type, 'securestring', name);
        assert.ok(defaultValue === undefined || defaultValue === '', name);
        for (const environment of environments) {
          const given = (await givenBy(environment))[name];
          if (given === undefined) continue;
          assert.match(textOf(given), /^@Microsoft\.KeyVault\(SecretUri=https:[^)]+\)$/, environment);
        }
      }
    },
  );
  itCompiled('of the database are never seen in what is asked for', async () => {
    const prediction = await predicted('prod', { ssdConnectionString: 'postgres://u:hunter2@db/ssd' });
    assert.doesNotMatch(JSON.stringify(prediction.resources), /hunter2/);
  });
});

describe('locks', () => {
  itCompiled('are made only where they are asked for', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      assert.deepEqual(prediction.maybe('Microsoft.Authorization/locks'), [], name);
    }
    assert.equal((await compiled('main.bicep')).parameters['deployLocks']?.defaultValue, false);
  });
  itCompiled('are on what holds records, secrets and the state of children', async () => {
    const prediction = await predicted('test', { deployLocks: true });
    const locks = prediction.of('Microsoft.Authorization/locks');
    assert.equal(locks.length, 3);
    for (const lock of locks) assert.equal(at(lock, 'properties.level'), 'CanNotDelete');
    const ids = locks.map(({ id }) => id).join(' ');
    for (const kind of ['storageAccounts/stcscr', 'vaults/kv-', 'databases/ssd']) {
      assert.ok(ids.includes(kind), kind);
    }
  });
});

describe('tags', () => {
  const untagged = new Set([
    'Microsoft.Authorization/locks',
    'Microsoft.Authorization/roleAssignments',
    'Microsoft.Consumption/budgets',
    'Microsoft.Insights/diagnosticSettings',
  ]);
  const taggedChildren = new Set([
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    'Microsoft.Sql/servers/databases',
  ]);
  const takesTags = ({ type }: Resource) =>
    taggedChildren.has(type) || (type.split('/').length === 2 && !untagged.has(type));

  itCompiled('are on everything that takes them, the same everywhere', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      const tagged = prediction.resources.filter(takesTags);
      assert.ok(tagged.length > 20, name);
      const expected = {
        application: 'csc-api-sender',
        environment: name === 'minimal' ? 'eval' : name,
        ...Object.fromEntries(Object.entries(at(await givenBy(name), 'tags') ?? {})),
      };
      for (const resource of tagged) assert.deepEqual(resource['tags'], expected, resource.id);
    }
  });
});

describe('diagnostics', () => {
  const type = 'Microsoft.Insights/diagnosticSettings';
  const haveDiagnostics = [
    'Microsoft.KeyVault/vaults',
    'Microsoft.Network/networkSecurityGroups',
    'Microsoft.Network/publicIPAddresses',
    'Microsoft.Network/virtualNetworks',
    'Microsoft.OperationalInsights/workspaces',
    'Microsoft.Sql/servers/databases',
    'Microsoft.Storage/storageAccounts',
    'Microsoft.Storage/storageAccounts/blobServices',
    'Microsoft.Storage/storageAccounts/queueServices',
    'Microsoft.Storage/storageAccounts/tableServices',
    'Microsoft.Web/serverfarms',
    'Microsoft.Web/sites',
  ];
  itCompiled('of every resource that has them go to the workspace', async () => {
    for (const { name, prediction } of await predictedEnvironments()) {
      const settings = prediction.of(type);
      for (const resource of prediction.resources.filter((each) => haveDiagnostics.includes(each.type))) {
        const own = settings.filter(({ id }) => id.startsWith(`${resource.id}/providers/${type}/`));
        assert.equal(own.length, 1, `${resource.id} in ${name}`);
        const workspace = textOf(prediction.outputs['workspaceId']);
        assert.equal(textAt(own[0], 'properties.workspaceId'), workspace);
        assert.match(workspace, /\/workspaces\/[\w-]+$/);
      }
    }
    const kinds = new Set((await predicted('test')).resources.map((resource) => resource.type));
    for (const kind of haveDiagnostics) assert.ok(kinds.has(kind), kind);
  });
  itCompiled('report something, and all that they name', async () => {
    for (const { prediction } of await predictedEnvironments()) {
      for (const each of prediction.of(type)) {
        const given = ['logs', 'metrics'].filter((kind) => at(each, `properties.${kind}`) !== undefined);
        assert.notEqual(given.length, 0, each.id);
        for (const kind of given) {
          const items = itemsAt(each, `properties.${kind}`);
          assert.notEqual(items.length, 0, each.id);
          for (const item of items) assert.equal(at(item, 'enabled'), true, each.id);
        }
      }
    }
  });
  itCompiled('of the results say who read what', async () => {
    for (const { prediction } of await predictedEnvironments()) {
      const results = textOf(prediction.outputs['resultsStorageName']);
      const [own] = prediction.of(type).filter(({ id }) => id.includes(`${results}/blobServices/default/`));
      assert.deepEqual(
        itemsAt(own, 'properties.logs').map((log) => at(log, 'categoryGroup')),
        ['allLogs'],
      );
    }
  });
});
