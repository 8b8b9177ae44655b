import assert from 'node:assert/strict';
import { describe } from 'node:test';
import {
  appSettingsOf,
  at,
  compiled,
  group,
  itCompiled,
  itemsAt,
  predicted,
  textAt,
  type Prediction,
} from './predicted.js';

const type = 'Microsoft.Authorization/roleAssignments';
const analystsGroupId = '11111111-0000-0000-0000-000000000001';
const resultsReadersGroupId = '11111111-0000-0000-0000-000000000002';
const pipelinePrincipalId = '11111111-0000-0000-0000-000000000003';
const ledgerRoleId = '11111111-0000-0000-0000-000000000004';

/** Everyone who can be named is. */
const everyone = { analystsGroupId, resultsReadersGroupId, pipelinePrincipalId };

const owner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b';
const blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
const blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';

/** Every role that may be assigned, by its id: on what, and to which principal. No other is. */
const allowed: readonly string[] = [
  `${owner} on host for app`,
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88 on host for app',
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3 on host for app',
  `${blobDataContributor} on host/app-package for package`,
  `${blobDataContributor} on results/csc-ledger for app`,
  `${blobDataReader} on results/csc-ledger for resultsReaders`,
  `${blobDataContributor} on results/csc-runs for app`,
  `${blobDataReader} on results/csc-runs for resultsReaders`,
  '4633458b-17de-408a-b874-0445c86b69e6 on vault for app',
  '3913510d-42f4-4e42-8a64-420c390055eb on component for app',
  '43d0d8ad-25c7-4714-9337-8ba259a9fe05 on component for analysts',
  '73c42c96-874c-492b-b04d-ab87d138a893 on workspace for analysts',
  'de139f84-1756-47ae-9be6-808fbbe84772 on func for pipeline',
];

const identity = (name: string): string =>
  `[reference('${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}', '2024-11-30').principalId]`;
const people: Readonly<Record<string, string>> = {
  [identity('id-csc-test')]: 'app',
  [identity('id-csc-test-package')]: 'package',
  [analystsGroupId]: 'analysts',
  [resultsReadersGroupId]: 'resultsReaders',
  [pipelinePrincipalId]: 'pipeline',
};

/** What an assignment is on, from its id, which is an expression where Azure gives the principal its id. */
function scopeOf(id: string): string {
  return /^\[extensionResourceId\('([^']+)'/.exec(id)?.[1] ?? id.split(`/providers/${type}/`)[0] ?? '';
}

function placeOf(scope: string): string {
  const within = scope.slice(`${group}/providers/`.length).replace('/blobServices/default/containers', '');
  const [, kind = '', name = '', container] = within.split('/');
  const places: Readonly<Record<string, string>> = {
    storageAccounts: name.startsWith('stcsch') ? 'host' : 'results',
    vaults: 'vault',
    components: 'component',
    workspaces: 'workspace',
    sites: 'func',
  };
  return [places[kind] ?? within, container].filter((part) => part !== undefined).join('/');
}

interface Assignment {
  readonly row: string;
  readonly principalType: string | undefined;
  readonly condition: unknown;
  readonly conditionVersion: unknown;
}

function assignmentsOf(prediction: Prediction): Assignment[] {
  return prediction.maybe(type).map((assignment) => {
    const scope = scopeOf(assignment.id);
    const role = textAt(assignment, 'properties.roleDefinitionId')?.split('/').at(-1) ?? '';
    const principal = textAt(assignment, 'properties.principalId') ?? '';
    return {
      row: `${role} on ${placeOf(scope)} for ${people[principal] ?? principal}`,
      principalType: textAt(assignment, 'properties.principalType'),
      condition: at(assignment, 'properties.condition') ?? undefined,
      conditionVersion: at(assignment, 'properties.conditionVersion') ?? undefined,
    };
  });
}

const rowsOf = (prediction: Prediction): string[] => assignmentsOf(prediction).map(({ row }) => row);

