import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConnectionPool } from 'mssql';
import { sqlServerConfiguration } from '../../shared/database/connectionString.js';

const azure = 'Server=tcp:ssd.database.windows.net,1433;Initial Catalog=ssd;';
const clientId = '11111111-2222-3333-4444-555555555555';

function authenticationOf(rest: string): unknown {
  return sqlServerConfiguration(azure + rest).authentication;
}

const identity = (options: object) => ({ type: 'azure-active-directory-msi-app-service', options });

describe('the connection string of a SQL Server', () => {
  it('from the portal for a SQL login becomes an encrypted connection with a checked certificate', () => {
    const { server, port, database, authentication, options } = sqlServerConfiguration(
      `${azure}Persist Security Info=False;User ID=sender;Password={hunter2};MultipleActiveResultSets=False;Encrypt=True;TrustServerCertificate=False;Connection Timeout=30;`,
    );
    assert.deepEqual(
      { server, port, database },
      { server: 'ssd.database.windows.net', port: 1433, database: 'ssd' },
    );
    assert.deepEqual(authentication, {
      type: 'default',
      options: { userName: 'sender', password: '{hunter2}' },
    });
    assert.equal(options?.encrypt, true);
    assert.equal(options.trustServerCertificate, false);
  });

  it('signs in with the managed identity, or with the user-assigned one when it gives a client id', () => {
    for (const name of [
      'Active Directory Managed Identity',
      '"Active Directory MSI"',
      'ActiveDirectoryManagedIdentity',
    ]) {
      assert.deepEqual(authenticationOf(`Authentication=${name}`), identity({}));
      assert.deepEqual(
        authenticationOf(`User Id=${clientId};Authentication=${name};`),
        identity({ clientId }),
      );
    }
  });

  it('that does not say who signs in means the managed identity of the app', () => {
    assert.deepEqual(authenticationOf(''), identity({}));
  });

  it('signs in with the default credential and with a service principal', () => {
    assert.deepEqual(authenticationOf(`Authentication="Active Directory Default";User Id=${clientId}`), {
      type: 'azure-active-directory-default',
      options: { clientId },
    });
    const principal = `Authentication=Active Directory Service Principal;User Id=${clientId};Password=hunter2`;
    assert.deepEqual(authenticationOf(`${principal};Tenant Id=council`), {
      type: 'azure-active-directory-service-principal-secret',
      options: { clientId, clientSecret: 'hunter2', tenantId: 'council' },
    });
    assert.throws(() => authenticationOf(principal), /Tenant Id/);
  });

  it('is read here because the driver treats each of these as a SQL login', () => {
    for (const name of ['Managed Identity', 'Default', 'Service Principal']) {
      const read: object = ConnectionPool.parseConnectionString(
        `${azure}Authentication=Active Directory ${name}`,
      );
      assert.equal(Reflect.get(read, 'authentication_type'), 'default');
    }
  });

  it('is split here because the driver treats braces as quotes, and two semicolons as one in the value', () => {
    for (const [written, password, takenByDriver] of [
      ['{hunter2}', '{hunter2}', 'hunter2'],
      ['hunter2;', 'hunter2', 'hunter2;Database=ssd'],
    ] as const) {
      const string = `Server=db01;User Id=sender;Password=${written};Database=ssd`;
      const { authentication, database } = sqlServerConfiguration(string);
      assert.deepEqual(authentication?.options, { userName: 'sender', password });
      assert.equal(database, 'ssd');
      assert.equal(Reflect.get(ConnectionPool.parseConnectionString(string), 'password'), takenByDriver);
    }
  });

  it('leaves the certificate unchecked only when it asks for that', () => {
    const trusts = (rest: string) => sqlServerConfiguration(azure + rest).options?.trustServerCertificate;
    assert.equal(trusts('TrustServerCertificate=true'), true);
    assert.equal(trusts('Trust Server Certificate=Yes'), true);
    assert.equal(trusts(''), false);
    assert.equal(trusts('Password="a;TrustServerCertificate=true";User Id=b'), false);
  });

  it('is always encrypted: turning that off is an error', () => {
    const encrypts = (rest: string) => sqlServerConfiguration(azure + rest).options?.encrypt;
    assert.equal(encrypts(''), true);
    assert.equal(encrypts('Encrypt=Mandatory'), true);
    assert.equal(encrypts('Encrypt=Strict'), 'strict');
    assert.throws(() => encrypts('Encrypt=False'), /encryption/);
  });

  it('may hold any sign in a quoted password', () => {
    assert.deepEqual(authenticationOf(`UID=sender;PWD="a;b=""c'"`), {
      type: 'default',
      options: { userName: 'sender', password: `a;b="c'` },
    });
  });

  it('may name an instance, or this machine', () => {
    const named = sqlServerConfiguration('Data Source=db01\\SSD;Database=ssd');
    assert.deepEqual([named.server, named.options?.instanceName], ['db01', 'SSD']);
    assert.equal(sqlServerConfiguration('Server=.;Database=ssd').server, 'localhost');
  });

  it('that asks for something unsupported is an error that says what is supported, and quotes nothing', () => {
    for (const rest of [
      'Authentication=Active Directory Password;User Id=a;Password=hunter2',
      'Authentication=Active Directory Integrated;Password=hunter2',
      'Integrated Security=SSPI;Password=hunter2',
      'Password=hunter2',
    ]) {
      assert.throws(
        () => authenticationOf(rest),
        (error: unknown) =>
          error instanceof Error &&
          error.message.includes('Managed Identity') &&
          !error.message.includes('hunter2'),
      );
    }
  });
});
