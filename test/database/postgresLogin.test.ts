import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Client } from 'pg';
import { generate } from 'selfsigned';
import { PostgresDatabase } from '../../shared/database/postgres.js';
import { openPostgresServer, type PostgresOptions } from '../../shared/database/postgresServer.js';
import { startPostgresServer } from './postgresServer.js';

const server = startPostgresServer();
const impatient = { firstWaitMs: 5, longestWaitMs: 10, budgetMs: 100 };

/** The connection string of the server, partly changed. */
function changed(change: (url: URL) => void): string {
  const url = new URL(server ?? '');
  change(url);
  return url.href;
}

async function ask(connectionString: string, sql: string, options: PostgresOptions = {}) {
  const database = new PostgresDatabase(
    await openPostgresServer(connectionString, { patience: impatient, ...options }),
  );
  try {
    return await database.query(sql);
  } finally {
    await database.close();
  }
}

/** Fails unless the message is as expected and no part of the error has anything from the connection string. */
function telling(message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
    assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /hunter2|stranger/);
    return true;
  };
}

describe('a PostgreSQL server', { skip: server === undefined, timeout: 60_000 }, () => {
  let dba: Client;
  let folder: string;
  let otherAuthority: string;
  let itsAuthority: string;

  /** Writes a file of the server that only its owner may read. */
  async function writeServerFile(name: string, content: string): Promise<void> {
    await dba.query(
      `COPY (SELECT unnest(string_to_array('${content.trim()}', E'\\n'))) TO PROGRAM 'cat > ${name} && chmod 600 ${name}'`,
    );
  }

  async function certificate(name: string): Promise<{ private: string; cert: string; file: string }> {
    const made = await generate([{ name: 'commonName', value: name }], {
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
      ],
    });
    const file = join(folder, `${name}-${made.fingerprint.slice(0, 8).replaceAll(':', '')}.pem`);
    await writeFile(file, made.cert);
    return { ...made, file };
  }

  before(async () => {
    dba = new Client({ connectionString: server });
    await dba.connect();
    folder = await mkdtemp(join(tmpdir(), 'csc-tls-'));
    const its = await certificate('localhost');
    itsAuthority = its.file;
    otherAuthority = (await certificate('localhost')).file;
    await writeServerFile('server.crt', its.cert);
    await writeServerFile('server.key', its.private);
    await dba.query('ALTER SYSTEM SET ssl = on');
    await dba.query('SELECT pg_reload_conf()');
  });
  after(async () => {
    await dba.end();
    await rm(folder, { recursive: true, force: true });
  });

  const withTls = (host: string, authority?: string): string =>
    changed((url) => {
      url.hostname = host;
      url.searchParams.set('sslmode', 'verify-full');
      if (authority !== undefined) url.searchParams.set('sslrootcert', authority);
    });

  describe('with a certificate', () => {
    it('of an unknown authority is refused, and the error says how to name the authority', async () => {
      for (const authority of [undefined, otherAuthority]) {
        await assert.rejects(
          ask(withTls('localhost', authority), 'SELECT 1'),
          telling(
            /^No connection to the database server localhost:\d+ \(\w*CERT\w*\)\. .*\?sslrootcert=<file>/,
          ),
        );
      }
    });

    it('of the authority that sslrootcert names is trusted, and the connection is encrypted', async () => {
      const sql = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
      assert.deepEqual(await ask(withTls('localhost', itsAuthority), sql), [{ ssl: true }]);
    });

    it('for another name is refused', async () => {
      await assert.rejects(
        ask(withTls('127.0.0.1', itsAuthority), 'SELECT 1'),
        telling(/127\.0\.0\.1:\d+ \(ERR_TLS_CERT_ALTNAME_INVALID\)\. .*for another name/),
      );
    });
  });

  describe('that refuses the login gives an error that says what to do', () => {
    const cases = [
      ['a wrong password', '28P01', (url: URL) => (url.password = 'hunter2'), /the user or the password/],
      ['an unknown user', '28P01', (url: URL) => (url.username = 'stranger'), /the user or the password/],
      [
        'an unknown database',
        '3D000',
        (url: URL) => (url.pathname = '/stranger'),
        /no database of that name/,
      ],
      ['no entry in pg_hba.conf', '28000', (url: URL) => (url.username = 'stranger_here'), /pg_hba\.conf/],
      ['no right to the database', '42501', (url: URL) => (url.pathname = '/hunter2_only'), /GRANT CONNECT/],
      ['an unknown host', 'ENOTFOUND', (url: URL) => (url.hostname = 'db.invalid'), /no server of that name/],
      ['a closed port', 'ECONNREFUSED', (url: URL) => (url.port = '1'), /Check that the server runs/],
    ] as const;

    before(async () => {
      await dba.query("CREATE ROLE stranger_here LOGIN PASSWORD 'x'");
      await dba.query('CREATE DATABASE hunter2_only');
      await dba.query('REVOKE CONNECT ON DATABASE hunter2_only FROM PUBLIC');
      await dba.query("CREATE ROLE plain LOGIN PASSWORD 'plain'");
      const { rows } = await dba.query<{ hba_file: string }>('SHOW hba_file');
      const file = rows[0]?.hba_file ?? '';
      await dba.query(
        `COPY (SELECT 1) TO PROGRAM 'sed -i "1i host all stranger_here all reject" ${file} && cat > /dev/null'`,
      );
      await dba.query('SELECT pg_reload_conf()');
    });

    for (const [what, code, change, advice] of cases) {
      it(what, async () => {
        const wrong = changed((url) => {
          // A superuser may use every database.
          if (code === '42501') url.username = url.password = 'plain';
          change(url);
          if (what.startsWith('an unknown host')) url.searchParams.set('sslmode', 'verify-full');
        });
        await assert.rejects(
          openPostgresServer(wrong, { patience: impatient }),
          telling(
            new RegExp(`^No connection to the database server [^ ]+:\\d+ \\(${code}[,)].*${advice.source}`),
          ),
        );
      });
    }
  });

  describe('with an identity of Microsoft Entra ID', () => {
    const byIdentity = changed((url) => {
      url.password = '';
      url.searchParams.set('authentication', 'managed-identity');
    });

    it('is given a token for each new connection', async () => {
      const scopes: unknown[] = [];
      const token = decodeURIComponent(new URL(server ?? '').password);
      const database = new PostgresDatabase(
        await openPostgresServer(byIdentity, {
          patience: impatient,
          credential: {
            getToken: (scope) => {
              scopes.push(scope);
              return Promise.resolve({ token, expiresOnTimestamp: 0 });
            },
          },
        }),
      );
      try {
        await Promise.all([1, 2].map(() => database.query('SELECT pg_sleep(0.05)')));
        await database.query('SELECT 1');
        const scope = 'https://ossrdbms-aad.database.windows.net/.default';
        assert.deepEqual(scopes, [scope, scope]);
      } finally {
        await database.close();
      }
    });

    it('that gives no token is an error that says so', async () => {
      const credential = { getToken: () => Promise.reject(new Error('no identity here')) };
      await assert.rejects(
        ask(byIdentity, 'SELECT 1', { credential }),
        telling(/\(EFEDAUTH\)\. The identity of the app gave no token/),
      );
    });

    it('whose token is refused is an error without the token', async () => {
      const credential = { getToken: () => Promise.resolve({ token: 'hunter2', expiresOnTimestamp: 0 }) };
      await assert.rejects(
        ask(byIdentity, 'SELECT 1', { credential }),
        telling(/\(28P01[,)].*pgaadauth_create_principal/),
      );
    });
  });
});
