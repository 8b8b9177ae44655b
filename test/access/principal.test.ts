import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import appRoles from '../../shared/deployment/entra/appRoles.json';
import { mayAs, principalOf, requesterOf, roles, type Role } from '../../shared/access/principal.js';
import { principalHeaders } from '../local/host/signedIn.js';

const inFront = { WEBSITE_AUTH_ENABLED: 'True' };
const longRoleType = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';

function headersWith(principal: unknown, more: Record<string, string> = {}): Headers {
  const encoded = Buffer.from(JSON.stringify(principal), 'utf8').toString('base64');
  return new Headers({ 'x-ms-client-principal': encoded, ...more });
}

function rolesOf(principal: unknown): Role[] {
  return [...(principalOf(headersWith(principal), inFront)?.roles ?? [])];
}

describe('a principal', () => {
  const ann = new Headers(principalHeaders({ name: 'ann@council.example', roles: ['operator'] }));

  test('is the person or program that App Service authentication has let in', () => {
    const principal = principalOf(ann, inFront);
    assert.equal(principal?.name, 'ann@council.example');
    assert.deepEqual([...principal.roles], ['operator']);
    assert.equal(requesterOf(principal), 'ann@council.example');
  });

  test('is undefined when the platform does not say that it sets the header', () => {
    for (const environment of [
      {},
      { WEBSITE_AUTH_ENABLED: '' },
      { WEBSITE_AUTH_ENABLED: 'False' },
      { WEBSITE_AUTH_ENABLED: '1' },
    ]) {
      assert.equal(principalOf(ann, environment), undefined);
    }
    assert.equal(requesterOf(undefined), 'function key');
  });

  test('is undefined when the header is missing or cannot be read, whatever name is next to it', () => {
    const named = { 'x-ms-client-principal-name': 'ann@council.example' };
    for (const headers of [
      new Headers(named),
      new Headers({ ...named, 'x-ms-client-principal': 'no base64 of JSON' }),
      headersWith('a text', named),
      headersWith({ claims: 'operator' }, named),
      headersWith({ claims: [{ typ: 'roles' }] }, named),
    ]) {
      assert.equal(principalOf(headers, inFront), undefined);
    }
  });

  test('has the roles of claims of the short type, of the long one, and of the one that is named', () => {
    const claims = [
      { typ: 'roles', val: 'reader' },
      { typ: longRoleType, val: 'operator' },
    ];
    assert.deepEqual(rolesOf({ claims }), ['reader', 'operator']);
    assert.deepEqual(rolesOf({ role_typ: 'own', claims: [{ typ: 'own', val: 'data-officer' }] }), [
      'data-officer',
    ]);
  });

  test('can have every role that the app registration has, and the registration has no other', () => {
    assert.deepEqual(appRoles.map(({ value }) => value).sort(), [...roles].sort());
    assert.equal(new Set(appRoles.map(({ id }) => id)).size, appRoles.length);
    for (const program of ['deployer', 'ssd-refresh']) {
      const role = appRoles.find(({ value }) => value === program);
      assert.deepEqual(role?.allowedMemberTypes, ['Application'], `no person gets the role ${program}`);
    }
  });

  test('has no role by a claim of another type, another spelling, or several roles in one', () => {
    const claims = [
      { typ: 'groups', val: 'operator' },
      { typ: 'name', val: 'data-officer' },
      { typ: 'roles', val: 'Operator' },
      { typ: 'roles', val: 'operator,data-officer' },
      { typ: 'roles', val: 'admin' },
    ];
    assert.deepEqual(rolesOf({ claims }), []);
  });

  test('may read with any role, and do nothing with none', () => {
    const withRoles = (...given: Role[]) => ({ name: 'ann', roles: new Set(given) });
    assert.equal(mayAs(withRoles('data-officer'), 'reader'), true);
    assert.equal(mayAs(withRoles('data-officer'), 'operator'), false);
    assert.equal(mayAs(withRoles('operator'), 'data-officer'), false);
    assert.equal(mayAs(withRoles(), 'reader'), false);
  });

  test('may, as the refresh of the SSD, start the nightly run and nothing else: it may not even read', () => {
    const program = { name: 'program of the refresh', roles: new Set<Role>(['ssd-refresh']) };
    assert.deepEqual(
      roles.filter((role) => mayAs(program, role)),
      ['ssd-refresh'],
    );
    assert.equal(mayAs({ name: 'olga', roles: new Set(['operator']) }, 'ssd-refresh'), true);
    assert.equal(mayAs({ name: 'ann', roles: new Set(['reader', 'deployer']) }, 'ssd-refresh'), false);
  });

  test('may, as the pipeline, run a preflight and see runs, and nothing else', () => {
    const pipeline = principalOf(
      headersWith({
        auth_typ: 'aad',
        claims: [
          { typ: 'aud', val: '11111111-2222-4333-8444-555555555555' },
          { typ: 'azp', val: '99999999-2222-4333-8444-555555555555' },
          { typ: 'idtyp', val: 'app' },
          { typ: 'roles', val: 'deployer' },
        ],
      }),
      inFront,
    );
    assert.ok(pipeline);
    assert.equal(pipeline.name, 'program 99999999-2222-4333-8444-555555555555');
    const may = (['reader', 'deployer', 'operator', 'data-officer'] as const).filter((role) =>
      mayAs(pipeline, role),
    );
    assert.deepEqual(may, ['reader', 'deployer']);
    assert.equal(mayAs({ name: 'olga', roles: new Set(['operator']) }, 'deployer'), true);
    assert.equal(mayAs({ name: 'ann', roles: new Set(['reader', 'data-officer']) }, 'deployer'), false);
  });
});
