import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { z } from 'zod';
import {
  appSettingsOf,
  at,
  givenBy,
  group,
  itCompiled,
  itemsAt,
  predicted,
  refusalOf,
  subscription,
  textAt,
  type Json,
  type Prediction,
  type Resource,
} from './predicted.js';

const groups = ['rg-csc-998', 'rg-csc-999'].map((name) => `${subscription}/resourceGroups/${name}`);
const groupPattern = /\/resourceGroups\/[\w.-]+/g;

/** Everything that would be made in one resource group. */
function within(prediction: Prediction, resourceGroup: string): Resource[] {
  return prediction.resources.filter(({ id }) => id.includes(`${resourceGroup}/`));
}

/** The example with some of its second authority changed. */
async function withSecond(changes: Readonly<Record<string, Json>>): Promise<Readonly<Record<string, Json>>> {
  const authorities = z
    .array(z.record(z.string(), z.json()))
    .parse((await givenBy('authorities'))['authorities']);
  const [first, second] = authorities;
  assert.ok(first && second);
  return { authorities: [first, { ...second, ...changes }] };
}

describe('several authorities', () => {
  itCompiled('have each everything that one has, in a group of its own', async () => {
    const prediction = await predicted('authorities');
    const [one = [], other = []] = groups.map((each) => within(prediction, each).map(({ type }) => type));
    assert.deepEqual(one.sort(), other.sort());
    for (const type of [
      'Microsoft.ManagedIdentity/userAssignedIdentities',
      'Microsoft.Storage/storageAccounts',
      'Microsoft.KeyVault/vaults',
      'Microsoft.Web/sites',
      'Microsoft.Insights/components',
      'Microsoft.Insights/scheduledQueryRules',
    ]) {
      assert.ok(one.includes(type), type);
    }
  });

  itCompiled('share the network, DNS zones and the workspace, and nothing else', async () => {
    const prediction = await predicted('authorities');
    const shared = within(prediction, group).filter(
      ({ type }) => type !== 'Microsoft.Insights/diagnosticSettings',
    );
    assert.deepEqual([...new Set(shared.map(({ type }) => type))].sort(), [
      'Microsoft.Network/natGateways',
      'Microsoft.Network/networkSecurityGroups',
      'Microsoft.Network/privateDnsZones',
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
      'Microsoft.Network/publicIPAddresses',
      'Microsoft.Network/virtualNetworks',
      'Microsoft.OperationalInsights/workspaces',
    ]);
  });

  itCompiled('name nothing of one another: no role, storage, vault, identity or setting', async () => {
    const prediction = await predicted('authorities');
    const apart = new Set<string>();
    for (const resourceGroup of groups) {
      for (const resource of within(prediction, resourceGroup)) {
        const named = new Set(JSON.stringify(resource).match(groupPattern));
        for (const each of named) {
          const full = `${subscription}${each}`;
          // Of others only what is shared, and the SQL server that is there.
          assert.ok([resourceGroup, group].includes(full) || each.endsWith('/to-be-set'), resource.id);
        }
        apart.add(resource.id);
      }
    }
    assert.ok(apart.size > 100);
    const names = (type: string) => prediction.of(type).map(({ name }) => name);
    for (const type of [
      'Microsoft.Storage/storageAccounts',
      'Microsoft.KeyVault/vaults',
      'Microsoft.Web/sites',
    ]) {
      assert.equal(new Set(names(type)).size, names(type).length, type);
    }
  });

  itCompiled('have roles on what is their own only, for identities and groups of their own', async () => {
    const prediction = await predicted('authorities');
    const assignments = prediction.of('Microsoft.Authorization/roleAssignments');
    const [one = 0, other = 0] = groups.map(
      (each) => within(prediction, each).filter((x) => assignments.includes(x)).length,
    );
    assert.equal(one, other);
    assert.equal(one + other, assignments.length);
    for (const resourceGroup of groups) {
      for (const assignment of within(prediction, resourceGroup).filter((each) =>
        assignments.includes(each),
      )) {
        const principal = textAt(assignment, 'properties.principalId') ?? '';
        const isOwn = principal.includes(`${resourceGroup}/`) || principal.endsWith(resourceGroup.slice(-3));
        assert.ok(isOwn, principal);
      }
    }
  });

  itCompiled('have subnets of their own, whose endpoints do not answer the app of another', async () => {
    const prediction = await predicted('authorities');
    const [virtualNetwork] = prediction.of('Microsoft.Network/virtualNetworks');
    const subnets = itemsAt(virtualNetwork, 'properties.subnets');
    assert.equal(subnets.length, 4);
    const used = prediction
      .of('Microsoft.Web/sites')
      .map((app) => textAt(app, 'properties.virtualNetworkSubnetId'));
    assert.equal(new Set(used).size, 2);
    for (const environment of ['p998', 'p999']) {
      const prefixOf = (ending: string) =>
        textAt(
          subnets.find((subnet) => textAt(subnet, 'name') === `snet-${environment}-${ending}`),
          'properties.addressPrefix',
        );
      const rules = itemsAt(
        prediction.one('Microsoft.Network/networkSecurityGroups', `${environment}-endpoints`),
        'properties.securityRules',
      );
      const [allowed, denied, ...more] = rules;
      assert.equal(more.length, 0);
      assert.deepEqual(itemsAt(allowed, 'properties.sourceAddressPrefixes'), [
        prefixOf('app'),
        '10.20.0.0/24',
      ]);
      assert.equal(at(allowed, 'properties.destinationAddressPrefix'), prefixOf('endpoints'));
      assert.equal(at(denied, 'properties.sourceAddressPrefix'), '*');
      assert.equal(at(denied, 'properties.access'), 'Deny');
    }
  });

  itCompiled('are distinguished by the environment in their telemetry and alerts', async () => {
    const prediction = await predicted('authorities');
    for (const [index, resourceGroup] of groups.entries()) {
      const environment = ['p998', 'p999'][index] ?? '';
      const resources = within(prediction, resourceGroup);
      const app = resources.find(({ type }) => type === 'Microsoft.Web/sites');
      const settings = appSettingsOf(app);
      assert.equal(settings.get('ENVIRONMENT'), environment);
      assert.equal(settings.get('LA_CODE'), environment.slice(1));
      for (const rule of resources.filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')) {
        if (rule.name.endsWith('workspace-cap')) continue;
        const [condition] = itemsAt(rule, 'properties.criteria.allOf');
        assert.ok(textAt(condition, 'query')?.includes(`'${environment}'`), rule.name);
      }
    }
  });

  for (const [what, changes, sentence] of [
    ['one code', { laCode: '998' }, /same laCode/],
    ['one environment', { environmentName: 'p998' }, /same environmentName/],
    ['one resource group', { resourceGroupName: 'RG-CSC-998' }, /resource group of its own/],
    ['the group of what is shared', { resourceGroupName: 'rg-check' }, /resource group of its own/],
    [
      'one SSD',
      { sqlServerHost: 'to-be-set-998.database.windows.net', sqlDatabaseName: 'SSD998' },
      /read the same SSD/,
    ],
    [
      'one staging table',
      {
        sqlServerHost: 'to-be-set-998.database.windows.net',
        sqlDatabaseName: 'ssd998',
        settings: { SSD_SCHEMA: 'second' },
      },
      /same staging table/,
    ],
    [
      'one SSD, whose schema one of them leaves to its default',
      {
        sqlServerHost: 'tcp:to-be-set-998.database.windows.net,1433',
        sqlDatabaseName: 'ssd998',
        settings: { SSD_SCHEMA: 'ssd_development', STAGING_TABLE: 'second' },
      },
      /read the same SSD/,
    ],
    [
      'one staging table, whose name one of them leaves to its default',
      {
        sqlServerHost: 'to-be-set-998.database.windows.net',
        sqlDatabaseName: 'ssd998',
        settings: { SSD_SCHEMA: 'second', STAGING_TABLE: 'dbo.ssd_api_data_staging' },
      },
      /same staging table/,
    ],
    ['one subnet', { appSubnetPrefix: '10.80.8.0/26' }, /same addresses for a subnet/],
  ] as const) {
    itCompiled(`are refused with ${what}`, async () => {
      assert.match((await refusalOf('authorities', await withSecond(changes))) ?? 'taken', sentence);
    });
  }

  itCompiled('may share a database, with schemas and staging tables of their own', async () => {
    const changes = await withSecond({
      sqlServerHost: 'to-be-set-998.database.windows.net',
      sqlServerId: '',
      sqlDatabaseName: 'ssd998',
      settings: { SSD_SCHEMA: 'second', STAGING_TABLE: 'second.ssd_api_data_staging' },
    });
    assert.equal(await refusalOf('authorities', changes), undefined);
  });
});
