import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConnectionPool, NVarChar, VarChar } from 'mssql';
import { sqlServerConfiguration } from '../../shared/database/connectionString.js';
import type { Database, Parameters, Row } from '../../shared/database/database.js';
import { joinedRanges, rangeParameters } from '../../shared/database/idRange.js';
import { runScript } from '../../shared/database/scripts.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { UnkeepableIdsError } from '../../shared/staging/unkeepableIds.js';
import { openTestSchema, testEngines, type TestEngine } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import { catalogueAnswer, schemaOf, ssdTables, stagingColumns } from '../sql/playedCatalogue.js';
import { aNewChild } from '../staging/children.js';

const collations = ['SQL_Latin1_General_CP1_CI_AS', 'Latin1_General_CI_AS'] as const;
const mosaic = builtInProfile('mosaic').names;

/** What `varchar` and `nvarchar` put in different orders under an SQL collation. */
const ids = ['co-op', 'coop', 'Co-Op1', '-1', '1', '1-0', '10', 'A1', 'a1b', 'é', 'z'] as const;

for (const engine of testEngines.filter((each) => each.engine === 'sqlserver')) {
  for (const collation of collations) {
    describe(`ids of varchar under ${collation} (${engine.name})`, () => {
      /** Mosaic's columns as they are published, with the indexes of infra/sql. */
      async function anSsd(t: { after(work: () => Promise<void>): void }) {
        const made = await openTestSchema(engine);
        t.after(made.remove);
        const { database, schema } = made;
        const [, ...tables] = schemaOf(
          [{ collation, tables: ssdTables(schema, 'mosaic', collation) }],
          [],
        ).split('\nGO\n');
        for (const table of tables) await database.query(table);
        await runScript(database, 'indexes.sql', { SsdSchema: schema });
        await database.query(
          `INSERT INTO ${schema}.ssd_person (pers_person_id)
SELECT CAST(value AS varchar(48)) FROM OPENJSON(@ids)`,
          { ids: JSON.stringify([...ids, ...Array.from({ length: 5000 }, (_, at) => `P${String(at)}`)]) },
        );
        await database.query(
          `INSERT INTO ${schema}.ssd_cin_plans (cinp_person_id) SELECT pers_person_id FROM ${schema}.ssd_person`,
        );
        return { database, schema };
      }

      test('are found by a seek in their index', async (t) => {
        const { database, schema } = await anSsd(t);
        const asked: { sql: string; parameters: Parameters }[] = [];
        const reader = new SsdReader(watched(database, asked), schema, mosaic);
        await reader.survey();
        asked.length = 0;
        const range = { after: 'P1000', upTo: 'P1001' };
        await reader.read(range, 'SELECT 1 AS one');
        const sql = asked
          .map((each) => each.sql)
          .find((each) => each.includes(`FROM ${schema}.ssd_cin_plans`));
        assert.ok(sql);
        const plan = await planOf(engine, sql, rangeParameters(range));
        assert.match(plan, /PhysicalOp="Index Seek"/);
        assert.match(plan, /<SeekPredicates>[^]*cinp_person_id/);
        assert.doesNotMatch(plan, /CONVERT_IMPLICIT\([^)]*cinp_person_id/);
        assert.doesNotMatch(plan, /PlanAffectingConvert[^>]*ConvertIssue="Seek Plan"/);
      });

      test('are each in one range, with all rows of theirs', async (t) => {
        const { database, schema } = await anSsd(t);
        await database.query(`DELETE FROM ${schema}.ssd_person WHERE pers_person_id LIKE 'P%'`);
        const reader = new SsdReader(database, schema, mosaic);
        await reader.survey();
        for (const size of [1, 2, 5]) {
          const found: string[] = [];
          for (const range of await reader.ranges(size)) {
            const read = await reader.read(range, 'SELECT 1 AS one');
            for (const { rows } of read.persons) {
              found.push(rows.person.pers_person_id ?? '');
              assert.equal(rows.ssd_cin_plans.length, 1, rows.person.pers_person_id ?? '');
            }
          }
          assert.deepEqual(found.toSorted(), [...ids].toSorted(), `ranges of ${String(size)}`);
        }
      });

      test('meet the rows of a staging table of nvarchar in the same ranges', async (t) => {
        const { database, schema } = await anSsd(t);
        await database.query(`DELETE FROM ${schema}.ssd_person WHERE pers_person_id LIKE 'P%'`);
        const name = `${schema}.staging`;
        await migrate(database, name);
        const table = new StagingTable(database, name);
        await table.stage(ids.map((id) => aNewChild(id)));
        const reader = new SsdReader(database, schema, mosaic);
        for (const range of await reader.ranges(1)) {
          const sql = await table.selectOf(range, await reader.idOrder());
          const { staged } = await database.queryTogether({ staged: sql }, rangeParameters(range));
          const read = await reader.ids(range);
          assert.deepEqual(
            staged.map((row) => row['person_id']),
            read.ssd_person,
          );
        }
      });

      test('that a staging table of varchar cannot hold are never staged as others', async (t) => {
        const { database, schema, remove } = await openTestSchema(engine);
        t.after(remove);
        const name = `${schema}.staging`;
        const columns = stagingColumns(collation, 'varchar(48)', collation).map((column) =>
          column.name === 'id' ? { ...column, type: 'int IDENTITY(1,1)' } : column,
        );
        for (const each of columns.slice(0, 1)) {
          await database.query(`CREATE TABLE ${name} (${each.name} ${each.type})`);
        }
        for (const { name: column, type } of columns.slice(1)) {
          const collated = type.includes('char') ? ` COLLATE ${collation}` : '';
          await database.query(`ALTER TABLE ${name} ADD ${column} ${type}${collated} NULL`);
        }
        await migrate(database, name);
        const table = new StagingTable(database, name);
        await table.stage([aNewChild('Lodz'), aNewChild('é1')]);
        await assert.rejects(table.stage([aNewChild('Łodz')]), UnkeepableIdsError);
        assert.equal(await table.heldAtDfe('Łodz'), 'no row');
        assert.equal(await table.heldAtDfe('Lodz'), 'DfE holds nothing');
        assert.equal(await table.heldAtDfe('é1'), 'DfE holds nothing');
        assert.equal(await table.heldAtDfe(`Lodz${' '.repeat(60)}1`), 'no row');
        const found: string[] = [];
        for (const range of joinedRanges(['é1', 'Lodz'])) {
          const sql = await table.selectOf(range, { engine: 'sqlserver', collation, isUnicode: false });
          const { staged } = await database.queryTogether({ staged: sql }, rangeParameters(range));
          found.push(...staged.map((row) => String(row['person_id'])));
        }
        assert.deepEqual(found.toSorted(), ['Lodz', 'é1'].toSorted());
      });
    });
  }
}

