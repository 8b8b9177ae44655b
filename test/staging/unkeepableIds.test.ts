import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { UnkeepableIdsError } from '../../shared/staging/unkeepableIds.js';
import { aNewChild } from './children.js';

/** SQL Server as far as it says what the staging table's column is; anything else is kept for the test. */
function aDatabase(collation: string): { readonly database: Database; readonly asked: string[] } {
  const asked: string[] = [];
  const columns = [{ column_name: 'person_id', data_type: 'nvarchar', collation_name: collation }];
  const database: Database = {
    engine: 'sqlserver',
    query: (sql) => {
      if (sql.includes('collation_name')) return Promise.resolve(columns);
      asked.push(sql);
      return Promise.resolve([]);
    },
    queryTogether: () => Promise.reject(new Error('not asked')),
    transaction: () => Promise.reject(new Error('nothing may be written')),
    close: () => Promise.resolve(),
  };
  return { database, asked };
}

test('Two children whose ids the staging table does not tell apart are never put into one row', async () => {
  const { database, asked } = aDatabase('Latin1_General_CI_AS');
  const table = new StagingTable(database, 'dbo.staging');
  await assert.rejects(table.stage([aNewChild('A1'), aNewChild('a1')]), (error) => {
    assert.ok(error instanceof UnkeepableIdsError);
    assert.match(error.message, /1 child\(ren\).*collation of pers_person_id/);
    assert.doesNotMatch(error.message, /A1|a1\b/);
    return true;
  });
  assert.deepEqual(asked, []);
});
