import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { anyTarget } from '../../infra/tools/bicepCompiler.js';
import { at, environments, itCompiled, predicted, type Resource } from './predicted.js';

const type = 'Microsoft.Web/sites/config';
const signInClientId = '22222222-0000-0000-0000-000000000001';

async function signIn(): Promise<Resource> {
  return (await predicted('prod', { signInClientId })).one(type, '/authsettingsV2');
}

async function keysAt(path: string): Promise<string[]> {
  return Object.keys(at(await signIn(), path) ?? {}).sort();
}

describe('the sign-in in front of the app', () => {
  itCompiled('is made where a client id is given, which is nowhere by default', async () => {
    for (const environment of environments) {
      assert.deepEqual((await predicted(environment)).maybe(type), [], environment);
    }
    const [app] = (await predicted('prod', { signInClientId })).of('Microsoft.Web/sites');
    assert.ok((await signIn()).id.startsWith(`${app?.id ?? 'no app'}/`));
    assert.equal(at(await signIn(), 'properties.platform.enabled'), true);
  });

  itCompiled(
    'refuses no one by itself, so that function keys keep working, and leaves no path out',
    async () => {
      assert.deepEqual(at(await signIn(), 'properties.globalValidation'), {
        requireAuthentication: false,
        unauthenticatedClientAction: 'AllowAnonymous',
      });
    },
  );

  itCompiled('knows Entra ID of this tenant only, and tokens for this registration only', async () => {
    assert.deepEqual(await keysAt('properties.identityProviders'), ['azureActiveDirectory']);
    const entra = at(await signIn(), 'properties.identityProviders.azureActiveDirectory');
    assert.equal(at(entra, 'enabled'), true);
    assert.equal(at(entra, 'registration.clientId'), signInClientId);
    const issuer = String(at(entra, 'registration.openIdIssuer'));
    assert.match(issuer, /environment\(\)\.authentication\.loginEndpoint/);
    assert.ok(issuer.includes(anyTarget.tenantId), issuer);
    assert.deepEqual(at(entra, 'validation.allowedAudiences'), [signInClientId]);
  });

  itCompiled('has no client secret, and keeps no token', async () => {
    const registration = 'properties.identityProviders.azureActiveDirectory.registration';
    assert.deepEqual(await keysAt(registration), ['clientId', 'openIdIssuer']);
    assert.equal(at(await signIn(), 'properties.login.tokenStore.enabled'), false);
  });

  itCompiled('takes HTTPS only, and lasts a working day', async () => {
    assert.equal(at(await signIn(), 'properties.httpSettings.requireHttps'), true);
    assert.deepEqual(at(await signIn(), 'properties.login.cookieExpiration'), {
      convention: 'FixedTime',
      timeToExpiration: '08:00:00',
    });
  });
});
