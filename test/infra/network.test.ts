import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { at, compiled, givenBy, group, itCompiled, itemsAt, predicted, textAt } from './predicted.js';

const subscription = group.split('/resourceGroups/')[0] ?? '';
const withNetwork = ['test', 'prod'];
const network = 'Microsoft.Network/virtualNetworks';
const endpoints = 'Microsoft.Network/privateEndpoints';

async function subnetsOf(environment: string): Promise<unknown[]> {
  const [virtualNetwork] = (await predicted(environment)).of(network);
  return itemsAt(virtualNetwork, 'properties.subnets');
}

describe('subnets', () => {
  itCompiled('have each a network security group of their own', async () => {
    for (const environment of withNetwork) {
      const groups = (await predicted(environment)).of('Microsoft.Network/networkSecurityGroups');
      const used = (await subnetsOf(environment)).map((each) =>
        textAt(each, 'properties.networkSecurityGroup.id'),
      );
      assert.deepEqual(used.sort(), groups.map(({ id }) => id).sort());
    }
  });
  itCompiled(
    'are two: one delegated to Flex Consumption, without private endpoints, and one for these',
    async () => {
      for (const environment of withNetwork) {
        const prediction = await predicted(environment);
        const [app, forEndpoints, ...more] = await subnetsOf(environment);
        assert.equal(more.length, 0);
        assert.deepEqual(
          itemsAt(app, 'properties.delegations').map((each) => at(each, 'properties.serviceName')),
          ['Microsoft.App/environments'],
        );
        assert.equal(at(forEndpoints, 'properties.delegations'), undefined);
        const [virtualNetwork] = prediction.of(network);
        const expected = `${virtualNetwork?.id ?? ''}/subnets/${textAt(forEndpoints, 'name') ?? ''}`;
        for (const endpoint of prediction.of(endpoints)) {
          assert.equal(at(endpoint, 'properties.subnet.id'), expected, endpoint.name);
        }
      }
    },
  );
  itCompiled(
    'reach the internet by the NAT gateway or the firewall, never by an address of the platform',
    async () => {
      for (const environment of withNetwork) {
        for (const subnet of await subnetsOf(environment)) {
          assert.equal(at(subnet, 'properties.defaultOutboundAccess'), false, environment);
        }
      }
      const [withNat] = await subnetsOf('prod');
      assert.match(textAt(withNat, 'properties.natGateway.id') ?? '', /\/natGateways\/ng-csc-prod$/);
      assert.equal(at(withNat, 'properties.routeTable'), null);

      const routeTableId = `${group}/providers/Microsoft.Network/routeTables/to-the-firewall`;
      const behindFirewall = await predicted('prod', { deployNatGateway: false, routeTableId });
      const [app] = itemsAt(behindFirewall.of(network)[0], 'properties.subnets');
      assert.equal(at(app, 'properties.routeTable.id'), routeTableId);
      assert.equal(at(app, 'properties.natGateway'), null);
      assert.deepEqual(behindFirewall.maybe('Microsoft.Network/publicIPAddresses'), []);
    },
  );
  itCompiled('of the app have no underscore in their names, which Flex Consumption refuses', async () => {
    for (const environment of withNetwork) {
      const [app] = await subnetsOf(environment);
      assert.match(textAt(app, 'name') ?? '', /^[^_]+$/);
    }
  });
  itCompiled('of the endpoints answer the app and the networks of the council, and no one else', async () => {
    for (const environment of withNetwork) {
      const prediction = await predicted(environment);
      const given = await givenBy(environment);
      const rules = itemsAt(
        prediction.one('Microsoft.Network/networkSecurityGroups', '-endpoints'),
        'properties.securityRules',
      );
      const [allowed, ...more] = rules.filter((rule) => at(rule, 'properties.access') === 'Allow');
      assert.equal(more.length, 0);
      assert.deepEqual(itemsAt(allowed, 'properties.sourceAddressPrefixes'), [
        given['appSubnetPrefix'],
        ...itemsAt(given, 'trustedPrefixes'),
      ]);
      assert.deepEqual(itemsAt(allowed, 'properties.destinationPortRanges'), ['443', '1433']);
    }
  });
});

describe('the network of production', () => {
  itCompiled(
    'is peered with the hub, and an output tells the owner of the hub where the other half leads',
    async () => {
      const prediction = await predicted('prod');
      const [virtualNetwork] = prediction.of(network);
      const [peering, ...more] = prediction.of(`${network}/virtualNetworkPeerings`);
      assert.equal(more.length, 0);
      assert.ok(peering?.id.startsWith(`${virtualNetwork?.id ?? ''}/`));
      assert.equal(
        at(peering, 'properties.remoteVirtualNetwork.id'),
        (await givenBy('prod'))['hubNetworkId'],
      );
      assert.equal(at(peering, 'properties.useRemoteGateways'), false);
      assert.equal(prediction.outputs['hubPeering'], virtualNetwork?.id);
    },
  );
  itCompiled(
    'asks the resolver of the hub, which knows the private zones that the platform keeps',
    async () => {
      const [virtualNetwork] = (await predicted('prod')).of(network);
      assert.notEqual(itemsAt(virtualNetwork, 'properties.dhcpOptions.dnsServers').length, 0);
    },
  );
  itCompiled('is alone without a hub', async () => {
    const prediction = await predicted('test');
    assert.deepEqual(prediction.maybe(`${network}/virtualNetworkPeerings`), []);
    assert.equal(prediction.outputs['hubPeering'], '');
  });
});

