import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { denialOf } from '../../shared/access/access.js';
import { roles, type Principal, type Role } from '../../shared/access/principal.js';

const inFront = { WEBSITE_AUTH_ENABLED: 'true' };
const mustSignIn = { HTTP_NEEDS_SIGN_IN: 'true' };

function someoneWith(...given: Role[]): Principal {
  return { name: 'ann@council.example', roles: new Set(given) };
}

describe('who may call the HTTP API', () => {
  test('is whoever holds the function key, where no Entra ID is in front', () => {
    for (const role of roles) assert.equal(denialOf(undefined, role, {}), undefined);
  });

  test('is whoever holds the key, but for what names children, where Entra ID is in front', () => {
    assert.equal(denialOf(undefined, 'reader', inFront), undefined);
    assert.equal(denialOf(undefined, 'operator', inFront), undefined);
    assert.equal(denialOf(undefined, 'data-officer', inFront)?.status, 401);
  });

  test('is nobody without a sign-in where the council wants it, and the answer says what to do', () => {
    for (const role of roles) {
      assert.equal(denialOf(undefined, role, { ...inFront, ...mustSignIn })?.status, 401);
      const refusal = denialOf(undefined, role, mustSignIn);
      assert.equal(refusal?.status, 401);
      assert.equal(refusal.jsonBody.role, role);
      assert.match(refusal.jsonBody.error, /HTTP_NEEDS_SIGN_IN .* no Entra ID .* switch it on/);
    }
  });

  test('is nobody without a sign-in when nobody can tell what the setting means', () => {
    assert.equal(denialOf(undefined, 'reader', { HTTP_NEEDS_SIGN_IN: 'yes' })?.status, 401);
    assert.equal(denialOf(undefined, 'reader', { HTTP_NEEDS_SIGN_IN: '' }), undefined);
    assert.equal(denialOf(undefined, 'reader', { HTTP_NEEDS_SIGN_IN: 'false' }), undefined);
  });

  test('is decided by the roles of whoever is signed in, also where a key alone would do', () => {
    assert.equal(denialOf(someoneWith('operator'), 'operator', inFront), undefined);
    assert.equal(denialOf(someoneWith('operator'), 'reader', inFront), undefined);
    const refusal = denialOf(someoneWith('reader'), 'operator', inFront);
    assert.equal(refusal?.status, 403);
    assert.match(refusal.jsonBody.error, /needs the app role operator .* have reader\./);
    assert.equal(denialOf(someoneWith(), 'reader', inFront)?.status, 403);
  });
});
