import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Expression, type Declaration, type Value } from './bicepFile.js';
import {
  at,
  declared,
  itemsOf,
  place,
  readProject,
  resourcesOf,
  textAt,
  textOf,
  type Project,
} from './project.js';

const reading = readProject();

function policiesIn(project: Project): Declaration[] {
  return resourcesOf(
    project,
    'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies',
  );
}

/** Public only where the parameter says that there is no network. */
const closedWhenPrivate = "isPrivate ? 'Disabled' : 'Enabled'";

/** Holds every resource of a type to values at paths of its body; an expression is compared as it is written. */
async function hold(type: string, expected: Readonly<Record<string, Value>>): Promise<void> {
  for (const resource of resourcesOf(await reading, type)) {
    for (const [path, value] of Object.entries(expected)) {
      assert.deepEqual(at(resource.value, path), value, `${path} of ${place(resource)}`);
    }
  }
}

describe('storage', () => {
  const type = 'Microsoft.Storage/storageAccounts';
  it('has no shared keys', () => hold(type, { 'properties.allowSharedKeyAccess': false }));
  it('has no public blobs', async () => {
    await hold(type, { 'properties.allowBlobPublicAccess': false });
    await hold(`${type}/blobServices/containers`, { 'properties.publicAccess': 'None' });
  });
  it('takes TLS 1.2 and HTTPS only', () =>
    hold(type, { 'properties.minimumTlsVersion': 'TLS1_2', 'properties.supportsHttpsTrafficOnly': true }));
  it('copies nothing to another tenant', () =>
    hold(type, { 'properties.allowCrossTenantReplication': false }));
  it('has no public endpoint where there is a network', () =>
    hold(type, {
      'properties.publicNetworkAccess': new Expression(closedWhenPrivate),
      'properties.networkAcls.defaultAction': new Expression("isPrivate ? 'Deny' : 'Allow'"),
      'properties.networkAcls.bypass': 'None',
    }));
  it('keeps earlier versions, deleted blobs and a change feed of the results', async () => {
    const blobs = declared(await reading, 'modules/results-storage.bicep', 'blobs');
    for (const path of [
      'isVersioningEnabled',
      'changeFeed.enabled',
      'deleteRetentionPolicy.enabled',
      'containerDeleteRetentionPolicy.enabled',
    ]) {
      assert.equal(at(blobs.value, `properties.${path}`), true, path);
    }
  });
  it('makes results immutable by version, unlocked: the app writes over turn.json, and an erasure over payloads', async () => {
    const file = 'modules/results-storage.bicep';
    const project = await reading;
    assert.equal(
      textAt(declared(project, file, 'runs').value, 'properties.immutableStorageWithVersioning.enabled'),
      'immutabilityDays > 0',
    );
    for (const policy of policiesIn(project)) assert.equal(at(policy.value, 'properties.state'), undefined);
    assert.deepEqual(
      policiesIn(project).map(({ condition, value }) => [textAt(value, 'parent'), condition]),
      [
        ['runs', 'immutabilityDays > 0'],
        ['ledger', 'ledgerImmutabilityDays > 0'],
      ],
    );
  });
});

describe('the ledger', () => {
  it('has a container whose policy is of the container, since nothing there is ever written over', async () => {
    const project = await reading;
    const { value } = declared(project, 'modules/results-storage.bicep', 'ledger');
    assert.equal(textAt(value, 'name'), 'ledgerContainerName');
    assert.equal(at(value, 'properties.immutableStorageWithVersioning'), undefined);
    assert.equal(declared(project, 'main.bicep', 'ledgerImmutabilityDays').value, 0);
  });
});

