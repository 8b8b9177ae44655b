import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, declared, itemsOf, place, readProject, resourcesOf, textAt, textOf } from './project.js';

const reading = readProject();

async function subnets() {
  const networks = resourcesOf(await reading, 'Microsoft.Network/virtualNetworks');
  return networks.flatMap(({ value }) => itemsOf(at(value, 'properties.subnets')));
}

describe('subnets', () => {
  it('have each a network security group', async () => {
    const groups = resourcesOf(await reading, 'Microsoft.Network/networkSecurityGroups').map(
      ({ name }) => `${name}.id`,
    );
    for (const subnet of await subnets()) {
      const group = textAt(subnet, 'properties.networkSecurityGroup.id');
      assert.ok(group !== undefined && groups.includes(group), textAt(subnet, 'name'));
    }
  });
  it('are two: one delegated to Flex Consumption, without private endpoints, and one for these', async () => {
    const delegatedTo = (await subnets()).map((subnet) => {
      const delegations = at(subnet, 'properties.delegations');
      return delegations === undefined
        ? []
        : itemsOf(delegations).map((each) => at(each, 'properties.serviceName'));
    });
    assert.deepEqual(delegatedTo, [['Microsoft.App/environments'], []]);
    for (const module of (await reading).declarations.filter(
      ({ reference }) => reference === 'modules/private-endpoints.bicep',
    )) {
      assert.equal(textAt(module.value, 'params.subnetId'), 'endpointSubnetId', place(module));
    }
  });
  it('reach the internet by the NAT gateway or the firewall, never by an address of the platform', async () => {
    for (const subnet of await subnets()) {
      assert.equal(at(subnet, 'properties.defaultOutboundAccess'), false, textAt(subnet, 'name'));
    }
    const [app] = await subnets();
    assert.equal(textAt(app, 'properties.natGateway'), 'natOfApp');
    assert.equal(textAt(app, 'properties.routeTable'), 'routeTable');
  });
  it('of the app have no underscore in their names, which Flex Consumption refuses', async () => {
    const { parameterFiles } = await reading;
    const given = [
      declared(await reading, 'main.bicep', 'appSubnetName'),
      ...parameterFiles.flatMap(({ declarations }) => declarations),
    ];
    for (const name of given.filter((each) => each.name === 'appSubnetName')) {
      assert.ok(typeof name.value === 'string' && !name.value.includes('_'), place(name));
    }
  });
});

describe('the address DfE sees', () => {
  it('is fixed', async () => {
    for (const address of resourcesOf(await reading, 'Microsoft.Network/publicIPAddresses')) {
      assert.equal(at(address.value, 'properties.publicIPAllocationMethod'), 'Static');
      assert.equal(at(address.value, 'sku.name'), 'Standard');
    }
    for (const gateway of resourcesOf(await reading, 'Microsoft.Network/natGateways')) {
      const addresses = itemsOf(at(gateway.value, 'properties.publicIpAddresses'));
      assert.deepEqual(
        addresses.map((each) => textAt(each, 'id')),
        ['egressAddress.id'],
      );
    }
  });
  it('is an output, of the network and of the whole', async () => {
    for (const file of ['main.bicep', 'modules/network.bicep']) {
      assert.ok(
        (await reading).declarations.some(
          (each) => each.file === file && each.kind === 'output' && each.name === 'egressAddress',
        ),
        file,
      );
    }
  });
});

describe('private endpoints', () => {
  it('lead to both storage accounts, the vault, SQL and the app', async () => {
    const project = await reading;
    const lists = ['endpointsOfData', 'endpointsOfApp'].flatMap((name) =>
      itemsOf(declared(project, 'main.bicep', name).value),
    );
    assert.deepEqual(
      lists.map((each) => `${String(textAt(each, 'targetId'))} ${String(textAt(each, 'group'))}`),
      [
        'hostStorageId blob',
        'hostStorageId queue',
        'hostStorageId table',
        'resultsStorageId blob',
        'keyVaultId vault',
        'functionAppId sites',
      ],
    );
    assert.match(
      textOf(declared(project, 'main.bicep', 'endpointsOfSql').value) ?? '',
      /targetId: sqlServerId, group: 'sqlServer', needsApproval: sqlEndpointNeedsApproval \}/,
    );
  });
  it('have a DNS zone each', async () => {
    const zones = declared(await reading, 'main.bicep', 'dnsZoneNames').value;
    assert.deepEqual(zones instanceof Map ? [...zones.keys()].sort() : [], [
      'blob',
      'queue',
      'sites',
      'sqlServer',
      'table',
      'vault',
    ]);
  });
  it('get their names in DNS from here only where the landing zone does not write them', async () => {
    const [entries] = resourcesOf(await reading, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
    assert.equal(entries?.condition, 'contains(zoneIds, endpoint.group)');
    const zones = declared(await reading, 'main.bicep', 'dnsZones');
    assert.equal(zones.condition, "isPrivate && privateDnsMode == 'create'");
  });
});

describe('private', () => {
  it('is every environment with a network, and every module is told so in the same words', async () => {
    const project = await reading;
    assert.equal(textOf(declared(project, 'main.bicep', 'isPrivate').value), "networkMode != 'none'");
    const told = project.declarations.filter(
      ({ kind, value }) => kind === 'module' && at(value, 'params.isPrivate') !== undefined,
    );
    assert.deepEqual(told.map(({ name }) => name).sort(), [
      'functionApp',
      'hostStorage',
      'keyVault',
      'resultsStorage',
      'sql',
    ]);
    for (const module of told)
      assert.equal(textAt(module.value, 'params.isPrivate'), 'isPrivate', place(module));
  });
});
