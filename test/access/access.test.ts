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
  test('is anyone with the function key, when Entra ID is not in front', () => {
    for (const role of roles) assert.equal(denialOf(undefined, role, {}), undefined);
  });

  test('is anyone with the key, except for calls that name children, when Entra ID is in front', () => {
    assert.equal(denialOf(undefined, 'reader', inFront), undefined);
    assert.equal(denialOf(undefined, 'operator', inFront), undefined);
    assert.equal(denialOf(undefined, 'data-officer', inFront)?.status, 401);
  });

  test('is no one without a sign-in when the council requires it, and the answer says what to do', () => {
    for (const role of roles) {
      assert.equal(denialOf(undefined, role, { ...inFront, ...mustSignIn })?.status, 401);
      const refusal = denialOf(undefined, role, mustSignIn);
      assert.equal(refusal?.status, 401);
      assert.equal(refusal.jsonBody.role, role);
      assert.match(refusal.jsonBody.error, /HTTP_NEEDS_SIGN_IN .* no Entra ID .* switch it on/);
    }
  });

  test('is no one without a sign-in when the setting cannot be read', () => {
    assert.equal(denialOf(undefined, 'reader', { HTTP_NEEDS_SIGN_IN: 'yes' })?.status, 401);
    assert.equal(denialOf(undefined, 'reader', { HTTP_NEEDS_SIGN_IN: '' }), undefined);
    assert.equal(denialOf(undefined, 'reader', { HTTP_NEEDS_SIGN_IN: 'false' }), undefined);
  });

  test('depends on the roles of the person who is signed in, also when a key alone would do', () => {
    assert.equal(denialOf(someoneWith('operator'), 'operator', inFront), undefined);
    assert.equal(denialOf(someoneWith('operator'), 'reader', inFront), undefined);
    const refusal = denialOf(someoneWith('reader'), 'operator', inFront);
    assert.equal(refusal?.status, 403);
    assert.match(refusal.jsonBody.error, /needs the app role operator .* have reader\./);
    assert.equal(denialOf(someoneWith(), 'reader', inFront)?.status, 403);
  });
});