describe('Key Vault', () => {
  const type = 'Microsoft.KeyVault/vaults';
  it('knows roles and no access policies', () => hold(type, { 'properties.enableRbacAuthorization': true }));
  it('cannot be purged', () =>
    hold(type, { 'properties.enablePurgeProtection': true, 'properties.enableSoftDelete': true }));
  it('has no public endpoint where there is a network', () =>
    hold(type, {
      'properties.publicNetworkAccess': new Expression(closedWhenPrivate),
      'properties.networkAcls.defaultAction': new Expression("isPrivate ? 'Deny' : 'Allow'"),
    }));
  it('gets no secret by a deployment', async () => {
    const { declarations } = await reading;
    assert.ok(!declarations.some(({ reference }) => reference === `${type}/secrets`));
  });
});

describe('SQL', () => {
  const type = 'Microsoft.Sql/servers';
  it('knows Entra ID only, with a group as administrator unless a person is asked for', async () => {
    await hold(type, {
      'properties.administrators.azureADOnlyAuthentication': true,
      'properties.administrators.principalType': new Expression('adminPrincipalType'),
    });
    assert.equal(declared(await reading, 'main.bicep', 'sqlAdminPrincipalType').value, 'Group');
    for (const server of resourcesOf(await reading, type)) {
      assert.equal(at(server.value, 'properties.administratorLogin'), undefined);
      assert.equal(at(server.value, 'properties.administratorLoginPassword'), undefined);
    }
  });
  it('takes TLS 1.2 only', () => hold(type, { 'properties.minimalTlsVersion': '1.2' }));
  it('has no public endpoint where there is a network, and no firewall rule', async () => {
    await hold(type, { 'properties.publicNetworkAccess': new Expression(closedWhenPrivate) });
    for (const rule of resourcesOf(await reading, `${type}/firewallRules`)) {
      assert.equal(rule.condition, '!isPrivate', place(rule));
    }
  });
  it('is audited', () => hold(`${type}/auditingSettings`, { 'properties.state': 'Enabled' }));
});

describe('the function app', () => {
  const type = 'Microsoft.Web/sites';
  it('takes HTTPS and TLS 1.2 only', () =>
    hold(type, {
      'properties.httpsOnly': true,
      'properties.siteConfig.minTlsVersion': '1.2',
      'properties.siteConfig.scmMinTlsVersion': '1.2',
    }));
  it('is deployed to by Entra ID only', async () => {
    await hold(type, { 'properties.siteConfig.ftpsState': 'Disabled' });
    const policies = resourcesOf(await reading, `${type}/basicPublishingCredentialsPolicies`);
    assert.deepEqual(policies.map(({ value }) => at(value, 'name')).sort(), ['ftp', 'scm']);
    for (const { value } of policies) assert.equal(at(value, 'properties.allow'), false);
  });
  it('has no public endpoint where there is a network, and leaves by it', () =>
    hold(type, {
      'properties.publicNetworkAccess': new Expression(closedWhenPrivate),
      'properties.outboundVnetRouting': new Expression('isPrivate ? { allTraffic: true } : null'),
      'properties.virtualNetworkSubnetId': new Expression('isPrivate ? subnetId : null'),
    }));
  it('reaches everything, its own package included, by its user-assigned identity', () =>
    hold(type, {
      'identity.type': 'UserAssigned',
      'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
    }));
});

describe('telemetry', () => {
  it('is taken by Application Insights and its workspace with Entra ID only', async () => {
    await hold('Microsoft.Insights/components', { 'properties.DisableLocalAuth': true });
    await hold('Microsoft.OperationalInsights/workspaces', { 'properties.features.disableLocalAuth': true });
  });
});

