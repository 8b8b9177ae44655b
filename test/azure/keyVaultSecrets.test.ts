import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { ManagedIdentityCredential } from '@azure/identity';
import {
  keyVaultCredentials,
  keyVaultPseudonymKey,
  secretClientOf,
  type SecretRead,
} from '../../shared/azure/keyVaultSecrets.js';
import { CredentialsError } from '../../shared/dfe/credentials.js';
import { unassignedClientId } from '../local/keyVault.js';
import { vault, kept, anyValue, now, minutesPass, theClient, theCredentials } from './aVault.js';

async function problemOf(read: Promise<unknown>): Promise<CredentialsError> {
  const error: unknown = await read.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CredentialsError, String(error));
  assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), anyValue);
  assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /token-of-the-identity/);
  return error;
}

describe('the credentials in a Key Vault', () => {
  test('are read with the identity of the app, all four together, and kept for the set time', async () => {
    const credentials = theCredentials();
    assert.deepEqual(await credentials.current(), {
      clientId: 'the-client-id',
      clientSecret: 'the-client-secret',
      supplierKeys: ['the-primary-key', 'the-secondary-key'],
      remarks: [],
    });
    assert.deepEqual(vault.reads.toSorted(), Object.keys(kept));
    minutesPass(59);
    await credentials.current();
    assert.equal(vault.reads.length, 4);
    minutesPass(2);
    vault.hold({ 'DFE-SUPPLIER-KEY': 'the-next-key' });
    assert.deepEqual((await credentials.current()).supplierKeys, ['the-next-key', 'the-secondary-key']);
    assert.equal(vault.reads.length, 8);
  });

  test('are read once for all who ask at the same time', async () => {
    const credentials = theCredentials();
    await Promise.all(Array.from({ length: 20 }, () => credentials.current()));
    assert.equal(vault.reads.length, 4);
    minutesPass(2);
    await Promise.all(Array.from({ length: 20 }, () => credentials.renewed()));
    assert.equal(vault.reads.length, 8);
  });

  test('are renewed at once, but no more than once a minute', async () => {
    const credentials = theCredentials();
    await credentials.current();
    vault.hold({ 'DFE-CLIENT-SECRET': 'the-next-client-secret' });
    assert.equal((await credentials.renewed()).clientSecret, 'the-client-secret', 'read a moment ago');
    minutesPass(1);
    assert.equal((await credentials.renewed()).clientSecret, 'the-next-client-secret');
    assert.equal((await credentials.current()).clientSecret, 'the-next-client-secret');
    for (let storm = 0; storm < 100; storm += 1) await credentials.renewed();
    assert.equal(vault.reads.length, 8);
  });

  test('are no more than one key where the secondary is missing, disabled, empty or the primary again', async () => {
    vault.remove('DFE-SUPPLIER-KEY-SECONDARY');
    assert.deepEqual((await theCredentials().current()).supplierKeys, ['the-primary-key']);
    for (const secondary of [{ value: 'x', enabled: false }, ' \n', 'the-primary-key']) {
      vault.hold({ 'DFE-SUPPLIER-KEY-SECONDARY': secondary });
      assert.deepEqual((await theCredentials().current()).supplierKeys, ['the-primary-key']);
    }
  });

  test('lose the line break at their end', async () => {
    vault.hold({ 'DFE-CLIENT-SECRET': 'the-client-secret\r\n' });
    assert.equal((await theCredentials().current()).clientSecret, 'the-client-secret');
  });

  test('are used even if they have expired in the vault, with a remark in case DfE refuses them', async () => {
    vault.hold({ 'DFE-CLIENT-SECRET': { value: 'the-client-secret', expires: new Date('2026-11-01') } });
    const { clientSecret, remarks } = await theCredentials().current();
    assert.equal(clientSecret, 'the-client-secret');
    assert.deepEqual(remarks, [
      `The secret DFE-CLIENT-SECRET in the Key Vault ${new URL(vault.uri).host} expired on 2026-11-01: give it a new version with what DfE has issued.`,
    ]);
  });

  test('are reported with the days that they have left, each time they are read', async () => {
    const reads: SecretRead[] = [];
    vault.hold({
      'DFE-CLIENT-SECRET': { value: 'the-client-secret', expires: new Date('2026-11-20T14:00:00Z') },
      'DFE-SUPPLIER-KEY': { value: 'the-primary-key', expires: new Date('2026-11-08T02:00:00Z') },
    });
    vault.remove('DFE-SUPPLIER-KEY-SECONDARY');
    const credentials = theCredentials({ onRead: (read) => reads.push(read) });
    await credentials.current();
    await credentials.current();
    assert.deepEqual(reads, [
      { secret: 'DFE-CLIENT-ID', outcome: 'read' },
      { secret: 'DFE-CLIENT-SECRET', outcome: 'read', daysLeft: 10.5 },
      { secret: 'DFE-SUPPLIER-KEY', outcome: 'expired', daysLeft: -2 },
    ]);
    vault.remove('DFE-CLIENT-ID');
    minutesPass(61);
    await problemOf(credentials.current());
    assert.deepEqual(reads.slice(3), [
      { secret: 'DFE-CLIENT-ID', outcome: 'unreadable' },
      ...reads.slice(1, 3).map((read) => ({ ...read, daysLeft: (read.daysLeft ?? 0) - 61 / (24 * 60) })),
    ]);
  });

  test('that cannot be read are read again the next time, and a failed renewal keeps the earlier ones', async () => {
    const credentials = theCredentials();
    vault.fail('busy');
    assert.equal((await problemOf(credentials.current())).isTransient, true);
    vault.fail(undefined);
    await credentials.current();
    minutesPass(2);
    vault.fail('busy');
    await problemOf(credentials.renewed());
    assert.equal((await credentials.current()).clientId, 'the-client-id');
  });
});

