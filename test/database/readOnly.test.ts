import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { readOnly, ReadOnlyError } from '../../shared/database/readOnly.js';

describe('a database that is only read', () => {
  const asked: string[] = [];
  const server: Database = {
    engine: 'sqlserver',
    query: (sql) => {
      asked.push(sql);
      return Promise.resolve([{ one: 1 }]);
    },
    queryTogether: (selects) => Promise.reject(new Error(JSON.stringify(selects))),
    transaction: (work) => work(server),
    close: () => Promise.resolve(),
  };
  const database = readOnly(server);

  it('is asked what a SELECT asks', async () => {
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
    assert.deepEqual(asked.splice(0), ['SELECT 1 AS one']);
  });

  it('is sent nothing that would change it', async () => {
    for (const sql of [
      'SELECT * INTO copy FROM ssd_person',
      'CREATE TABLE mark (seed int)',
      'UPDATE ssd_person SET pers_sex = NULL',
      'WITH gone AS (DELETE FROM ssd_person RETURNING *) SELECT * FROM gone',
    ]) {
      await assert.rejects(database.query(sql), ReadOnlyError);
      await assert.rejects(database.queryTogether({ one: 'SELECT 1 AS one', sql }), ReadOnlyError);
    }
    await assert.rejects(
      database.transaction(() => Promise.resolve()),
      ReadOnlyError,
    );
    assert.deepEqual(asked, []);
  });
});
