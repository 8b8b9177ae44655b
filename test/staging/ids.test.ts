import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { inRange, joinedRanges, rangeParameters } from '../../shared/database/idRange.js';
import { stagingSql } from '../../shared/staging/stagingSql.js';
import { usualIdOrder } from '../../shared/staging/stagedId.js';
import { stagedChildOf } from '../../shared/staging/stagedChild.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { openTestSchema, testEngines, typesOf, type TestSchema } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import {
  aChange,
  aNewChild,
  accepted,
  claimId,
  claimOf,
  firstRun,
  notTaken,
  refused,
  runOf,
} from './children.js';

/**
 * Ids that one database or another takes for the same, or puts in an order of its own; 20 characters at most. Left out:
 * combining accents and emoji, which the collations of SQL Server compare each in its own way.
 */
const ids = [
  ...['C001', 'c001', 'C001 ', 'c001   ', ' C001', 'C 001', 'C001\t', 'C-001', 'C001-', 'C001.', 'c_001'],
  ...['1', '01', '001', '1 ', '10', '9', '2', '-1', '1-0', 'co-op', 'coop', 'Co-Op', "o'neil", 'oneil'],
  ...['z', 'Z', 'zz', 'e', 'é', 'É', 'ŵ', 'Ŵ', 'Łódź', 'łódź', '王小明'],
] as const;

/** One of all that are the same to the database. */
async function differentOnes(table: StagingTable): Promise<string[]> {
  const keyOf = await table.idKey();
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()];
}

for (const engine of testEngines) {
  describe(`the ids of the staging table (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let name: string;
    let table: StagingTable;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      name = `${made.schema}.ssd_api_data_staging`;
      await migrate(database, name);
      table = new StagingTable(database, name);
    });
    after(() => made.remove());
    beforeEach(() => database.query(`DELETE FROM ${name}`));

    async function idsOf(condition: string, parameters: Readonly<Record<string, string>>): Promise<string[]> {
      const rows = await database.query(`SELECT person_id FROM ${name} WHERE ${condition}`, parameters);
      return rows.map((row) => String(row['person_id']));
    }

    it('are one where the database takes them for one, and two where it does not', async () => {
      const keyOf = await table.idKey();
      for (const id of ids) {
        await database.query(`DELETE FROM ${name}`);
        await table.stage([aNewChild(id)]);
        for (const other of ids) {
          const isOne = (await idsOf('person_id = @other', { other })).length === 1;
          assert.equal(
            keyOf(id) === keyOf(other),
            isOne,
            `${JSON.stringify(id)} and ${JSON.stringify(other)}`,
          );
        }
      }
    });

    it('keep their letters and blanks, and name their own row in every step', async () => {
      const different = await differentOnes(table);
      const writes = different.map((id) => aNewChild(id));
      await table.stage(writes);
      assert.deepEqual((await idsOf('1 = 1', {})).toSorted(), different.toSorted());
      for (const write of writes) {
        const claimed = await table.claim(runOf(firstRun), claimId, [claimOf(write)]);
        assert.deepEqual([...claimed], [[write.personId, { inDoubt: false, staysInDoubt: false }]]);
        assert.equal(await table.heldAtDfe(write.personId), 'DfE may hold the child');
        await table.settle(firstRun, [
          { outcome: 'notTaken', personId: write.personId, hash: write.hash, claimId },
        ]);
        assert.equal(await table.removeIfNotHeld(write.personId), true);
      }
      assert.deepEqual(await idsOf('1 = 1', {}), []);
    });

    it('meet their rows in a table of another collation than its database', async () => {
      const foreign = `${made.schema}.from_elsewhere`;
      const collation = engine.engine === 'postgres' ? '"C"' : 'Latin1_General_BIN2';
      const word = engine.engine === 'postgres' ? 'varchar' : 'nvarchar';
      const { identity, text } = typesOf(engine.engine);
      await database.query(`CREATE TABLE ${foreign} (id ${identity}, person_id ${word}(20) COLLATE ${collation},
        json_payload ${text} COLLATE ${collation} NOT NULL, previous_json_payload ${text} COLLATE ${collation},
        submission_status ${word}(50) COLLATE ${collation}, sent_claim_id varchar(40) COLLATE ${collation})`);
      await migrate(database, foreign);
      const theirs = new StagingTable(database, foreign);
      const write = aNewChild('C001');
      await theirs.stage([write]);
      await theirs.stage([aChange('C001', write.json)]);
      assert.equal((await theirs.claim(runOf(firstRun), claimId, [claimOf(write)])).size, 1);
      await theirs.settle(firstRun, [refused(write)]);
      await theirs.settle(firstRun, [notTaken(write)]);
      await theirs.settle(firstRun, [accepted(write)]);
      assert.equal(await theirs.heldAtDfe('C001'), 'DfE holds the child');
    });

    it('of which every one is in one range, wherever the ranges end', async () => {
      const different = await differentOnes(table);
      await table.stage(different.map((id) => aNewChild(id)));
      const inOrder = (await database.query(`SELECT person_id FROM ${name} ORDER BY person_id`)).map((row) =>
        String(row['person_id']),
      );
      for (const size of [1, 2, 7]) {
        const ends = inOrder.filter((_, at) => at % size === size - 1);
        const found: string[] = [];
        for (const range of joinedRanges(ends)) {
          const parameters = rangeParameters(range);
          const { rows, counted } = await database.queryTogether(
            {
              rows: await table.selectOf(range, usualIdOrder[engine.engine]),
              counted: `SELECT COUNT(*) AS found FROM ${name} t WHERE ${inRange({ sql: 't.person_id', isUnicode: true }, range, usualIdOrder[engine.engine])}`,
            },
            parameters,
          );
          assert.equal(Number(counted[0]?.['found']), rows.length);
          found.push(...rows.map((row) => stagedChildOf(row).personId));
        }
        assert.deepEqual(found.toSorted(), different.toSorted(), `ranges of ${size}`);
      }
    });
  });
}

describe('the statements of the staging table (written for SQL Server)', () => {
  // Where both sides come from columns and only their collations differ, SQL Server refuses the statement.
  it('say by which collation a text of the rows meets one of the table', () => {
    const unsaid =
      /(=|<>) r\.(person_id|claim_id)(?! COLLATE)|\br\.(person_id|claim_id|payload)(?! COLLATE) (=|<>|ELSE)/;
    const statements = Object.values(stagingSql('sqlserver', 'staging')).filter(
      (statement) => typeof statement === 'string',
    );
    assert.ok(statements.length > 5);
    for (const statement of statements) assert.doesNotMatch(statement, unsaid);
  });
});