describe('a Key Vault that does not give the credentials', () => {
  const all = 'DFE-CLIENT-ID, DFE-CLIENT-SECRET, DFE-SUPPLIER-KEY, DFE-SUPPLIER-KEY-SECONDARY';
  const cases: readonly (readonly [what: string, prepare: () => void, says: string, isTransient: boolean])[] =
    [
      [
        'has no such secret',
        () => {
          vault.remove('DFE-CLIENT-ID');
          vault.remove('DFE-SUPPLIER-KEY');
        },
        'DFE-CLIENT-ID, DFE-SUPPLIER-KEY: no such secret, add it.',
        false,
      ],
      [
        'has it disabled',
        () => vault.hold({ 'DFE-CLIENT-SECRET': { value: 'the-client-secret', enabled: false } }),
        'DFE-CLIENT-SECRET: disabled, enable it or give it a new version.',
        false,
      ],
      [
        'has nothing in it',
        () => vault.hold({ 'DFE-CLIENT-SECRET': ' ' }),
        'DFE-CLIENT-SECRET: empty, set its value.',
        false,
      ],
      [
        'holds what cannot be a key',
        () => vault.hold({ 'DFE-SUPPLIER-KEY': 'the-primary-key\nthe-secondary-key' }),
        'DFE-SUPPLIER-KEY: holds a line break or a letter that no credential has, set its value again.',
        false,
      ],
      [
        'lacks one and has another disabled',
        () => {
          vault.remove('DFE-CLIENT-ID');
          vault.hold({ 'DFE-CLIENT-SECRET': { value: 'the-client-secret', enabled: false } });
        },
        'DFE-CLIENT-ID: no such secret, add it. DFE-CLIENT-SECRET: disabled, enable it or give it a new version.',
        false,
      ],
      [
        'does not permit it',
        () => vault.fail('ForbiddenByRbac'),
        `${all}: not permitted, give the identity of the app the role Key Vault Secrets User on the vault.`,
        false,
      ],
      [
        'blocks the network',
        () => vault.fail('ForbiddenByFirewall'),
        `${all}: the vault's firewall blocks the app, let its network in (private endpoint or virtual network rule).`,
        false,
      ],
      [
        'does not know the identity',
        () => vault.fail('otherTenant'),
        `${all}: the vault does not accept the identity of the app, check that both are in the same tenant.`,
        false,
      ],
      ['is busy', () => vault.fail('busy'), `${all}: the vault answered 503.`, true],
      [
        'breaks the connection',
        () => vault.fail('cut off'),
        `${all}: the vault could not be reached, check KEY_VAULT_URI, its private DNS and its firewall.`,
        true,
      ],
    ];
  for (const [what, prepare, says, isTransient] of cases) {
    test(`because it ${what}, is an error with the names and what to do`, async () => {
      prepare();
      const error = await problemOf(theCredentials().current());
      assert.equal(
        error.message,
        `The credentials for DfE could not be read from the Key Vault ${new URL(vault.uri).host}. ${says}`,
      );
      assert.equal(error.isTransient, isTransient);
    });
  }

  test('because it cannot be reached, may be reachable in a moment', async () => {
    const error = await problemOf(theCredentials({ uri: 'https://127.0.0.1:1' }).current());
    assert.match(error.message, /the Key Vault 127\.0\.0\.1:1\. DFE-CLIENT-ID, .*could not be reached/);
    assert.equal(error.isTransient, true);
  });

  test('because the app has no identity, is an error that says so', async () => {
    const error = await problemOf(theCredentials({ clientId: unassignedClientId }).current());
    assert.match(error.message, /managed identity of the app gave no token, .*KEY_VAULT_CLIENT_ID/);
    // There are moments in which the identity endpoint gives no token.
    assert.equal(error.isTransient, true);
    assert.equal(vault.reads.length, 0);
  });

  test('because the address is that of something else, does not get a token', async () => {
    const identity = new ManagedIdentityCredential({ clientId: randomUUID() });
    const client = secretClientOf(vault.uri, identity, { tlsOptions: { ca: vault.certificate } });
    const error = await problemOf(keyVaultCredentials(client, { keptMs: 1, now: () => now }).current());
    assert.match(error.message, /the vault could not be read \(Error\), check KEY_VAULT_URI/);
    assert.equal(vault.reads.length, 0);
  });
});

