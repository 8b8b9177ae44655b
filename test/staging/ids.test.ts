import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { inRange, joinedRanges, rangeParameters } from '../../shared/database/idRange.js';
import { openDatabase } from '../../shared/database/open.js';
import { usualIdOrder } from '../../shared/staging/stagedId.js';
import { stagedChildOf, type StagedChild } from '../../shared/staging/stagedChild.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { typesOf } from '../database/engines.js';
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
import { describeStagingTable } from './stagingUnderTest.js';

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

function byId(children: readonly StagedChild[]): StagedChild[] {
  return children.toSorted((one, other) => (one.personId < other.personId ? -1 : 1));
}

describeStagingTable('the ids of the staging table', (staging) => {
  async function idsOf(condition: string, parameters: Readonly<Record<string, string>>): Promise<string[]> {
    const rows = await staging.database.query(
      `SELECT person_id FROM ${staging.name} WHERE ${condition}`,
      parameters,
    );
    return rows.map((row) => String(row['person_id']));
  }

  it('Two ids are one where the database takes them for one, and two where it does not', async () => {
    const keyOf = await staging.table.idKey();
    for (const id of ids) {
      await staging.database.query(`DELETE FROM ${staging.name}`);
      await staging.stage(aNewChild(id));
      for (const other of ids) {
        const isOne = (await idsOf('person_id = @other', { other })).length === 1;
        assert.equal(keyOf(id) === keyOf(other), isOne, `${JSON.stringify(id)} and ${JSON.stringify(other)}`);
      }
    }
  });

  it('Ids keep their letters and blanks, and name their own row in every step', async () => {
    const different = await differentOnes(staging.table);
    const writes = different.map((id) => aNewChild(id));
    await staging.stage(...writes);
    assert.deepEqual((await idsOf('1 = 1', {})).toSorted(), different.toSorted());
    for (const write of writes) {
      const claimed = await staging.claim(firstRun, write);
      assert.deepEqual([...claimed], [[write.personId, { inDoubt: false, staysInDoubt: false }]]);
      assert.equal(await staging.table.heldAtDfe(write.personId), 'DfE may hold the child');
      await staging.settle(firstRun, notTaken(write));
      assert.equal(await staging.table.removeIfNotHeld(write.personId), true);
    }
    assert.deepEqual(await idsOf('1 = 1', {}), []);
  });

  it('Ids meet their rows in a table of another collation than its database', async () => {
    const foreign = `${staging.schema}.from_elsewhere`;
    const collation = staging.engine === 'postgres' ? '"C"' : 'Latin1_General_BIN2';
    const word = staging.engine === 'postgres' ? 'varchar' : 'nvarchar';
    const { identity, text } = typesOf(staging.engine);
    await staging.database
      .query(`CREATE TABLE ${foreign} (id ${identity}, person_id ${word}(20) COLLATE ${collation},
        json_payload ${text} COLLATE ${collation} NOT NULL, previous_json_payload ${text} COLLATE ${collation},
        submission_status ${word}(50) COLLATE ${collation}, sent_claim_id varchar(40) COLLATE ${collation})`);
    await migrate(staging.database, foreign);
    const theirs = new StagingTable(staging.database, foreign);
    const write = aNewChild('C001');
    await theirs.stage([write]);
    await theirs.stage([aChange('C001', write.json)]);
    assert.equal((await theirs.claim(runOf(firstRun), claimId, [claimOf(write)])).size, 1);
    await theirs.settle(firstRun, [refused(write)]);
    await theirs.settle(firstRun, [notTaken(write)]);
    await theirs.settle(firstRun, [accepted(write)]);
    assert.equal(await theirs.heldAtDfe('C001'), 'DfE holds the child');
  });

  it('Every id is in one range, wherever the ranges end, and the same one when the table is in another database', async () => {
    const different = await differentOnes(staging.table);
    const writes = different.map((id) => aNewChild(id));
    await staging.stage(...writes);
    const other = await openDatabase('embedded:');
    after(() => other.close());
    await migrate(other, 'ssd_api_data_staging');
    const apart = new StagingTable(other, 'ssd_api_data_staging', undefined, true);
    await apart.stage(writes);
    const inOrder = (
      await staging.database.query(`SELECT person_id FROM ${staging.name} ORDER BY person_id`)
    ).map((row) => String(row['person_id']));
    for (const size of [1, 2, 7]) {
      const ends = inOrder.filter((_, at) => at % size === size - 1);
      const found: string[] = [];
      for (const range of joinedRanges(ends)) {
        const elsewhere = await apart.inRange(range, usualIdOrder[staging.engine]);
        const parameters = { ...rangeParameters(range), ...elsewhere.parameters };
        const { rows, counted, besides } = await staging.database.queryTogether(
          {
            rows: await staging.table.selectOf(range, usualIdOrder[staging.engine]),
            counted: `SELECT COUNT(*) AS found FROM ${staging.name} t WHERE ${inRange({ sql: 't.person_id', isUnicode: true }, range, usualIdOrder[staging.engine])}`,
            besides: elsewhere.select,
          },
          parameters,
        );
        assert.equal(Number(counted[0]?.['found']), rows.length);
        const children = rows.map(stagedChildOf);
        found.push(...children.map(({ personId }) => personId));
        assert.deepEqual(byId(await elsewhere.children(besides)), byId(children));
      }
      assert.deepEqual(found.toSorted(), different.toSorted(), `ranges of ${size}`);
    }
  });
});
