import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { openDatabase } from '../../shared/database/open.js';
import { grantCommand } from '../../shared/commands/grant.js';
import { sidOf } from '../../shared/database/identitySid.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';
import { migrate } from '../local/migrations.js';

const clientId = '00112233-4455-6677-8899-aabbccddeeff';
const environment = { SSD_CONNECTION_STRING: 'embedded:', SSD_PROFILE: 'systemc' };

describe('the SID of an identity', () => {
  it('is its client id in the byte order in which SQL Server keeps a GUID', () => {
    // The order of .NET's Guid.ToByteArray, and of CAST(uniqueidentifier AS varbinary(16)).
    assert.equal(sidOf(clientId), '0x33221100554477668899AABBCCDDEEFF');
    assert.equal(sidOf(` ${clientId.toUpperCase()} `), sidOf(clientId));
  });

  it('is not made of anything that is no GUID', () => {
    for (const wrong of ['', 'csc-api', clientId.slice(1), `${clientId}'; DROP TABLE x`]) {
      assert.throws(() => sidOf(wrong), /client id must look like/);
    }
  });
});

describe('npm run grant', () => {
  it('gives the user its rights and prints all of them', async () => {
    const database = await openDatabase('embedded:');
    for (const sql of createTables(database.engine, 'ssd_development', 'systemc')) await database.query(sql);
    await migrate(database, 'ssd_api_data_staging');
    await database.query('CREATE ROLE app');
    const written: string[] = [];
    const code = await grantCommand(
      ['--user', 'app'],
      environment,
      (text) => written.push(text),
      () => Promise.resolve(database),
    );
    assert.equal(code, 0, written.join(''));
    assert.match(written.join(''), /SELECT .*ssd_person\n/);
    assert.match(written.join(''), /DELETE .*ssd_api_data_staging\n/);
  });

  it('makes the user of an identity on Azure SQL before it grants', async () => {
    const asked: string[] = [];
    const database: Database = {
      engine: 'sqlserver',
      query: (sql) => {
        asked.push(sql);
        return Promise.resolve([]);
      },
      queryTogether: () => Promise.reject(new Error('not asked')),
      transaction: () => Promise.reject(new Error('not asked')),
      close: () => Promise.resolve(),
    };
    const code = await grantCommand(
      ['--user', 'id-csc-prod', '--client-id', clientId],
      environment,
      () => undefined,
      () => Promise.resolve(database),
    );
    assert.equal(code, 0);
    const made = asked.findIndex((sql) =>
      sql.includes('CREATE USER [id-csc-prod] WITH SID = 0x33221100554477668899AABBCCDDEEFF, TYPE = E'),
    );
    const granted = asked.findIndex((sql) =>
      sql.includes('GRANT SELECT ON OBJECT::ssd_development.ssd_person TO [id-csc-prod]'),
    );
    assert.ok(made >= 0 && made < granted);
  });

  it('puts no name into a script that could end its brackets', async () => {
    for (const user of ['x]; DROP TABLE y; --', "x'", '', 'a b']) {
      const written: string[] = [];
      const open = () => Promise.reject(new Error('must not be opened'));
      assert.equal(await grantCommand(['--user', user], environment, (text) => written.push(text), open), 1);
      assert.match(written.join(''), /^Usage/);
    }
  });

  it('says what is wrong when settings are missing or the database refuses', async () => {
    const written: string[] = [];
    assert.equal(await grantCommand(['--user', 'app'], {}, (text) => written.push(text)), 1);
    assert.match(written.join(''), /SSD_CONNECTION_STRING is missing/);
    written.length = 0;
    assert.equal(await grantCommand(['--user', 'nobody'], environment, (text) => written.push(text)), 1);
    assert.notEqual(written.join(''), '');
  });
});