describe('the key of the pseudonyms in a Key Vault', () => {
  const key = 'a1'.repeat(32);
  const readKey = (onRead?: (read: SecretRead) => void) =>
    keyVaultPseudonymKey(theClient(), { now: () => now, ...(onRead === undefined ? {} : { onRead }) });

  test('is read alone, even after its expiry date, and the reading is reported', async () => {
    const reported: SecretRead[] = [];
    vault.hold({ 'PSEUDONYM-KEY': { value: `${key}\n`, expires: new Date('2026-11-08T02:00:00Z') } });
    assert.equal(await readKey((read) => reported.push(read)), key);
    assert.deepEqual(vault.reads, ['PSEUDONYM-KEY']);
    assert.deepEqual(reported, [{ secret: 'PSEUDONYM-KEY', outcome: 'expired', daysLeft: -2 }]);
  });

  test('that is missing is an error that says what is not sent and what to do', async () => {
    const reported: SecretRead[] = [];
    const { message } = await problemOf(readKey((read) => reported.push(read)));
    assert.match(message, /no child is sent to a test receiver without it\. PSEUDONYM-KEY: no such secret/);
    assert.deepEqual(reported, [{ secret: 'PSEUDONYM-KEY', outcome: 'unreadable' }]);
  });

  test('that is not 64 hexadecimal digits is not used or quoted', async () => {
    for (const wrong of ['the-client-key', key.slice(1), `${key}a`, 'z'.repeat(64)]) {
      vault.hold({ 'PSEUDONYM-KEY': wrong });
      const { message } = await problemOf(readKey());
      assert.match(message, /PSEUDONYM-KEY: not 64 hexadecimal digits/);
      assert.ok(!message.includes(wrong));
    }
  });
});
