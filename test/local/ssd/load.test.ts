import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Database, Parameters } from '../../../shared/database/database.js';
import { tableNames, type SsdRow } from '../../../infra/syntheticSsd/columns.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { tableLayout } from '../../../infra/syntheticSsd/layout.js';
import {
  applyChanges,
  deleteRows,
  loadRows,
  loadSsd,
  replaceRows,
  upsertRows,
} from '../../../infra/syntheticSsd/load.js';
import { inIdOrder, readBack } from './readBack.js';
import { emptySsd, openTestSchema, testEngines, type TestSchema } from '../../database/engines.js';

function aScore(id: string, reason: string | null, score = 12): SsdRow {
  return {
    csdq_table_id: id,
    csdq_person_id: '1000001',
    csdq_sdq_completed_date: '2026-02-28',
    csdq_sdq_score: score,
    csdq_sdq_reason: reason,
  };
}

for (const engine of testEngines) {
  describe(`rows loaded into ${engine.name}`, () => {
    let made: TestSchema;
    let database: Database;
    let schema: string;
    before(async () => {
      made = await openTestSchema(engine);
      ({ database, schema } = made);
    });
    after(() => made.remove());

    it('come back as they went in, for every table of 300 children', async () => {
      await emptySsd(database, schema);
      const ssd = generateSsd({ children: 300, seed: 'load', today: '2026-08-11' });
      const counts = await loadSsd(database, schema, ssd.entries(), { batchRows: 250 });
      for (const table of tableNames) {
        const id = tableLayout(table, 'systemc').rowId.name;
        const expected = inIdOrder([...ssd.rows(table)], id);
        assert.deepEqual(await readBack(database, schema, table), expected, table);
        assert.equal(counts.get(table), expected.length);
      }
    });

    it('keep any text byte for byte', async () => {
      await emptySsd(database, schema);
      const awkward = [
        '🙂👩‍👧',
        'حضرت الأم',
        "O'Brien ''",
        'Zoe\u0308',
        '\u2028\u2029',
        '\\n "x" @rows $1 %s',
        ' x',
      ];
      const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 20 }), { numRuns: 200, seed: 7 });
      const rows = [...awkward, ...texts]
        .filter((text) => !text.includes('\0'))
        .map((text, at) => aScore(String(1000 + at), text));
      assert.equal(await loadRows(database, schema, 'ssd_sdq_scores', rows, { batchRows: 50 }), rows.length);
      assert.deepEqual(await readBack(database, schema, 'ssd_sdq_scores'), rows);
    });

    it('are refused rather than cut when a value is too long', async () => {
      await emptySsd(database, schema);
      await assert.rejects(loadRows(database, schema, 'ssd_sdq_scores', [aScore('1', 'x'.repeat(101))]));
      assert.deepEqual(await readBack(database, schema, 'ssd_sdq_scores'), []);
    });

    it('can be replaced, deleted and written over', async () => {
      await emptySsd(database, schema);
      const table = 'ssd_sdq_scores';
      await loadRows(database, schema, table, [aScore('1', 'old'), aScore('2', 'old')]);
      await replaceRows(database, schema, table, [aScore('3', null), aScore('4', null), aScore('5', null)]);
      await deleteRows(database, schema, table, ['4', 'unknown']);
      await upsertRows(database, schema, table, [aScore('5', 'new'), aScore('6', 'new')]);
      assert.deepEqual(await readBack(database, schema, table), [
        aScore('3', null),
        aScore('5', 'new'),
        aScore('6', 'new'),
      ]);
    });

    it('stay as they were when one of several changes fails', async () => {
      await emptySsd(database, schema);
      const table = 'ssd_sdq_scores';
      await loadRows(database, schema, table, [aScore('1', 'old')]);
      const changes = [
        { table, upsert: [aScore('1', 'new')], delete: [] },
        { table: 'ssd_disability', upsert: [{ disa_table_id: '1' }], delete: [] },
      ] as const;
      await assert.rejects(applyChanges(database, schema, changes));
      assert.deepEqual(await readBack(database, schema, table), [aScore('1', 'old')]);
    });

    it('go by the ids of Mosaic, which are numbers in some tables', async () => {
      await emptySsd(database, schema, 'mosaic');
      const options = { system: 'mosaic' } as const;
      const table = 'ssd_cin_episodes';
      const rows = [11, 12].map((id) => ({ cine_referral_id: id, cine_person_id: '1' }));
      await loadRows(database, schema, table, rows, options);
      await deleteRows(database, schema, table, ['11'], options);
      const left = await readBack(database, schema, table, 'mosaic');
      assert.deepEqual(
        left.map((row) => row['cine_referral_id']),
        [12],
      );
    });
  });
}

describe('the T-SQL of the loader', () => {
  /** Stands in for SQL Server and keeps what it was asked. */
  function recorder(): { database: Database; asked: [sql: string, parameters: Parameters | undefined][] } {
    const asked: [string, Parameters | undefined][] = [];
    const query: Database['query'] = (sql, parameters) => {
      asked.push([sql, parameters]);
      return Promise.resolve([]);
    };
    const database: Database = {
      engine: 'sqlserver',
      query,
      queryTogether: () => Promise.reject(new Error('not asked for')),
      transaction: (work) => work({ query }),
      close: () => Promise.resolve(),
    };
    return { database, asked };
  }

  it('sends a batch as one statement with one parameter, reading text uncut and dates in any language', async () => {
    const { database, asked } = recorder();
    await loadRows(
      database,
      'ssd',
      'ssd_sdq_scores',
      [aScore('1', 'a'), aScore('2', 'b'), aScore('3', 'c')],
      {
        batchRows: 2,
      },
    );
    assert.equal(asked.length, 2);
    const columns =
      '[csdq_table_id], [csdq_person_id], [csdq_sdq_completed_date], [csdq_sdq_score], [csdq_sdq_reason]';
    assert.deepEqual(asked[0], [
      `INSERT INTO [ssd].[ssd_sdq_scores] (${columns}) SELECT ${columns} FROM OPENJSON(@rows) WITH (` +
        "[csdq_table_id] nvarchar(max) '$.csdq_table_id', [csdq_person_id] nvarchar(max) '$.csdq_person_id', " +
        "[csdq_sdq_completed_date] datetime2(3) '$.csdq_sdq_completed_date', " +
        "[csdq_sdq_score] int '$.csdq_sdq_score', [csdq_sdq_reason] nvarchar(max) '$.csdq_sdq_reason')",
      { rows: JSON.stringify([aScore('1', 'a'), aScore('2', 'b')]) },
    ]);
  });

  it('deletes by a list of ids in one parameter', async () => {
    const { database, asked } = recorder();
    await deleteRows(database, 'ssd', 'ssd_person', ['1', '2']);
    assert.deepEqual(asked, [
      [
        "DELETE FROM [ssd].[ssd_person] WHERE [pers_person_id] IN (SELECT id FROM OPENJSON(@ids) WITH (id nvarchar(4000) '$'))",
        { ids: '["1","2"]' },
      ],
    ]);
  });

  it('does not ask the database anything when there are no rows', async () => {
    const { database, asked } = recorder();
    assert.equal(await loadRows(database, 'ssd', 'ssd_person', []), 0);
    await deleteRows(database, 'ssd', 'ssd_person', []);
    assert.deepEqual(asked, []);
  });
});
