import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, declared, itemsOf, readProject, textAt, textOf } from './project.js';

const reading = readProject();

async function signIn() {
  return declared(await reading, 'modules/function-app.bicep', 'signIn');
}

async function keysAt(path: string): Promise<string[]> {
  const value = at((await signIn()).value, path);
  assert.ok(value instanceof Map, path);
  return [...value.keys()].sort();
}

describe('the sign-in in front of the app', () => {
  it('is made where a client id is given, which is nowhere by default', async () => {
    const project = await reading;
    const { condition, value } = await signIn();
    assert.equal(condition, '!empty(signInClientId)');
    assert.equal(textAt(value, 'parent'), 'functionApp');
    assert.equal(at(value, 'name'), 'authsettingsV2');
    assert.equal(at(value, 'properties.platform.enabled'), true);
    assert.equal(declared(project, 'main.bicep', 'signInClientId').value, '');
    const app = declared(project, 'main.bicep', 'functionApp');
    assert.equal(textAt(app.value, 'params.signInClientId'), 'signInClientId');
  });

  it('turns nobody away by itself, so that function keys go on working, and leaves no path out', async () => {
    const { value } = await signIn();
    assert.equal(at(value, 'properties.globalValidation.requireAuthentication'), false);
    assert.equal(at(value, 'properties.globalValidation.unauthenticatedClientAction'), 'AllowAnonymous');
    assert.deepEqual(await keysAt('properties.globalValidation'), [
      'requireAuthentication',
      'unauthenticatedClientAction',
    ]);
  });

  it('knows Entra ID of this tenant only, and tokens for this registration only', async () => {
    const { value } = await signIn();
    assert.deepEqual(await keysAt('properties.identityProviders'), ['azureActiveDirectory']);
    const entra = at(value, 'properties.identityProviders.azureActiveDirectory');
    assert.equal(at(entra, 'enabled'), true);
    assert.equal(textAt(entra, 'registration.clientId'), 'signInClientId');
    assert.equal(
      textAt(entra, 'registration.openIdIssuer'),
      "'${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'",
    );
    assert.deepEqual(itemsOf(at(entra, 'validation.allowedAudiences')).map(textOf), ['signInClientId']);
  });

  it('has no client secret, and keeps no token', async () => {
    const registration = 'properties.identityProviders.azureActiveDirectory.registration';
    assert.deepEqual(await keysAt(registration), ['clientId', 'openIdIssuer']);
    assert.equal(at((await signIn()).value, 'properties.login.tokenStore.enabled'), false);
  });

  it('takes HTTPS only, and lasts a working day', async () => {
    const { value } = await signIn();
    assert.equal(at(value, 'properties.httpSettings.requireHttps'), true);
    assert.equal(at(value, 'properties.login.cookieExpiration.convention'), 'FixedTime');
    assert.equal(at(value, 'properties.login.cookieExpiration.timeToExpiration'), '08:00:00');
  });
});
