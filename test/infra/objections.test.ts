import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { itCompiled, predicted, refusalOf, subscription, type Json } from './predicted.js';

const subnet = (name: string): string =>
  `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/${name}`;
const zone = (name: string): string =>
  `${subscription}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/${name}`;
const zones = {
  blob: zone('privatelink.blob.core.windows.net'),
  queue: zone('privatelink.queue.core.windows.net'),
  table: zone('privatelink.table.core.windows.net'),
  vault: zone('privatelink.vaultcore.azure.net'),
  sites: zone('privatelink.azurewebsites.net'),
};

type Changes = Readonly<Record<string, Json>>;

/** What is asked for, from which file, and what the template has to say about it. */
const refused: readonly (readonly [string, string, Changes, RegExp])[] = [
  [
    'subnets that are there without their ids',
    'test',
    { networkMode: 'existing' },
    /needs existingAppSubnetId/,
  ],
  [
    'the live receiver behind public addresses',
    'minimal',
    { networkMode: 'none', dfeReceiver: 'live' },
    /networkMode none has public addresses/,
  ],
  [
    'one range of addresses for app and endpoints',
    'test',
    { networkMode: 'create', endpointSubnetPrefix: '10.80.1.0/26' },
    /two ranges of addresses/,
  ],
  ['the database of the server itself', 'minimal', { sqlDatabaseName: 'Master' }, /belongs to the server/],
  [
    'a budget from a day that is none',
    'minimal',
    { budgetAmount: 100, budgetStartDate: 'soon-2026-01' },
    /first day of a month/,
  ],
  [
    'one subnet for app and endpoints',
    'test',
    { networkMode: 'existing', existingAppSubnetId: subnet('app'), existingEndpointSubnetId: subnet('app') },
    /have to be two subnets/,
  ],
  [
    'a subnet of the app with an underscore',
    'test',
    { networkMode: 'create', appSubnetName: 'snet_app' },
    /no underscore/,
  ],
  [
    'a given subnet of the app with an underscore',
    'test',
    {
      networkMode: 'existing',
      existingAppSubnetId: subnet('the_app'),
      existingEndpointSubnetId: subnet('pe'),
    },
    /no underscore/,
  ],
  [
    'DNS zones that are there without their ids',
    'test',
    { privateDnsMode: 'existing' },
    /Missing: blob, queue/,
  ],
  [
    'DNS zones without the one for SQL, to which there is a private endpoint',
    'test',
    { privateDnsMode: 'existing', existingPrivateDnsZoneIds: zones },
    /Missing: sqlServer\./,
  ],
  ['no name of a database', 'minimal', { sqlDatabaseName: '' }, /sqlDatabaseName is empty/],
  ['a SQL server without administrators', 'minimal', { sqlAdminGroupId: '' }, /needs sqlAdminGroupName and/],
  [
    'a SQL server that is there without its address',
    'prod',
    { existingSqlServerHost: '' },
    /existingSqlServerHost/,
  ],
  ['capitals in a prefix', 'minimal', { namePrefix: 'CSC' }, /namePrefix and environmentName may hold small/],
  ['a hyphen in a prefix', 'minimal', { namePrefix: 'c-s' }, /namePrefix and environmentName may hold small/],
  ['a prefix that begins with a digit', 'minimal', { namePrefix: '1csc' }, /begin with a letter/],
  [
    'a hyphen in the environment',
    'minimal',
    { environmentName: 'pre-p' },
    /namePrefix and environmentName may hold small/,
  ],
  ['a name of a storage account with a hyphen', 'minimal', { hostStorageName: 'st-host' }, /hostStorageName/],
  [
    'one storage account for the host and for the payloads',
    'minimal',
    { hostStorageName: 'stone', resultsStorageName: 'stone' },
    /two accounts/,
  ],
  [
    'one identity for the app and for its package',
    'minimal',
    { identityName: 'id-one', packageIdentityName: 'id-one' },
    /two identities/,
  ],
  ['a code of an authority with a letter', 'minimal', { laCode: 'E09' }, /three digits/],
  ['immutability longer than runs are kept', 'prod', { immutabilityDays: 91 }, /above runsRetentionDays/],
  [
    'immutability longer than versions are kept',
    'prod',
    { immutabilityDays: 31 },
    /above versionRetentionDays/,
  ],
  [
    'a ledger as immutable as it is old',
    'prod',
    { ledgerImmutabilityDays: 365 },
    /below ledgerRetentionDays/,
  ],
  ['zones in a region without', 'prod', { location: 'ukwest' }, /ukwest has no zones/],
  ['zones on storage in one zone', 'prod', { storageSku: 'Standard_GRS' }, /storageSku Standard_ZRS/],
  ['a budget from the middle of a month', 'prod', { budgetStartDate: '2026-12-15' }, /first day of a month/],
  [
    'long-term backups of a database that sleeps',
    'test',
    { sqlLongTermRetention: { weekly: 'P4W', monthly: '', yearly: '' } },
    /sqlAutoPauseMinutes -1/,
  ],
  [
    'a role on a ledger without a container of its own',
    'test',
    { narrowRoles: false, ledgerRoleId: '11111111-1111-1111-1111-111111111111' },
    /narrowRoles true/,
  ],
];