describe('secrets', () => {
  it('are read by no deployment: no list function is called', async () => {
    for (const { path, text } of (await reading).templates) {
      assert.ok(!/(?<!\w)list[A-Z]\w*\s*\(/.test(text), path);
    }
  });
  it('stand in no file', async () => {
    const { templates, parameterFiles } = await reading;
    const looksSecret =
      /AccountKey=|SharedAccess|(password|pwd)\s*=|[?&]sig=|InstrumentationKey=|-----BEGIN|['"][A-Za-z0-9+/]{40,}={0,2}['"]|['"][\w~.-]{3}8Q~[\w~.-]{30,}['"]/i;
    for (const { path, text } of [...templates, ...parameterFiles]) assert.ok(!looksSecret.test(text), path);
  });
  it('come by parameters that are secure and empty by default, of which a file gives at most where the secret is', async () => {
    const { declarations, parameterFiles } = await reading;
    const secret = declarations.filter(
      ({ kind, name }) =>
        kind === 'param' && /(secret|password|connectionstring|accesskey|apikey)$/i.test(name),
    );
    assert.notEqual(secret.length, 0);
    for (const parameter of secret) {
      assert.ok(parameter.decorators.has('secure'), place(parameter));
      assert.ok(parameter.value === undefined || parameter.value === '', place(parameter));
      for (const file of parameterFiles) {
        for (const given of file.declarations.filter(({ name }) => name === parameter.name)) {
          assert.match(
            textOf(given.value) ?? '',
            /^@Microsoft\.KeyVault\(SecretUri=https:[^)]+\)$/,
            file.path,
          );
        }
      }
    }
  });
});

describe('locks', () => {
  it('are made only where they are asked for', async () => {
    for (const lock of resourcesOf(await reading, 'Microsoft.Authorization/locks')) {
      assert.equal(lock.condition, 'lockAgainstDeletion', place(lock));
    }
  });
});

describe('tags', () => {
  const untagged = new Set([
    'Microsoft.Authorization/locks',
    'Microsoft.Authorization/roleAssignments',
    'Microsoft.Authorization/roleDefinitions',
    'Microsoft.Consumption/budgets',
    'Microsoft.Insights/diagnosticSettings',
  ]);
  const taggedChildren = new Set([
    'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    'Microsoft.Sql/servers/databases',
  ]);
  const takesTags = ({ reference }: Declaration) =>
    taggedChildren.has(reference) || (reference.split('/').length === 2 && !untagged.has(reference));

  it('are on everything that takes them', async () => {
    const { declarations } = await reading;
    const made = declarations.filter(
      (each) => each.kind === 'resource' && !each.isExisting && takesTags(each),
    );
    assert.ok(made.length > 20);
    for (const resource of made) assert.equal(textAt(resource.value, 'tags'), 'tags', place(resource));
  });
  it('are the same for all modules', async () => {
    const { declarations } = await reading;
    for (const module of declarations.filter(({ kind }) => kind === 'module')) {
      const given = textAt(module.value, 'params.tags');
      assert.ok(given === undefined || given === 'allTags', place(module));
    }
  });
});

describe('diagnostics', () => {
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
  it('of every resource that has them go to the workspace', async () => {
    const project = await reading;
    const settings = resourcesOf(project, 'Microsoft.Insights/diagnosticSettings');
    for (const resource of haveDiagnostics.flatMap((type) => resourcesOf(project, type))) {
      const own = settings.filter(
        ({ file, value }) => file === resource.file && textAt(value, 'scope') === resource.name,
      );
      assert.equal(own.length, 1, place(resource));
      assert.equal(textAt(own[0]?.value, 'properties.workspaceId'), 'workspaceId', place(resource));
    }
  });
  it('tell something, and all that they name', async () => {
    for (const each of resourcesOf(await reading, 'Microsoft.Insights/diagnosticSettings')) {
      const lists = ['logs', 'metrics'].map((kind) => at(each.value, `properties.${kind}`));
      const given = lists.filter((list) => list !== undefined).map(itemsOf);
      assert.notEqual(given.length, 0, place(each));
      for (const list of given) {
        assert.notEqual(list.length, 0, place(each));
        for (const item of list) assert.equal(at(item, 'enabled'), true, place(each));
      }
    }
  });
  it('of the results tell who read what', async () => {
    const diagnostics = declared(await reading, 'modules/results-storage.bicep', 'blobDiagnostics');
    const groups = itemsOf(at(diagnostics.value, 'properties.logs')).map((log) => at(log, 'categoryGroup'));
    assert.deepEqual(groups, ['allLogs']);
  });
});
