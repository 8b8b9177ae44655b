import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { openDatabase } from '../../shared/database/open.js';
import { postgresServerOf } from '../../shared/database/postgresConnectionString.js';

const impatient = { firstWaitMs: 10, longestWaitMs: 20, budgetMs: 200 };

/** A port of this machine on which nothing listens. */
async function aClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

/** Fails unless the message is as expected and no part of the error has the password. */
function withoutPassword(message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /hunter2/);
    return true;
  };
}

describe('a connection string', () => {
  it('of a server that does not answer is an error that names the server and not the password', async () => {
    const port = await aClosedPort();
    await assert.rejects(
      openDatabase(`Server=tcp:127.0.0.1,${port};Database=ssd;User Id=sender;Password=hunter2;Encrypt=true`, {
        patience: impatient,
      }),
      withoutPassword(new RegExp(`127\\.0\\.0\\.1:${port}`)),
    );
  });

  it('that names no server is an error that says so', async () => {
    for (const wrong of [
      'Database=ssd;User Id=sender;Password=hunter2',
      'Server=;Password=hunter2',
      'hunter2',
      '',
    ]) {
      await assert.rejects(openDatabase(wrong), withoutPassword(/names no server/));
    }
  });

  it('that is still a reference to a secret is an error that says what to check, and not where the secret is', async () => {
    for (const reference of [
      '@Microsoft.KeyVault(SecretUri=https://hunter2.vault.azure.net/secrets/SSD-CONNECTION-STRING/)',
      '@microsoft.keyvault(VaultName=hunter2;SecretName=SSD-CONNECTION-STRING)',
    ]) {
      await assert.rejects(openDatabase(reference), withoutPassword(/role Key Vault Secrets User/));
    }
  });

  it('of a PostgreSQL server that does not answer is an error that names the server and not the password', async () => {
    const port = await aClosedPort();
    for (const host of ['127.0.0.1', 'localhost']) {
      await assert.rejects(
        openDatabase(`postgres://sender:hunter2@${host}:${port}/ssd`, { patience: impatient }),
        withoutPassword(new RegExp(`${host}:${port} \\(ECONNREFUSED\\)`)),
      );
    }
  });

  it('of a PostgreSQL server that cannot be read is an error without the password', async () => {
    for (const wrong of [
      'postgres://',
      'postgresql:///ssd',
      'postgres://sender:hunter2@db.example',
      'postgres://db.example/hunter2',
      'postgres://sender:hunter2@db.example:port/ssd',
      'postgres://sender:12/hunter2@db.example/ssd',
      'postgres://sender:12?hunter2@db.example/ssd',
      'postgres://sender:12#hunter2@db.example/ssd',
      'postgres://sender:hunter2%@db.example/ssd',
      'postgres://sender:hunter2@db.example/ssd?sslmode=disable',
      'postgres://sender:hunter2@db.example/ssd?sslmode=no-verify',
      'postgres://sender:hunter2@db.example/ssd?sslrootcert=/hunter2.pem',
      'postgres://sender:hunter2@db.example/ssd?authentication=managed-identity',
      'postgres://sender@db.example/ssd?authentication=hunter2',
      'postgres://sender:hunter2@db.example/ssd?clientId=3',
    ]) {
      await assert.rejects(openDatabase(wrong), withoutPassword(/The connection string .*should look like/));
    }
  });

  it('of a PostgreSQL server means a checked certificate, unless the server is this machine', () => {
    const ssl = (hostAndMore: string) => postgresServerOf(`postgres://sender:hunter2@${hostAndMore}`).ssl;
    for (const there of [
      'db.example/ssd',
      'localhost.example/ssd',
      '127.0.0.1.example/ssd',
      '10.0.0.4/ssd',
    ]) {
      for (const mode of ['', '?sslmode=require', '?sslmode=verify-full']) {
        assert.deepEqual(ssl(`${there}${mode}`), { rejectUnauthorized: true });
      }
    }
    for (const here of ['localhost/ssd', '127.0.0.1:5433/ssd', '[::1]/ssd']) {
      assert.equal(ssl(here), false);
      assert.equal(ssl(`${here}?sslmode=disable`), false);
      assert.deepEqual(ssl(`${here}?sslmode=require`), { rejectUnauthorized: true });
    }
  });

  it('that ends inside quotation marks is an error without the password', async () => {
    await assert.rejects(openDatabase('Server=db.example;Password="hunter2'), withoutPassword(/\w/));
  });

  it('`embedded:` gives each opening a database of its own', async () => {
    const [one, other] = await Promise.all([openDatabase('embedded:'), openDatabase('embedded:')]);
    try {
      await one.query('CREATE TABLE mine (id int)');
      await assert.rejects(other.query('SELECT id FROM mine'), /does not exist/);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('`embedded:` with a folder keeps the rows there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'csc-embedded-'));
    try {
      const first = await openDatabase(`embedded:${folder}`);
      await first.query('CREATE TABLE kept (id int)');
      await first.query('INSERT INTO kept (id) VALUES (@id)', { id: 7 });
      await first.close();
      const second = await openDatabase(`embedded:${folder}`);
      assert.deepEqual(await second.query('SELECT id FROM kept'), [{ id: 7 }]);
      await second.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