interface Deployment {
  readonly file: string;
  readonly changes: Changes;
  readonly sentences: readonly string[];
}

/**
 * Since the template says all its reasons at once, one deployment asks for several things that do not touch: other
 * parameters, other sentences. Each takes the compiler a second.
 */
function inFewDeployments(): Deployment[] {
  const deployments: Deployment[] = [];
  for (const [, file, changes, sentence] of refused) {
    const at = deployments.findIndex(
      (each) =>
        each.file === file &&
        !each.sentences.includes(sentence.source) &&
        !Object.keys(changes).some((name) => name in each.changes),
    );
    const { changes: before = {}, sentences = [] } = deployments[at] ?? {};
    deployments.splice(at < 0 ? deployments.length : at, at < 0 ? 0 : 1, {
      file,
      changes: { ...before, ...changes },
      sentences: [...sentences, sentence.source],
    });
  }
  return deployments;
}

/** The one that asks for these changes, among others. */
const deployments = inFewDeployments();
function deploymentWith(file: string, changes: Changes): Changes {
  const found = deployments.find(
    (each) =>
      each.file === file && Object.entries(changes).every(([name, value]) => each.changes[name] === value),
  );
  return found?.changes ?? changes;
}

describe('a deployment is refused with a sentence for', () => {
  for (const [what, file, changes, sentence] of refused) {
    itCompiled(what, async () => {
      assert.match((await refusalOf(file, deploymentWith(file, changes))) ?? 'it was taken', sentence);
    });
  }

  itCompiled('several reasons at once', async () => {
    const said = await refusalOf('minimal', { sqlDatabaseName: '', laCode: 'abc' });
    assert.match(said ?? '', /laCode .* sqlDatabaseName is empty/);
  });
});

describe('a deployment is taken with', () => {
  itCompiled('subnets and zones that are there', async () => {
    const prediction = await predicted('prod', {
      networkMode: 'existing',
      existingAppSubnetId: subnet('app'),
      existingEndpointSubnetId: subnet('endpoints'),
      privateDnsMode: 'existing',
      existingPrivateDnsZoneIds: { ...zones, sqlServer: zone('privatelink.database.windows.net') },
    });
    assert.equal(prediction.maybe('Microsoft.Network/virtualNetworks').length, 0);
    assert.equal(
      prediction.of('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').length,
      prediction.of('Microsoft.Network/privateEndpoints').length,
    );
  });

  itCompiled('a database of another kind, by the secret that holds its address', async () => {
    const changes = {
      existingSqlServerHost: '',
      existingSqlServerId: '',
      sqlDatabaseName: '',
      ssdConnectionString: '@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/SSD)',
    };
    assert.equal(await refusalOf('prod', changes), undefined);
  });

  itCompiled('zones and storage over zones', async () => {
    const prediction = await predicted('prod', { storageSku: 'Standard_GZRS' });
    assert.equal(prediction.of('Microsoft.Web/serverfarms').length, 1);
  });
});
