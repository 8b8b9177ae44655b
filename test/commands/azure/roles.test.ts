import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { assignmentName, commandFor } from '../../../shared/deployment/roles.js';
import { refusal } from '../../deployment/resourceManagerStandIn.js';
import { anEnvironment, group, groupPath, holdAssignment, holdDeployed, vaultPath } from './environment.js';

const app = '22222222-2222-4222-8222-222222222222';
const condition =
  "((!(ActionMatches{'Microsoft.Storage/x/write'})) OR (@Resource[x:name] StringNotEquals 'app-package'))";
const onVault = {
  role: 'Key Vault Secrets User',
  roleId: '4633458b-17de-408a-b874-0445c86b69e6',
  principalId: app,
  principalType: 'ServicePrincipal' as const,
  scope: vaultPath,
  condition: '',
};
const onStorage = {
  ...onVault,
  role: 'Storage Blob Data Owner',
  roleId: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  scope: `${groupPath}/providers/Microsoft.Storage/storageAccounts/sthost`,
  condition,
};
const roles = [onVault, onStorage].map((role) => ({ ...role, assigned: false }));
const assignments = /\/roleAssignments\//;

describe('npm run azure -- roles', () => {
  it('says which roles are lacking, and how to get them', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles });
    holdAssignment(environment.azure, 'a', onVault);
    const { code, text } = await environment.run('roles');
    assert.equal(code, 1);
    assert.match(text, /^assigned +Key Vault Secrets User/m);
    assert.match(text, /^missing +Storage Blob Data Owner/m);
    assert.match(text, /roles --assign --group rg-csc-test/);
  });

  it('takes a role of the group for one of what is in it', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles: [roles[0] ?? {}] });
    environment.azure.answer(
      'GET',
      /vaults\/kv-csc\/providers\/Microsoft\.Authorization\/roleAssignments$/,
      ({ query }) => {
        assert.equal(query.get('$filter'), `principalId eq '${app}'`);
        const roleDefinitionId = `/subscriptions/${group.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${onVault.roleId}`;
        return {
          body: {
            value: [{ name: 'above', properties: { roleDefinitionId, principalId: app, scope: groupPath } }],
          },
        };
      },
    );
    assert.deepEqual(await environment.run('roles').then(({ code }) => code), 0);
  });

  it('finds a role that lacks its condition, and gives it that under the same name', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles: [roles[1] ?? {}] });
    holdAssignment(environment.azure, 'by-hand', {
      scope: onStorage.scope,
      principalId: app,
      roleId: onStorage.roleId,
    });
    assert.match((await environment.run('roles')).text, /^other condition +Storage Blob Data Owner/m);
    assert.equal((await environment.run('roles --assign')).code, 0);
    const [put, ...more] = environment.azure.calls.filter(({ method }) => method === 'PUT');
    assert.match(put?.path ?? '', /roleAssignments\/by-hand$/);
    assert.ok(JSON.stringify(put?.body).includes(JSON.stringify(condition)));
    assert.deepEqual(more, []);
  });

  it('assigns under the names that a deployment gives, and says what was refused', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles });
    environment.azure.answer('PUT', /sthost.*roleAssignments/, () =>
      refusal(403, 'AuthorizationFailed', 'No right to assign.'),
    );
    const { code, text } = await environment.run('roles --assign');
    assert.equal(code, 1);
    assert.match(text, /Assigned Key Vault Secrets User/);
    assert.match(text, /Not assigned: Storage Blob Data Owner\. .*No right to assign/);
    const put = environment.azure.calls.find(
      ({ method, path }) => method === 'PUT' && path.includes('/roleAssignments/'),
    );
    assert.ok(put?.path.endsWith(assignmentName(onVault)));
  });

  it('continues where someone else was faster', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles: [roles[0] ?? {}] });
    environment.azure.answer('PUT', assignments, () => refusal(409, 'RoleAssignmentExists', 'It exists.'));
    assert.equal((await environment.run('roles --assign')).code, 0);
  });

  it('says what it may not read', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles: [roles[0] ?? {}] });
    environment.azure.answer('GET', /roleAssignments$/, () => refusal(403, 'AuthorizationFailed', 'No.'));
    assert.match((await environment.run('roles')).text, /^not readable +Key Vault Secrets User/m);
  });

  it('knows of no roles before a deployment has succeeded', async (t) => {
    const environment = await anEnvironment(t);
    const { code, text } = await environment.run('roles');
    assert.equal(code, 1);
    assert.match(text, /No deployment of main\.bicep has succeeded/);
  });

  it('gives the platform team requests of the REST API', async (t) => {
    const environment = await anEnvironment(t);
    holdDeployed(environment, { roles });
    const { code, text } = await environment.run('roles --format json');
    assert.equal(code, 0);
    const requests = z
      .array(z.object({ id: z.string(), properties: z.looseObject({ principalId: z.string() }) }))
      .parse(JSON.parse(text));
    assert.equal(requests.length, 2);
    assert.equal(requests[1]?.properties['condition'], condition);
    assert.equal(requests[1].properties['conditionVersion'], '2.0');
  });

  it('gives them commands that a shell passes on as they are meant', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'csc-roles-'));
    t.after(() => rm(folder, { recursive: true }));
    const az = join(folder, 'az');
    await writeFile(az, `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/arguments"\n`);
    await chmod(az, 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    await promisify(execFile)('bash', ['-c', commandFor(onStorage, 'bash')], { env });
    const given = (await readFile(join(folder, 'arguments'), 'utf8')).split('\n');
    assert.equal(given[given.indexOf('--condition') + 1], condition);
    assert.equal(given[given.indexOf('--scope') + 1], onStorage.scope);
    assert.ok(commandFor(onStorage, 'powershell').includes(`''app-package''`));
  });
});

describe('the name of a role assignment', () => {
  it('is that of guid() in Bicep, so that a deployment finds what was assigned by hand', () => {
    // Made by Bicep 0.49.2 (snapshot) for these three.
    const name = assignmentName({
      scope:
        '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv',
      principalId: '22222222-2222-4222-8222-222222222222',
      roleId: '4633458b-17de-408a-b874-0445c86b69e6',
    });
    assert.equal(name, '237eb7a7-4639-5b58-8b5b-f5cf6322318d');
  });
});
