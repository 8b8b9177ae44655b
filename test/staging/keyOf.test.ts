import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database, Engine } from '../../shared/database/database.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';

/** A database of which only its kind is asked. */
function aDatabase(engine: Engine): Database {
  const unused = () => Promise.reject(new Error('not asked'));
  return { engine, query: unused, queryTogether: unused, transaction: unused, close: unused };
}

test('SQL Server takes two ids for one that differ in case or trailing blanks only, PostgreSQL does not', () => {
  const onSqlServer = new StagingTable(aDatabase('sqlserver'), 'staging');
  assert.equal(onSqlServer.keyOf('Ab1'), onSqlServer.keyOf('aB1'));
  assert.equal(onSqlServer.keyOf('Ab1'), onSqlServer.keyOf('Ab1  '));
  for (const other of [' Ab1', 'Ab1\t', 'Ab1\u00a0', 'A b1']) {
    assert.notEqual(onSqlServer.keyOf('Ab1'), onSqlServer.keyOf(other));
  }
  const onPostgres = new StagingTable(aDatabase('postgres'), 'staging');
  assert.notEqual(onPostgres.keyOf('Ab1'), onPostgres.keyOf('aB1'));
  assert.notEqual(onPostgres.keyOf('Ab1'), onPostgres.keyOf('Ab1 '));
});
