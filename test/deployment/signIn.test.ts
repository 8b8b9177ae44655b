import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { callbackPath, ensureRegistration } from '../../shared/deployment/entra/registration.js';
import { roles } from '../../shared/access/principal.js';
import { paths } from '../../shared/pages/paths.js';
import { aGraph, graphRefusal, type GraphStandIn } from './graphStandIn.js';
import { aClock } from './aClock.js';

const app = {
  id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/func-csc',
  name: 'func-csc',
  hostName: 'func-csc.azurewebsites.net',
  scmHostName: 'func-csc.scm.azurewebsites.net',
  state: 'Running',
};
const group = '11111111-1111-4111-8111-111111111111';

function ensure(
  graph: GraphStandIn,
  more: { clientId?: string; grants?: { role: string; principalId: string }[] } = {},
) {
  const { clientId, ...rest } = more;
  return ensureRegistration(graph.client, {
    app,
    hosts: [app.hostName],
    clock: aClock(),
    clientId,
    ...rest,
  });
}

const madeSchema = z.object({
  appId: z.string(),
  signInAudience: z.string().optional(),
  identifierUris: z.array(z.string()),
  appRoles: z.array(
    z.object({ id: z.string(), value: z.string(), allowedMemberTypes: z.array(z.string()).optional() }),
  ),
  web: z.object({
    redirectUris: z.array(z.string()),
    implicitGrantSettings: z.object({ enableIdTokenIssuance: z.boolean() }),
  }),
  api: z.object({
    requestedAccessTokenVersion: z.number(),
    oauth2PermissionScopes: z.array(z.object({ id: z.string(), value: z.string() })),
    preAuthorizedApplications: z.array(
      z.object({ appId: z.string(), delegatedPermissionIds: z.array(z.string()) }),
    ),
  }),
});

function made(graph: GraphStandIn) {
  assert.equal(graph.applications.length, 1);
  return madeSchema.parse(graph.applications[0]);
}

function writes(graph: GraphStandIn): number {
  return graph.calls.filter(({ method }) => method !== 'GET').length;
}

describe('the app registration for sign-in', () => {
  it('is made with the roles that the pages know, and the way back to the app', async (t) => {
    const graph = await aGraph(t);
    const { clientId, scope, changes } = await ensure(graph);
    const registration = made(graph);
    assert.equal(registration.appId, clientId);
    assert.equal(registration.signInAudience, 'AzureADMyOrg');
    const values = registration.appRoles.map(({ value }) => value);
    for (const role of roles) assert.ok(values.includes(role), role);
    assert.deepEqual(registration.web.redirectUris, [
      'https://func-csc.azurewebsites.net/.auth/login/aad/callback',
    ]);
    assert.equal(registration.web.implicitGrantSettings.enableIdTokenIssuance, true);
    assert.deepEqual(registration.identifierUris, [`api://${clientId}`]);
    assert.equal(scope, `api://${clientId}/use`);
    assert.equal(registration.api.requestedAccessTokenVersion, 2);
    const [client] = registration.api.preAuthorizedApplications;
    assert.deepEqual(client?.delegatedPermissionIds, [registration.api.oauth2PermissionScopes[0]?.id]);
    assert.equal(graph.servicePrincipals[0]?.['appRoleAssignmentRequired'], true);
    assert.ok(changes.length >= 4);
  });

  it('comes back to where the pages send people to sign in', () => {
    const [provider = ''] = paths.signIn.split('?');
    assert.equal(callbackPath, `${provider}/callback`);
  });

  it('is not changed by a repeat', async (t) => {
    const graph = await aGraph(t);
    const first = await ensure(graph);
    const before = writes(graph);
    const second = await ensure(graph);
    assert.equal(writes(graph), before);
    assert.deepEqual(second, { ...first, changes: [] });
  });

  it('keeps what is there, and the random ids that the guide of version 0.1 has given', async (t) => {
    const graph = await aGraph(t);
    const appId = '22222222-2222-4222-8222-222222222222';
    graph.register({
      appId,
      displayName: 'Sender, as we call it',
      appRoles: [
        { id: 'a-random-id', value: 'reader', isEnabled: true },
        { id: 'another', value: 'our-own', isEnabled: true },
      ],
      web: { redirectUris: ['https://gateway.council.example/.auth/login/aad/callback'] },
      api: {
        oauth2PermissionScopes: [{ id: 'a-scope', value: 'use', isEnabled: true }],
        preAuthorizedApplications: [],
      },
    });
    await ensure(graph, { clientId: appId });
    const registration = made(graph);
    assert.equal(registration.appRoles.find(({ value }) => value === 'reader')?.id, 'a-random-id');
    assert.ok(registration.appRoles.some(({ value }) => value === 'our-own'));
    assert.ok(registration.appRoles.some(({ value }) => value === 'data-officer'));
    assert.equal(registration.web.redirectUris.length, 2);
    assert.deepEqual(
      registration.api.oauth2PermissionScopes.map(({ id }) => id),
      ['a-scope'],
    );
    assert.deepEqual(registration.api.preAuthorizedApplications[0]?.delegatedPermissionIds, ['a-scope']);
  });

  it('is completed where an earlier try stopped half-way', async (t) => {
    const graph = await aGraph(t);
    let isStopped = true;
    graph.answer('PATCH', /applications/, () =>
      isStopped ? graphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges.') : undefined,
    );
    await assert.rejects(ensure(graph), /PATCH .*Authorization_RequestDenied: Insufficient privileges/);
    isStopped = false;
    await ensure(graph);
    assert.equal(made(graph).api.preAuthorizedApplications.length, 1);
    assert.equal(graph.servicePrincipals.length, 1);
  });

  it('waits until the registration that was just made is known', async (t) => {
    const graph = await aGraph(t);
    let unknown = 2;
    graph.answer('POST', /servicePrincipals$/, () => {
      unknown -= 1;
      return unknown < 0
        ? undefined
        : graphRefusal(
            400,
            'Request_BadRequest',
            'The appId of the service principal does not reference a valid application object.',
          );
    });
    await ensure(graph);
    assert.equal(graph.servicePrincipals.length, 1);
  });

  it('is not guessed where several have its name, nor made again where the one in use was deleted', async (t) => {
    const graph = await aGraph(t);
    for (const appId of ['one', 'two']) graph.register({ appId, displayName: 'CSC API sender (func-csc)' });
    await assert.rejects(ensure(graph), /several app registrations.*--client-id.*one, two/);
    await assert.rejects(
      ensure(graph, { clientId: 'three' }),
      /no app registration with the client id three/,
    );
    assert.equal(writes(graph), 0);
  });

  it('gives each role once', async (t) => {
    const graph = await aGraph(t);
    const grants = [{ role: 'operator', principalId: group }];
    const { changes } = await ensure(graph, { grants });
    assert.ok(changes.some((change) => change.includes(`${group} the role operator`)));
    assert.deepEqual((await ensure(graph, { grants })).changes, []);
    assert.equal(graph.assignments.length, 1);
    await assert.rejects(ensure(graph, { grants: [{ role: 'owner', principalId: group }] }), /no role owner/);
  });

  it('says which request Entra ID refused', async (t) => {
    const graph = await aGraph(t);
    graph.answer('POST', /applications$/, () =>
      graphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
    );
    await assert.rejects(ensure(graph), /POST \/applications \(403\): Authorization_RequestDenied/);
  });
});
