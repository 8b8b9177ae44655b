import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal, type ResourceManagerStandIn } from '../../deployment/resourceManagerStandIn.js';
import { anEnvironment, groupPath } from './environment.js';

const server =
  '/subscriptions/00000000-0000-4000-8000-000000000009/resourceGroups/rg-data/providers/Microsoft.Sql/servers/council';
const endpointsPath = `${groupPath}/providers/Microsoft.Network/privateEndpoints`;

function holdEndpoint(azure: ResourceManagerStandIn, name: string, status: string, target = server): void {
  const link = {
    name,
    properties: { privateLinkServiceId: target, privateLinkServiceConnectionState: { status } },
  };
  azure.hold(`${endpointsPath}/${name}`, {
    properties: { privateLinkServiceConnections: [], manualPrivateLinkServiceConnections: [link] },
  });
}

function holdConnection(
  azure: ResourceManagerStandIn,
  name: string,
  endpoint: string,
  status = 'Pending',
): void {
  azure.hold(`${server}/privateEndpointConnections/${name}`, {
    properties: {
      privateEndpoint: { id: endpoint },
      privateLinkServiceConnectionState: { status, description: '' },
    },
  });
}

describe('npm run azure -- approve', () => {
  it('approves the connection of this group and no other', async (t) => {
    const { azure, run } = await anEnvironment(t);
    holdEndpoint(azure, 'pep-sql', 'Pending');
    holdConnection(
      azure,
      'of-another',
      '/subscriptions/x/resourceGroups/y/providers/Microsoft.Network/privateEndpoints/pep-sql',
    );
    holdConnection(azure, 'ours', `${endpointsPath}/PEP-sql`);
    const { code, text } = await run('approve');
    assert.equal(code, 0, text);
    const puts = azure.calls.filter(({ method }) => method === 'PUT');
    assert.deepEqual(
      puts.map(({ path }) => path),
      [`${server}/privateEndpointConnections/ours`],
    );
    assert.match(JSON.stringify(puts[0]?.body), /"status":"Approved"/);
  });

  it('changes nothing where all is approved, where there is none, and with --check', async (t) => {
    const { azure, run } = await anEnvironment(t);
    assert.match((await run('approve')).text, /no private endpoints/);
    holdEndpoint(azure, 'pep-sql', 'Approved');
    assert.equal((await run('approve')).code, 0);
    holdEndpoint(azure, 'pep-other', 'Pending');
    const { code, text } = await run('approve --check');
    assert.equal(code, 1);
    assert.match(text, /^Pending +pep-other/m);
    assert.ok(azure.calls.every(({ method }) => method === 'GET'));
  });

  it('says who can, where you may not', async (t) => {
    const { azure, run } = await anEnvironment(t);
    holdEndpoint(azure, 'pep-sql', 'Pending');
    azure.answer('GET', /privateEndpointConnections$/, () => refusal(403, 'AuthorizationFailed', 'No.'));
    const { code, text } = await run('approve');
    assert.equal(code, 1);
    assert.match(text, /AuthorizationFailed/);
    assert.match(text, /The owner of the resource runs the same command/);
  });

  it('says that the request has not arrived yet', async (t) => {
    const { azure, run } = await anEnvironment(t);
    holdEndpoint(azure, 'pep-sql', 'Pending');
    const { code, text } = await run('approve');
    assert.equal(code, 1);
    assert.match(text, /shows no request yet/);
  });

  it('leaves a kind of resource that it does not know to its owner', async (t) => {
    const { azure, run } = await anEnvironment(t);
    holdEndpoint(
      azure,
      'pep',
      'Pending',
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Other/things/one',
    );
    const { code, text } = await run('approve');
    assert.equal(code, 1);
    assert.match(text, /its owner does it in the portal/);
  });
});
