import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { appIn, functionKeyOf, settingsOf } from '../../shared/deployment/app/deployedApp.js';
import { lastDeployment, textOutput } from '../../shared/deployment/resourceManager/deployments.js';
import { aResourceManager, subscriptionId, type ResourceManagerStandIn } from './resourceManagerStandIn.js';

const group = { subscriptionId, name: 'rg-csc-test' };
const groupPath = `/subscriptions/${subscriptionId}/resourceGroups/${group.name}`;
const appPath = `${groupPath}/providers/Microsoft.Web/sites/func-csc`;

function holdApp(azure: ResourceManagerStandIn, name = 'func-csc'): void {
  azure.hold(`${groupPath}/providers/Microsoft.Web/sites/${name}`, {
    kind: 'functionapp,linux',
    location: 'uksouth',
    properties: { state: 'Running', defaultHostName: `${name}.azurewebsites.net` },
  });
}

function holdDeployment(azure: ResourceManagerStandIn, name: string, properties: object): void {
  azure.hold(`${groupPath}/providers/Microsoft.Resources/deployments/${name}`, { properties });
}

describe('the app of an environment', () => {
  it('is found with the addresses of its pages and of its code', async (t) => {
    const azure = await aResourceManager(t);
    holdApp(azure);
    const app = await appIn(azure.client, group);
    assert.equal(app?.hostName, 'func-csc.azurewebsites.net');
    assert.equal(app.scmHostName, 'func-csc.scm.azurewebsites.net');
  });

  it('is not there before the first deployment, nor before there is a group', async (t) => {
    const azure = await aResourceManager(t);
    assert.equal(await appIn(azure.client, group), undefined);
  });

  it('is not guessed where a group has several', async (t) => {
    const azure = await aResourceManager(t);
    for (const name of ['one', 'two', 'three']) holdApp(azure, name);
    await assert.rejects(appIn(azure.client, group), /several function apps.*one, two, three/);
  });

  it('is not called at an empty address', async (t) => {
    const azure = await aResourceManager(t);
    azure.hold(appPath, { kind: 'functionapp,linux', properties: { defaultHostName: '' } });
    await assert.rejects(appIn(azure.client, group), /no address/);
  });

  it('gives its settings and its key', async (t) => {
    const azure = await aResourceManager(t);
    holdApp(azure);
    azure.hold(`${appPath}/config/appsettings`, { properties: { RUN_SCHEDULE: '0 0 2 * * *' } });
    azure.hold(`${appPath}/host/default`, { masterKey: 'm', functionKeys: { default: 'k' }, systemKeys: {} });
    const app = await appIn(azure.client, group);
    assert.ok(app);
    assert.equal((await settingsOf(azure.client, app)).get('RUN_SCHEDULE'), '0 0 2 * * *');
    assert.equal(await functionKeyOf(azure.client, app), 'k');
  });
});

describe('what a deployment has made', () => {
  const outputs = (name: string) => ({ functionAppName: { type: 'String', value: name } });

  it('is read from the newest that succeeded, and not from a later one that failed or from a module', async (t) => {
    const azure = await aResourceManager(t);
    holdDeployment(azure, 'csc-1', {
      provisioningState: 'Succeeded',
      timestamp: '2026-11-01T08:00:00Z',
      outputs: outputs('old'),
    });
    holdDeployment(azure, 'csc-2', {
      provisioningState: 'Succeeded',
      timestamp: '2026-11-02T08:00:00Z',
      outputs: outputs('new'),
    });
    holdDeployment(azure, 'csc-3', { provisioningState: 'Failed', timestamp: '2026-11-03T08:00:00Z' });
    holdDeployment(azure, 'network', {
      provisioningState: 'Succeeded',
      timestamp: '2026-11-04T08:00:00Z',
      outputs: {},
    });
    const deployment = await lastDeployment(azure.client, group);
    assert.ok(deployment);
    assert.equal(textOutput(deployment, 'functionAppName'), 'new');
    assert.throws(() => textOutput(deployment, 'keyVaultName'), /deploy main\.bicep of this version again/);
  });

  it('is nothing where none has succeeded', async (t) => {
    const azure = await aResourceManager(t);
    holdDeployment(azure, 'csc-1', { provisioningState: 'Failed', timestamp: '2026-11-03T08:00:00Z' });
    assert.equal(await lastDeployment(azure.client, group), undefined);
  });
});