describe('roles', () => {
  itCompiled('are those of the list, each on the narrowest scope and for one principal', async () => {
    assert.deepEqual(rowsOf(await predicted('test', everyone)).sort(), [...allowed].sort());
  });

  itCompiled('are for no one who is not named', async () => {
    const noOne = { analystsGroupId: '', resultsReadersGroupId: '', pipelinePrincipalId: '' };
    const rows = rowsOf(await predicted('test', noOne));
    assert.deepEqual(rows.sort(), allowed.filter((row) => / for (app|package)$/.test(row)).sort());
  });

  itCompiled('say of which type the principal is', async () => {
    for (const { row, principalType } of assignmentsOf(await predicted('test', everyone))) {
      const isGroup = / for (analysts|resultsReaders)$/.test(row);
      assert.equal(principalType, isGroup ? 'Group' : 'ServicePrincipal', row);
    }
  });

  itCompiled('have names by which a repeat finds them again', async () => {
    const first = await predicted('test', everyone);
    const names = first.of(type).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const assignment of first.of(type)) {
      const principal = textAt(assignment, 'properties.principalId') ?? '';
      if (!principal.startsWith('[')) {
        assert.match(assignment.name, /^[0-9a-f-]{36}$/);
        continue;
      }
      const role = textAt(assignment, 'properties.roleDefinitionId')?.split('/').at(-1) ?? '';
      const parts = `'${scopeOf(assignment.id)}', ${principal.slice(1, -1)}, '${role}'`;
      assert.equal(assignment.name, `[guid(${parts})]`);
    }
  });

  itCompiled('are assigned only where the switch says so, those of the pipeline included', async () => {
    assert.deepEqual(rowsOf(await predicted('test', { ...everyone, deployRoleAssignments: false })), []);
    assert.deepEqual(rowsOf(await predicted('prod')), []);
  });

  itCompiled('on a workspace of another owner are for that owner to assign', async () => {
    const existingWorkspaceId = `${group}-logs/providers/Microsoft.OperationalInsights/workspaces/log`;
    const rows = rowsOf(await predicted('test', { ...everyone, existingWorkspaceId }));
    assert.deepEqual(
      allowed.filter((row) => !rows.includes(row)),
      ['73c42c96-874c-492b-b04d-ab87d138a893 on workspace for analysts'],
    );
  });

  itCompiled(
    'leave the app no way to change its own package, once another identity stores that',
    async () => {
      const prediction = await predicted('test');
      const conditions = assignmentsOf(prediction).filter(({ condition }) => condition !== undefined);
      assert.deepEqual(
        conditions.map(({ row, conditionVersion }) => [row, conditionVersion]),
        [[`${owner} on host for app`, '2.0']],
      );
      const condition = String(conditions[0]?.condition);
      const denied = [...condition.matchAll(/!\(ActionMatches\{'[\w./]+\/blobs\/([\w/]+)'\}\)/g)];
      assert.deepEqual(denied.map(([, action]) => action).sort(), [
        'add/action',
        'delete',
        'deleteBlobVersion/action',
        'move/action',
        'permanentDelete/action',
        'runAsSuperUser/action',
        'write',
      ]);
      assert.match(condition, /containers:name\] StringNotEquals 'app-package'\)\)$/);
      assert.match(packageIdentityOf(prediction), /\/id-csc-test-package$/);
    },
  );

  itCompiled(
    'are used in their narrow form where this deployment assigns them, and elsewhere when the council says so',
    async () => {
      for (const [file, changes, isNarrow] of [
        ['test', {}, true],
        ['test', { deployRoleAssignments: false }, false],
        ['test', { narrowRoles: false }, false],
        ['prod', {}, true],
        ['prod', { narrowRoles: false, ledgerRoleId: '' }, false],
      ] as const) {
        const prediction = await predicted(file, changes);
        const [app] = prediction.of('Microsoft.Web/sites');
        const ledger = appSettingsOf(app).get('LEDGER_CONTAINER');
        assert.equal(ledger, isNarrow ? 'csc-ledger' : 'csc-runs');
        assert.equal(packageIdentityOf(prediction).endsWith('-package'), isNarrow);
        if (isNarrow) continue;
        for (const { row, condition } of assignmentsOf(prediction)) assert.equal(condition, undefined, row);
      }
    },
  );

  itCompiled('have one that reads and adds blobs, and can do nothing else', async () => {
    const { resources } = await compiled('ledger-role.bicep');
    const [role, ...more] = Object.values(resources).filter(
      (each) => at(each, 'type') === 'Microsoft.Authorization/roleDefinitions',
    );
    assert.equal(more.length, 0);
    const [permission, ...others] = itemsAt(role, 'properties.permissions');
    assert.equal(others.length, 0);
    const container = 'Microsoft.Storage/storageAccounts/blobServices/containers';
    assert.deepEqual(permission, {
      actions: [`${container}/read`],
      notActions: [],
      dataActions: [`${container}/blobs/read`, `${container}/blobs/add/action`],
      notDataActions: [],
    });
    assert.deepEqual(at(role, 'properties.assignableScopes'), ['[resourceGroup().id]']);
  });

  itCompiled('are made by no deployment of the pipeline', async () => {
    for (const file of ['test', 'prod', 'minimal']) {
      assert.deepEqual((await predicted(file)).maybe('Microsoft.Authorization/roleDefinitions'), []);
    }
  });

  itCompiled('of the ledger are the one that only adds, where a council has made it', async () => {
    const rows = rowsOf(await predicted('test', { ledgerRoleId }));
    assert.deepEqual(
      rows.filter((row) => row.includes('csc-ledger')),
      [`${ledgerRoleId} on results/csc-ledger for app`],
    );
  });

  itCompiled('are all listed in an output, whether assigned or not', async () => {
    for (const deployRoleAssignments of [true, false]) {
      const changes = { ...everyone, deployRoleAssignments, narrowRoles: true };
      const listed = String((await predicted('test', changes)).outputs['roles']);
      for (const row of allowed) {
        const [roleId = ''] = row.split(' ');
        assert.ok(listed.includes(`'roleId', '${roleId}'`), row);
      }
      assert.ok(listed.includes(`'assigned', ${String(deployRoleAssignments)}()`), listed.slice(-300));
    }
  });
});

function packageIdentityOf(prediction: Prediction): string {
  const [app] = prediction.of('Microsoft.Web/sites');
  const authentication = 'properties.functionAppConfig.deployment.storage.authentication';
  return textAt(app, `${authentication}.userAssignedIdentityResourceId`) ?? '';
}
