import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { personOf } from '../../shared/deployment/entra/directory.js';
import { aGraph, graphRefusal } from './graphStandIn.js';

const person = {
  id: '33333333-3333-4333-8333-333333333333',
  displayName: 'Alex Engineer',
  userPrincipalName: 'alex@council.example',
};

describe('Microsoft Graph', () => {
  it('is read to the end of a list, and at no other host', async (t) => {
    const graph = await aGraph(t);
    graph.answer('GET', /^\/v1\.0\/groups/, ({ path }) => ({
      body: path.includes('skiptoken')
        ? { value: ['last'] }
        : { value: ['first'], '@odata.nextLink': 'https://attacker.example/v1.0/groups?$skiptoken=2' },
    }));
    assert.deepEqual(await graph.client.list('/groups'), ['first', 'last']);
  });

  it('repeats what is throttled for a moment', async (t) => {
    const graph = await aGraph(t);
    graph.users.push(person);
    let busy = 1;
    graph.answer('GET', /users/, () => {
      busy -= 1;
      return busy < 0 ? undefined : graphRefusal(503, 'serviceNotAvailable', 'Later.');
    });
    assert.equal((await personOf(graph.client, person.userPrincipalName)).id, person.id);
  });

  it('knows people by sign-in name and by object id, and you without either', async (t) => {
    const graph = await aGraph(t);
    graph.users.push(person);
    for (const who of [person.userPrincipalName, person.id, undefined]) {
      assert.deepEqual(await personOf(graph.client, who), { id: person.id, name: person.userPrincipalName });
    }
  });

  it('says why it refused', async (t) => {
    const graph = await aGraph(t);
    graph.answer('GET', /\/me/, () =>
      graphRefusal(400, 'BadRequest', '/me request is only valid with delegated authentication flow.'),
    );
    await assert.rejects(personOf(graph.client, undefined), /GET \/me.* \(400\): BadRequest: .*delegated/);
  });
});