/** The same database, whose questions are kept. */
function watched(database: Database, asked: { sql: string; parameters: Parameters }[]): Database {
  return {
    engine: database.engine,
    query: (sql, parameters = {}) => {
      asked.push({ sql, parameters });
      return database.query(sql, parameters);
    },
    queryTogether: (selects, parameters = {}) => {
      asked.push(...Object.values<string>(selects).map((sql) => ({ sql, parameters })));
      return database.queryTogether(selects, parameters);
    },
    transaction: (work) => database.transaction(work),
    close: () => database.close(),
  };
}

/** The plan by which the server has run a statement, as XML; its login may see the plans of its own statements. */
async function planOf(
  { connectionString }: TestEngine,
  sql: string,
  parameters: Parameters,
): Promise<string> {
  const pool = await new ConnectionPool(sqlServerConfiguration(connectionString)).connect();
  try {
    const request = pool.request();
    for (const [name, value] of Object.entries(parameters)) {
      if (typeof value === 'object') request.input(name, VarChar(8000), value?.ascii);
      else request.input(name, NVarChar(4000), value);
    }
    const { recordsets } = await request.query<Row>(
      `SET STATISTICS XML ON;\n${sql};\nSET STATISTICS XML OFF;`,
    );
    const values = Object.values(recordsets).flatMap((rows) => rows.flatMap((row) => Object.values(row)));
    const plan = values.find((value) => typeof value === 'string' && value.startsWith('<ShowPlanXML'));
    if (typeof plan !== 'string') throw new Error('the server gave no plan');
    return plan;
  } finally {
    await pool.close();
  }
}

describe('ids that a staging table of varchar cannot hold, its server played', () => {
  test('stop what stages them before anything is written', async () => {
    const asked: string[] = [];
    const ask = (sql: string): Promise<Row[]> => {
      asked.push(sql);
      if (sql.includes('sys.columns')) {
        return Promise.resolve([
          { column_name: 'person_id', data_type: 'varchar', type_length: 20, collation_name: collations[0] },
        ]);
      }
      return Promise.resolve(sql.includes('AS children') ? [{ children: 1 }] : []);
    };
    const table = new StagingTable(
      {
        engine: 'sqlserver',
        query: ask,
        queryTogether: () => Promise.reject(new Error('not asked')),
        transaction: (work) => work({ query: ask }),
        close: () => Promise.resolve(),
      },
      'staging',
    );
    await table.stage([aNewChild('Lodz')]);
    asked.length = 0;
    await assert.rejects(table.stage([aNewChild('Lodz'), aNewChild('Łodz')]), {
      name: 'UnkeepableIdsError',
      message: /^The ids of 1 child\(ren\) .*staging\.person_id/,
    });
    assert.doesNotMatch(asked.join('\n'), /INSERT|UPDATE/);
  });
});

test('the preflight names each column whose type no index can serve, its server played', async () => {
  const [collation] = collations;
  const tables = new Map([
    ...ssdTables('ssd', 'mosaic', collation, ({ name }) =>
      name === 'cinp_person_id' ? { type: 'nvarchar(48)' } : undefined,
    ),
    ['staging', stagingColumns(collation)],
  ]);
  const ask = (sql: string, parameters: Parameters = {}): Promise<Row[]> =>
    Promise.resolve([...(catalogueAnswer({ collation, tables }, sql, parameters) ?? [])]);
  const reader = new SsdReader(
    {
      engine: 'sqlserver',
      query: ask,
      queryTogether: () => Promise.reject(new Error('not asked')),
      transaction: () => Promise.reject(new Error('not asked')),
      close: () => Promise.resolve(),
    },
    'ssd',
    mosaic,
  );
  const { unservable } = await reader.unindexedPersonColumns(['staging']);
  assert.deepEqual(
    unservable.map(({ column }) => column),
    ['ssd_cin_plans.cinp_person_id', 'staging.person_id'],
  );
  for (const { because } of unservable) {
    assert.match(
      because,
      /^is nvarchar where ssd_person's ids are varchar, which SQL_\w+ puts in another order$/,
    );
  }
});
