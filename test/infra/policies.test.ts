import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../local/migrations.js';
import { at, environments, itCompiled, itemsAt, predicted, type Json, type Prediction } from './predicted.js';

const storage = 'Microsoft.Storage/storageAccounts';
const server = 'Microsoft.Sql/servers';

/** Values at paths that every resource of a type has, where there is one. */
type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** In every environment, whatever the parameters. */
const always: Readonly<Record<string, Values>> = {
  'TLS below 1.2, plain HTTP': {
    [storage]: { 'properties.minimumTlsVersion': 'TLS1_2', 'properties.supportsHttpsTrafficOnly': true },
    [server]: { 'properties.minimalTlsVersion': '1.2' },
    'Microsoft.Web/sites': { 'properties.httpsOnly': true, 'properties.siteConfig.minTlsVersion': '1.2' },
  },
  'storage keys and public blobs, SQL logins, local authentication of telemetry': {
    [storage]: { 'properties.allowSharedKeyAccess': false, 'properties.allowBlobPublicAccess': false },
    [server]: { 'properties.administrators.azureADOnlyAuthentication': true },
    'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  },
  'local users and SFTP on storage': {
    [storage]: { 'properties.isLocalUserEnabled': false, 'properties.isSftpEnabled': false },
  },
  'copies of storage from or to another tenant': {
    [storage]: { 'properties.allowedCopyScope': 'AAD', 'properties.allowCrossTenantReplication': false },
  },
  'storage that is encrypted once': {
    [storage]: { 'properties.encryption.requireInfrastructureEncryption': true },
  },
  'queues and tables with a key of their service': {
    [storage]: {
      'properties.encryption.services.queue.keyType': 'Account',
      'properties.encryption.services.table.keyType': 'Account',
    },
  },
  'storage whose blobs cannot be restored': {
    [`${storage}/blobServices`]: {
      'properties.deleteRetentionPolicy.enabled': true,
      'properties.containerDeleteRetentionPolicy.enabled': true,
    },
  },
  'vaults without purge protection, roles and 90 days of soft delete': {
    'Microsoft.KeyVault/vaults': {
      'properties.enablePurgeProtection': true,
      'properties.enableRbacAuthorization': true,
      'properties.softDeleteRetentionInDays': 90,
    },
  },
  'SQL servers that may connect to anything': {
    [server]: { 'properties.restrictOutboundNetworkAccess': 'Enabled' },
    // Anything else that is allowed would be a resource of this type.
    [`${server}/outboundFirewallRules`]: { id: 'none' },
  },
  'SQL servers without an audit of connections and rights': {
    [`${server}/auditingSettings`]: {
      'properties.state': 'Enabled',
      'properties.isAzureMonitorTargetEnabled': true,
    },
  },
};

const ownSql = {
  sqlMode: 'create',
  sqlDatabaseName: 'ssd',
  sqlAdminGroupName: 'administrators',
  sqlAdminGroupId: '33333333-0000-0000-0000-000000000001',
};
const key = {
  vaultUri: 'https://council-keys.vault.azure.net',
  keyName: 'csc',
  keyVersion: '0123456789abcdef0123456789abcdef',
  identityId:
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-key',
};

/** What a parameter does, in production. */
const byParameter: Readonly<Record<string, readonly [Readonly<Record<string, Json>>, Values]>> = {
  'data encrypted without a key of the council': [
    { ...ownSql, customerManagedKey: key },
    {
      [storage]: {
        'properties.encryption.keySource': 'Microsoft.Keyvault',
        'properties.encryption.keyvaultproperties': { keyvaulturi: key.vaultUri, keyname: key.keyName },
        'properties.encryption.identity.userAssignedIdentity': key.identityId,
        'identity.userAssignedIdentities': { [key.identityId]: {} },
      },
      [server]: {
        'properties.keyId': `${key.vaultUri}/keys/csc/${key.keyVersion}`,
        'properties.primaryUserAssignedIdentityId': key.identityId,
        'identity.userAssignedIdentities': { [key.identityId]: {} },
      },
      [`${server}/encryptionProtector`]: {
        'properties.serverKeyType': 'AzureKeyVault',
        'properties.serverKeyName': `council-keys_csc_${key.keyVersion}`,
      },
    },
  ],
  'SQL servers without Defender and vulnerability assessment': [
    ownSql,
    {
      [`${server}/securityAlertPolicies`]: { 'properties.state': 'Enabled' },
      [`${server}/sqlVulnerabilityAssessments`]: { 'properties.state': 'Enabled' },
    },
  ],
  'SQL audits without statements (BATCH_COMPLETED_GROUP)': [
    { ...ownSql, sqlAuditStatements: true },
    {
      [`${server}/auditingSettings`]: {
        'properties.auditActionsAndGroups': [
          'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP',
          'FAILED_DATABASE_AUTHENTICATION_GROUP',
          'DATABASE_PERMISSION_CHANGE_GROUP',
          'DATABASE_ROLE_MEMBER_CHANGE_GROUP',
          'DATABASE_PRINCIPAL_CHANGE_GROUP',
          'BATCH_COMPLETED_GROUP',
        ],
      },
    },
  ],
  'databases without long-term backups': [
    {
      ...ownSql,
      sqlAutoPauseMinutes: -1,
      sqlLongTermRetention: { weekly: 'P4W', monthly: 'P12M', yearly: '' },
    },
    {
      [`${server}/databases/backupLongTermRetentionPolicies`]: {
        'properties.weeklyRetention': 'P4W',
        'properties.monthlyRetention': 'P12M',
        'properties.yearlyRetention': 'PT0S',
      },
    },
  ],
  'databases whose backups stay in one region': [
    ownSql,
    { [`${server}/databases`]: { 'properties.requestedBackupStorageRedundancy': 'Geo' } },
  ],
  'plans and databases in one zone': [
    ownSql,
    {
      'Microsoft.Web/serverfarms': { 'properties.zoneRedundant': true },
      [`${server}/databases`]: { 'properties.zoneRedundant': true },
      [storage]: { 'sku.name': 'Standard_ZRS' },
    },
  ],
};

/** What other tests of this folder hold, by their file; or what no deployment does. */
const elsewhere: Readonly<Record<string, string>> = {
  'public endpoints of storage, SQL, Key Vault, function apps': 'network',
  "subnets that are not the platform team's": 'objections',
  'subnets without a network security group': 'network',
  'networks that are not peered with the hub': 'network',
  'a way to the internet that bypasses the firewall': 'network',
  'your own private DNS zones, because the policy writes the entries': 'network',
  'role assignments by pipelines': 'roles',
  'your own workspace': 'roles',
  'telemetry over the internet': 'security',
  'resources without tags': 'security',
  'names that do not follow the convention': 'parameters',
  'regions outside the UK': 'parameters',
  'resources without diagnostics': 'security',
  'resources that can be deleted by mistake': 'security',
};
const notByDeployment = [
  'flow logs of networks',
  'secrets without content type or valid for more than 90 days',
];

/** @returns how many resources were looked at */
function hold(prediction: Prediction, values: Values, where: string): number {
  let count = 0;
  for (const [type, expected] of Object.entries(values)) {
    for (const resource of prediction.maybe(type)) {
      count += 1;
      for (const [path, value] of Object.entries(expected)) {
        assert.deepEqual(at(resource, path), value, `${path} of ${resource.id} in ${where}`);
      }
    }
  }
  return count;
}

describe('the table of policies in infra/README.md', () => {
  it('has a test for each row', () => {
    const text = readFileSync(join(projectRoot, 'infra', 'README.md'), 'utf8');
    const [, table = ''] =
      /\| the policy denies or demands [^\n]*\n\|[^\n]*\n((?:\|[^\n]*\n)+)/.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| (.*?) \|/gm)].map(([, row]) => row);
    const held = [always, byParameter, elsewhere].flatMap(Object.keys);
    assert.deepEqual(rows.sort(), [...held, ...notByDeployment].sort());
  });

  for (const [row, values] of Object.entries(always)) {
    itCompiled(`holds in every environment: ${row}`, async () => {
      let count = 0;
      for (const name of environments) count += hold(await predicted(name), values, name);
      count += hold(await predicted('prod', ownSql), values, 'prod with a server of its own');
      assert.notEqual(count, 0);
    });
  }

  for (const [row, [changes, values]] of Object.entries(byParameter)) {
    itCompiled(`holds by its parameter: ${row}`, async () => {
      const prediction = await predicted('prod', changes);
      for (const type of Object.keys(values)) assert.notEqual(prediction.of(type).length, 0, type);
      hold(prediction, values, 'prod');
    });
  }

  itCompiled('says what is off by default', async () => {
    const prediction = await predicted('prod', ownSql);
    assert.deepEqual(prediction.maybe(`${server}/databases/backupLongTermRetentionPolicies`), []);
    assert.deepEqual(prediction.maybe(`${server}/encryptionProtector`), []);
    const [audit] = prediction.of(`${server}/auditingSettings`);
    assert.ok(!itemsAt(audit, 'properties.auditActionsAndGroups').includes('BATCH_COMPLETED_GROUP'));
  });
});

describe('an environment that version 0.1 has deployed', () => {
  itCompiled('asks for nothing that Azure takes only when something is made', async () => {
    for (const name of ['minimal', 'test']) {
      const prediction = await predicted(name, { deployedByVersion01: true });
      for (const account of prediction.of(storage)) {
        const encryption = at(account, 'properties.encryption');
        assert.equal(at(encryption, 'requireInfrastructureEncryption'), null);
        assert.deepEqual(Object.keys(at(encryption, 'services') ?? {}), ['blob', 'file']);
      }
      const [database] = prediction.of(`${server}/databases`);
      assert.equal(at(database, 'properties.collation'), null);
    }
  });
});

describe('a database that is made here', () => {
  itCompiled('has a Windows collation, under which an index on a varchar id serves an nvarchar', async () => {
    for (const name of ['minimal', 'test']) {
      const [database] = (await predicted(name)).of(`${server}/databases`);
      assert.match(String(at(database, 'properties.collation')), /^Latin1_General_/);
    }
  });
});
