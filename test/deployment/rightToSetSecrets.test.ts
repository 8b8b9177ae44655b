import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { untilRoleHolds } from '../../shared/deployment/vault/rightToSetSecrets.js';
import { aClock } from './aClock.js';

/** What the SDK of Key Vault throws. */
function refused(code: string): Error {
  return Object.assign(new Error('Forbidden'), {
    name: 'RestError',
    statusCode: 403,
    details: { error: { innerError: { code } } },
  });
}

describe('a role on a vault that was just given', () => {
  it('is waited for until it holds', async () => {
    let tries = 0;
    let waits = 0;
    const result = await untilRoleHolds(
      () => {
        tries += 1;
        return tries < 3 ? Promise.reject(refused('ForbiddenByRbac')) : Promise.resolve('set');
      },
      aClock(),
      () => {
        waits += 1;
      },
    );
    assert.equal(result, 'set');
    assert.equal(waits, 2);
  });

  it('is not waited for where it is the network that is refused', async () => {
    let tries = 0;
    const action = () => {
      tries += 1;
      return Promise.reject(refused('ForbiddenByConnection'));
    };
    await assert.rejects(
      untilRoleHolds(action, aClock(), () => undefined),
      /Forbidden/,
    );
    assert.equal(tries, 1);
  });
});
