import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database, Engine } from '../../shared/database/database.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';

/** A database of which only its kind is asked. */
function aDatabase(engine: Engine): Database {
  const unused = () => Promise.reject(new Error('not asked'));
  return { engine, query: unused, queryTogether: unused, transaction: unused, close: unused };
}

test('SQL Server takes two ids for one that differ in case only, PostgreSQL does not', () => {
  const onSqlServer = new StagingTable(aDatabase('sqlserver'), 'staging');
  assert.equal(onSqlServer.keyOf('Ab1'), onSqlServer.keyOf('aB1'));
  const onPostgres = new StagingTable(aDatabase('postgres'), 'staging');
  assert.notEqual(onPostgres.keyOf('Ab1'), onPostgres.keyOf('aB1'));
});
