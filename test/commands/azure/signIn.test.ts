import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { graphRefusal } from '../../deployment/graphStandIn.js';
import { anEnvironment, appPath, holdDeployed } from './environment.js';

describe('npm run azure -- sign-in', () => {
  it('prints what to put into the parameter file until it is deployed', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const { code, text } = await environment.run('sign-in');
    assert.equal(code, 0, text);
    const clientId = /param signInClientId = '(.*)'/.exec(text)?.[1];
    assert.equal(clientId, environment.graph.applications[0]?.['appId']);
    environment.azure.hold(`${appPath}/config/authsettingsV2`, {
      properties: {
        platform: { enabled: true },
        identityProviders: { azureActiveDirectory: { registration: { clientId } } },
      },
    });
    const again = await environment.run('sign-in');
    assert.match(again.text, /Nothing was changed/);
    assert.doesNotMatch(again.text, /param signInClientId/);
  });

  it('takes other names of the app, and gives roles', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const { text } = await environment.run(
      'sign-in --host sender.council.example --give operator=11111111-1111-4111-8111-111111111111',
    );
    assert.match(text, /Gave 11111111-1111-4111-8111-111111111111 the role operator/);
    assert.match(
      JSON.stringify(environment.graph.applications),
      /https:\/\/sender\.council\.example\/\.auth/,
    );
  });

  it('says who can, where you may not', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    environment.graph.answer('POST', /applications$/, () =>
      graphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges.'),
    );
    const { code, text } = await environment.run('sign-in');
    assert.equal(code, 1);
    assert.match(text, /An Application Administrator of Entra ID must run this command/);
  });

  it('checks that only a key and a real sign-in open the app', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment);
    const isForged = (headers: Headers) => headers.has('x-ms-client-principal');
    const answer = (status: number) => new Response(null, { status });
    environment.appAnswers = (_, headers) => answer(headers.get('x-functions-key') === 'the-key' ? 200 : 401);
    assert.equal((await environment.run('sign-in --check')).code, 0);
    environment.appAnswers = (_, headers) =>
      answer(headers.has('x-functions-key') || isForged(headers) ? 200 : 401);
    const { code, text } = await environment.run('sign-in --check');
    assert.equal(code, 1);
    assert.match(text, /200 for a page, with a forged sign-in, not 401\. .*Switch the sign-in off at once/);
    assert.equal(environment.graph.calls.length, 0);
  });
});
