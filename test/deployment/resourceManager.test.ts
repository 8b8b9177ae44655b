import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResourceManagerError } from '../../shared/deployment/resourceManager/resourceManager.js';
import { aResourceManager, refusal, subscriptionId } from './resourceManagerStandIn.js';

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-csc-test`;
const sites = `${group}/providers/Microsoft.Web/sites`;

describe('Azure Resource Manager', () => {
  it('reads a list of several pages to its end', async (t) => {
    const azure = await aResourceManager(t);
    for (const name of ['a', 'b', 'c', 'd', 'e']) azure.hold(`${sites}/${name}`, { kind: 'app' });
    assert.equal((await azure.client.list(sites, '2025-03-01')).length, 5);
    assert.equal(azure.calls.length, 3);
  });

  it('ends a list that always names a next page', async (t) => {
    const azure = await aResourceManager(t);
    azure.answer('GET', /sites$/, () => ({
      body: { value: [], nextLink: `${azure.url}${sites}?api-version=1` },
    }));
    await assert.rejects(azure.client.list(sites, '2025-03-01'), /has no end/);
  });

  it('never follows a next page to another host', async (t) => {
    const azure = await aResourceManager(t);
    azure.answer('GET', /sites$/, () => ({
      body: { value: [1], nextLink: 'https://attacker.example/more' },
    }));
    azure.answer('GET', /^\/more$/, () => ({ body: { value: [2] } }));
    assert.deepEqual(await azure.client.list(sites, '2025-03-01'), [1, 2]);
  });

  it('repeats a call that is throttled or fails for a moment', async (t) => {
    const azure = await aResourceManager(t);
    azure.hold(`${sites}/app`, {});
    let failures = 2;
    azure.answer('GET', /sites\/app$/, () => {
      failures -= 1;
      if (failures < 0) return undefined;
      return failures === 1
        ? { ...refusal(429, 'TooManyRequests', 'Later.'), headers: { 'retry-after': '0' } }
        : refusal(503, 'ServerBusy', 'Busy.');
    });
    assert.ok(await azure.client.get(`${sites}/app`, '2025-03-01'));
  });

  it('has nothing where nothing is', async (t) => {
    const azure = await aResourceManager(t);
    assert.equal(await azure.client.get(`${sites}/app`, '2025-03-01'), undefined);
    assert.deepEqual(await azure.client.list(sites, '2025-03-01'), []);
    await azure.client.delete(`${sites}/app`, '2025-03-01');
  });

  it('waits for what is done only later', async (t) => {
    const azure = await aResourceManager(t);
    await azure.client.put(`${sites}/app`, '2025-03-01', { properties: {} });
    assert.equal(azure.calls.filter(({ path }) => path.startsWith('/operations/')).length, 2);
  });

  it('says why a deployment failed, down to the resource', async (t) => {
    const azure = await aResourceManager(t);
    azure.answer('GET', /^\/operations\//, () => ({
      body: {
        status: 'Failed',
        error: {
          code: 'DeploymentFailed',
          message: 'At least one resource deployment operation failed.',
          details: [
            {
              code: 'Conflict',
              message: JSON.stringify({
                error: { code: 'VaultAlreadyExists', message: 'The name is taken.' },
              }),
            },
          ],
        },
      },
    }));
    await assert.rejects(
      azure.client.put(`${group}/providers/Microsoft.Resources/deployments/csc`, '2025-04-01', {}),
      (error) =>
        error instanceof ResourceManagerError &&
        error.message.includes('DeploymentFailed') &&
        error.message.includes('VaultAlreadyExists: The name is taken'),
    );
  });

  it('says which request was refused, and by which code', async (t) => {
    const azure = await aResourceManager(t);
    azure.answer('POST', /listKeys$/, () =>
      refusal(403, 'AuthorizationFailed', 'The client does not have authorization.'),
    );
    await assert.rejects(azure.client.post(`${sites}/app/host/default/listKeys`, '2023-12-01'), (error) => {
      assert.ok(error instanceof ResourceManagerError);
      assert.equal(error.status, 403);
      assert.equal(error.code, 'AuthorizationFailed');
      assert.match(error.message, /POST .*listKeys \(403\)/);
      return true;
    });
  });

  it('has the words of App Service, which writes them in capitals', async (t) => {
    const azure = await aResourceManager(t);
    azure.answer('PUT', /./, () => ({
      status: 409,
      body: { Code: 'Conflict', Message: 'A deployment is under way.', Details: null },
    }));
    await assert.rejects(azure.client.put('/x', '1', {}), /Conflict: A deployment is under way\./);
  });
});