describe('the address DfE sees', () => {
  itCompiled('is fixed', async () => {
    for (const environment of withNetwork) {
      const prediction = await predicted(environment);
      const [address, ...more] = prediction.of('Microsoft.Network/publicIPAddresses');
      assert.equal(more.length, 0);
      assert.equal(at(address, 'properties.publicIPAllocationMethod'), 'Static');
      assert.equal(at(address, 'sku.name'), 'Standard');
      const [gateway] = prediction.of('Microsoft.Network/natGateways');
      assert.deepEqual(
        itemsAt(gateway, 'properties.publicIpAddresses').map((each) => at(each, 'id')),
        [address?.id],
      );
    }
  });
  itCompiled('is an output', async () => {
    for (const environment of withNetwork) {
      const prediction = await predicted(environment);
      const [address] = prediction.of('Microsoft.Network/publicIPAddresses');
      const output = String(prediction.outputs['egressAddress']);
      assert.ok(output.includes(address?.id ?? 'no address') && output.includes('.ipAddress'), output);
    }
    assert.equal((await predicted('minimal')).outputs['egressAddress'], '');
  });
});

describe('private endpoints', () => {
  itCompiled('lead to both storage accounts, the vault, SQL and the app', async () => {
    for (const environment of withNetwork) {
      const prediction = await predicted(environment);
      const led = prediction.of(endpoints).map((endpoint) => {
        const kinds = ['privateLinkServiceConnections', 'manualPrivateLinkServiceConnections'];
        const [connection, ...more] = kinds.flatMap((kind) => itemsAt(endpoint, `properties.${kind}`));
        assert.equal(more.length, 0);
        const target = textAt(connection, 'properties.privateLinkServiceId') ?? '';
        const name = target.split('/').at(-1) ?? '';
        const kind = name.replace(/^(stcsch|stcscr|kv|func|sql).*/, '$1');
        return `${kind} ${itemsAt(connection, 'properties.groupIds').join()}`;
      });
      assert.deepEqual(led.sort(), [
        'func sites',
        'kv vault',
        ...(environment === 'prod' ? [] : ['sql sqlServer']),
        'stcsch blob',
        'stcsch queue',
        'stcsch table',
        'stcscr blob',
        ...(environment === 'prod' ? ['to-be-set sqlServer'] : []),
      ]);
    }
  });
  itCompiled(
    'to a SQL server of another owner wait for that owner, and those to our own do not',
    async () => {
      const waiting = async (environment: string) =>
        (await predicted(environment))
          .of(endpoints)
          .filter((each) => itemsAt(each, 'properties.manualPrivateLinkServiceConnections').length > 0)
          .map(({ name }) => name);
      assert.deepEqual(await waiting('prod'), ['pep-csc-prod-sql']);
      assert.deepEqual(await waiting('test'), []);
    },
  );
  itCompiled(
    'are made one after the other: several at once on one storage account fail at random',
    async () => {
      const copy = at((await compiled('modules/private-endpoints.bicep')).resources, 'privateEndpoints.copy');
      assert.equal(at(copy, 'mode'), 'serial');
      assert.equal(at(copy, 'batchSize'), 1);
    },
  );
  itCompiled('have each an entry in a DNS zone, which the network looks into', async () => {
    const prediction = await predicted('test');
    const zones = prediction.of('Microsoft.Network/privateDnsZones');
    assert.equal(zones.length, 6);
    assert.equal(
      prediction.of('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').length,
      prediction.of(endpoints).length,
    );
    const [virtualNetwork] = prediction.of(network);
    const links = prediction.of('Microsoft.Network/privateDnsZones/virtualNetworkLinks');
    assert.equal(links.length, zones.length);
    for (const link of links) assert.equal(at(link, 'properties.virtualNetwork.id'), virtualNetwork?.id);
  });
  itCompiled('get their names in DNS from here only where the landing zone does not write them', async () => {
    const prediction = await predicted('prod');
    assert.deepEqual(prediction.maybe('Microsoft.Network/privateEndpoints/privateDnsZoneGroups'), []);
    assert.deepEqual(prediction.maybe('Microsoft.Network/privateDnsZones'), []);
  });
});

describe('private', () => {
  itCompiled('is every environment with a network: nothing in it has a public endpoint', async () => {
    const subnet = (name: string) =>
      `${subscription}/resourceGroups/rg/providers/${network}/vnet/subnets/${name}`;
    for (const prediction of [
      await predicted('test'),
      await predicted('prod'),
      await predicted('test', {
        networkMode: 'existing',
        existingAppSubnetId: subnet('app'),
        existingEndpointSubnetId: subnet('endpoints'),
      }),
    ]) {
      const types = new Set(
        prediction.resources
          .filter((each) => at(each, 'properties.publicNetworkAccess') !== undefined)
          .map((each) => {
            assert.equal(at(each, 'properties.publicNetworkAccess'), 'Disabled', each.id);
            return each.type;
          }),
      );
      for (const type of ['Storage/storageAccounts', 'KeyVault/vaults', 'Web/sites']) {
        assert.ok(types.has(`Microsoft.${type}`), type);
      }
    }
  });
});
