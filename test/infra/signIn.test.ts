import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { roles } from '../../shared/http/principal.js';
import { paths } from '../../shared/pages/paths.js';
import { projectRoot } from '../local/migrations.js';
import { at, declared, itemsOf, readProject, textAt, textOf } from './project.js';

const reading = readProject();
const deployPage = readFileSync(join(projectRoot, 'docs', 'deploy.md'), 'utf8');

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

describe('the app registration of docs/deploy.md', () => {
  it('has the roles that the pages know, and no other', () => {
    const made = [...deployPage.matchAll(/\$\(role ([a-z-]+) '/g)].map(([, role]) => role);
    assert.deepEqual(made.sort(), [...roles].sort());
  });

  it('comes back to where the pages send people to sign in, with the ID token that a sign-in without secret needs', () => {
    const [provider = ''] = paths.signIn.split('?');
    assert.ok(deployPage.includes(`--web-redirect-uris https://$host${provider}/callback`));
    assert.ok(deployPage.includes('--enable-id-token-issuance true'));
  });
});
