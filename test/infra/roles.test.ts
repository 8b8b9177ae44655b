import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, declared, itemsOf, place, readProject, resourcesOf, textAt, textOf } from './project.js';

const reading = readProject();
const rolesFile = 'modules/roles.bicep';
const blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
const blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';

/** Every role that may be assigned, by its id: where, and to whom. Nothing else is. */
const allowed: readonly (readonly [string, string])[] = [
  ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner, hostStorage, appPrincipalId'],
  ['974c5e8b-45b9-4653-ba55-5f855dd0fb88', 'Storage Queue Data Contributor, hostStorage, appPrincipalId'],
  ['0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'Storage Table Data Contributor, hostStorage, appPrincipalId'],
  [blobDataContributor, 'Storage Blob Data Contributor, packageContainer, packagePrincipalId'],
  ['ledgerRoleId', "CSC ledger appender, ledgerContainer, empty(ledgerRoleId) ? '' : appPrincipalId"],
  [
    blobDataContributor,
    "Storage Blob Data Contributor, ledgerContainer, empty(ledgerRoleId) ? appPrincipalId : ''",
  ],
  [blobDataReader, 'Storage Blob Data Reader, ledgerContainer, resultsReadersGroupId'],
  [blobDataContributor, 'Storage Blob Data Contributor, resultsContainer, appPrincipalId'],
  [blobDataReader, 'Storage Blob Data Reader, resultsContainer, resultsReadersGroupId'],
  ['4633458b-17de-408a-b874-0445c86b69e6', 'Key Vault Secrets User, vault, appPrincipalId'],
  ['3913510d-42f4-4e42-8a64-420c390055eb', 'Monitoring Metrics Publisher, component, appPrincipalId'],
  ['43d0d8ad-25c7-4714-9337-8ba259a9fe05', 'Monitoring Reader, component, analystsGroupId'],
  ['73c42c96-874c-492b-b04d-ab87d138a893', 'Log Analytics Reader, workspace, analystsGroupId'],
  ['de139f84-1756-47ae-9be6-808fbbe84772', 'Website Contributor, functionApp, pipelinePrincipalId'],
];

/** The lists of roles by the resource they are for: `rolesOnHostStorage` is for `hostStorage`. */
async function lists() {
  return (await reading).declarations
    .filter(({ file, name }) => file === rolesFile && name.startsWith('rolesOn'))
    .map(({ name, value }) => {
      const on = name.slice('rolesOn'.length);
      return { name, scope: on.charAt(0).toLowerCase() + on.slice(1), rows: itemsOf(value) };
    });
}

describe('roles', () => {
  it('are those of the list, each on the narrowest scope and for one principal', async () => {
    const told = (await lists()).flatMap(({ scope, rows }) =>
      rows.map((row): [string, string] => [
        textAt(row, 'roleId') ?? '',
        [textAt(row, 'role'), scope, textAt(row, 'principalId')].join(', '),
      ]),
    );
    assert.deepEqual(told.sort(), allowed.map(([id, what]) => [id, what]).sort());
  });

  it('say of which type the principal is', async () => {
    for (const row of (await lists()).flatMap(({ rows }) => rows)) {
      const isGroup = textAt(row, 'principalId')?.endsWith('GroupId') === true;
      assert.equal(textAt(row, 'principalType'), isGroup ? 'Group' : 'ServicePrincipal', textAt(row, 'role'));
    }
  });

  it('are assigned from these lists on the resource each list is for, where the switch says so', async () => {
    const assignments = resourcesOf(await reading, 'Microsoft.Authorization/roleAssignments').filter(
      ({ file }) => file === rolesFile,
    );
    const assigned = assignments.map(({ loopOver, condition, value, ...each }) => {
      assert.match(condition ?? '', /^deployRoleAssignments && /, each.name);
      assert.equal(
        textAt(value, 'name'),
        `guid(${textAt(value, 'scope') ?? ''}.id, row.principalId, row.roleId)`,
      );
      assert.equal(
        textAt(value, 'properties.roleDefinitionId'),
        "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.roleId)",
      );
      assert.equal(textAt(value, 'properties.principalId'), 'row.principalId');
      assert.equal(textAt(value, 'properties.principalType'), 'row.principalType');
      return `${loopOver ?? ''} on ${textAt(value, 'scope') ?? ''}`;
    });
    const expected = (await lists())
      .filter(({ scope }) => scope !== 'functionApp')
      .map(({ name, scope }) => `${name} on ${scope}`);
    assert.deepEqual(assigned.sort(), expected.sort());
  });

  it('leave the app no way to change its own package, once another identity stores that', async () => {
    const project = await reading;
    const host = (await lists()).find(({ scope }) => scope === 'hostStorage');
    const conditions = host?.rows.map((row) => [textAt(row, 'role'), textAt(row, 'condition')]);
    assert.deepEqual(conditions, [
      ['Storage Blob Data Owner', "narrowRoles ? everywhereButInThePackage : ''"],
      ['Storage Queue Data Contributor', ''],
      ['Storage Table Data Contributor', ''],
    ]);
    const changes = itemsOf(declared(project, rolesFile, 'changesOfBlobs').value).map(textOf);
    assert.deepEqual(changes.sort(), [
      'add/action',
      'delete',
      'deleteBlobVersion/action',
      'move/action',
      'permanentDelete/action',
      'runAsSuperUser/action',
      'write',
    ]);
    const [assignment] = resourcesOf(project, 'Microsoft.Authorization/roleAssignments').filter(
      ({ name }) => name === 'hostStorageAssignments',
    );
    assert.equal(
      textAt(assignment?.value, 'properties.condition'),
      'empty(row.condition) ? null : row.condition',
    );
    assert.equal(
      textAt(assignment?.value, 'properties.conditionVersion'),
      "empty(row.condition) ? null : '2.0'",
    );
    const app = declared(project, 'modules/function-app.bicep', 'functionApp');
    assert.equal(
      textAt(
        app.value,
        'properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId',
      ),
      'packageIdentity.id',
    );
    const given = declared(project, 'main.bicep', 'functionApp').value;
    assert.equal(textAt(given, 'params.packageIdentityName'), "narrowRoles ? packageIdentityName : ''");
  });

  it('are used in their narrow form where this deployment assigns them, and elsewhere when the council says so', async () => {
    const project = await reading;
    assert.equal(textOf(declared(project, 'main.bicep', 'narrowRoles').value), 'deployRoleAssignments');
    const given = declared(project, 'main.bicep', 'functionApp').value;
    assert.equal(
      textAt(given, 'params.ledgerContainerName'),
      'narrowRoles ? ledgerContainerName : resultsContainerName',
    );
  });

  it('have one that reads and adds blobs, and can do nothing else', async () => {
    const project = await reading;
    const [role, ...more] = resourcesOf(project, 'Microsoft.Authorization/roleDefinitions');
    const text = project.templates.find(({ path }) => path === 'ledger-role.bicep')?.text;
    assert.equal(more.length, 0);
    assert.equal(role?.file, 'ledger-role.bicep', 'no pipeline makes roles');
    const [permission, ...others] = itemsOf(at(role.value, 'properties.permissions'));
    assert.equal(others.length, 0);
    const container = 'Microsoft.Storage/storageAccounts/blobServices/containers';
    assert.deepEqual(itemsOf(at(permission, 'actions')), [`${container}/read`]);
    assert.deepEqual(itemsOf(at(permission, 'dataActions')), [
      `${container}/blobs/read`,
      `${container}/blobs/add/action`,
    ]);
    assert.match(
      text ?? '',
      /^ *assignableScopes: \[resourceGroup\(\)\.id\]$/m,
      'the grammar reads it as two items',
    );
  });

  it('leave the storage of the results to the container, and the host to an account of its own', async () => {
    const project = await reading;
    assert.equal(
      textAt(declared(project, rolesFile, 'resultsContainer').value, 'name'),
      "'${resultsStorageName}/default/${resultsContainerName}'",
    );
    assert.equal(
      textAt(declared(project, rolesFile, 'ledgerContainer').value, 'name'),
      "'${resultsStorageName}/default/${ledgerContainerName}'",
    );
    assert.equal(textAt(declared(project, rolesFile, 'hostStorage').value, 'name'), 'hostStorageName');
    assert.equal(
      textAt(declared(project, rolesFile, 'packageContainer').value, 'name'),
      "'${hostStorageName}/default/${packageContainerName}'",
    );
  });

  it('of the pipeline let it deploy the code, where the switch says so', async () => {
    const project = await reading;
    const file = 'modules/pipeline-role.bicep';
    const role = textOf(declared(project, file, 'websiteContributor').value) ?? '';
    assert.match(new Map(allowed).get(role) ?? '', /^Website Contributor/);
    const assignments = resourcesOf(project, 'Microsoft.Authorization/roleAssignments').filter(
      (each) => each.file === file,
    );
    for (const each of assignments) {
      assert.equal(textAt(each.value, 'scope'), 'functionApp', place(each));
      assert.equal(
        textAt(each.value, 'properties.roleDefinitionId'),
        "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)",
      );
      assert.equal(textAt(each.value, 'properties.principalType'), 'ServicePrincipal');
    }
    const module = declared(project, 'main.bicep', 'pipelineRole');
    assert.equal(module.condition, 'deployRoleAssignments && !empty(pipelinePrincipalId)');
  });

  it('are assigned in these two files only', async () => {
    const files = resourcesOf(await reading, 'Microsoft.Authorization/roleAssignments').map(
      ({ file }) => file,
    );
    assert.deepEqual([...new Set(files)].sort(), ['modules/pipeline-role.bicep', rolesFile]);
  });

  it('are all told in an output, whether assigned or not', async () => {
    const project = await reading;
    const rows = textOf(declared(project, rolesFile, 'rows').value) ?? '';
    for (const { name } of await lists()) assert.ok(rows.includes(`map(${name},`), name);
    const output = project.declarations.find(
      ({ file, kind, name }) => file === 'main.bicep' && kind === 'output' && name === 'roles',
    );
    assert.equal(textOf(output?.value), 'roles.outputs.roles');
  });
});
