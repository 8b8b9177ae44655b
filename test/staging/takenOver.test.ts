import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Row } from '../../shared/database/database.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { typesOf } from '../database/engines.js';
import { migrate } from '../local/migrations.js';
import { aChange, aNewChild, accepted, claimId, claimOf, firstRun, hashOf, runOf } from './children.js';
import { binary, childrenOf, describeStagingTable } from './stagingUnderTest.js';

describeStagingTable('a table that is migrated', (staging) => {
  const { children, claim, haveAccepted, stage } = staging;

  /** As Data to Insight's sender leaves a child that DfE has accepted. */
  async function addRow(target: string, personId: string, json: string): Promise<void> {
    const hash = binary[staging.engine]('@hash');
    await staging.database.query(
      `INSERT INTO ${target} (person_id, legacy_id, json_payload, previous_json_payload, partial_json_payload,
             current_hash, previous_hash, submission_status, row_state)
           VALUES (@personId, @personId, @json, @json, '{}', ${hash}, ${hash}, 'sent', 'unchanged')`,
      { personId, json, hash: hashOf(`theirs of ${json}`) },
    );
  }

  /** A staging table as Data to Insight's script makes it, without the column and the index of this project. */
  async function aTableOfDataToInsight(twin: string): Promise<string> {
    const target = `${staging.schema}.ssd_api_data_staging_${twin}`;
    const { identity, text, hash, moment } = typesOf(staging.engine);
    const word = staging.engine === 'sqlserver' ? 'nvarchar' : 'varchar';
    await staging.database.query(`CREATE TABLE ${target} (
          id ${identity} PRIMARY KEY, person_id ${word}(20) NULL, legacy_id ${word}(36) NULL,
          previous_json_payload ${text} NULL, json_payload ${text} NOT NULL, partial_json_payload ${text} NULL,
          current_hash ${hash} NULL, previous_hash ${hash} NULL,
          submission_status ${word}(50) DEFAULT 'Pending', submission_timestamp ${moment} DEFAULT CURRENT_TIMESTAMP,
          api_response ${text} NULL, row_state ${word}(10) DEFAULT 'New',
          last_updated ${moment} DEFAULT CURRENT_TIMESTAMP)`);
    return target;
  }

  async function rowsOf(target: string): Promise<Row[]> {
    return staging.database.query(
      `SELECT id, person_id, legacy_id, previous_json_payload, json_payload, partial_json_payload,
             current_hash, previous_hash, submission_status, submission_timestamp, api_response, row_state, last_updated
           FROM ${target} ORDER BY id`,
    );
  }

  it('Our own table is migrated again and again with its rows untouched', async () => {
    await stage(aNewChild('A1'), aNewChild('B2'));
    await haveAccepted(firstRun, aNewChild('A1'));
    await claim(firstRun, aNewChild('B2'));
    const [before, rowsBefore] = [await children(), await rowsOf(staging.name)];
    await migrate(staging.database, staging.name);
    await migrate(staging.database, staging.name);
    assert.deepEqual(await children(), before);
    assert.deepEqual(await rowsOf(staging.name), rowsBefore);
  });

  it("A table that Data to Insight's scripts made is taken over with its rows untouched", async () => {
    const target = await aTableOfDataToInsight('anon');
    await addRow(target, 'A1', '{"la_child_id":"A1","name":"Siân"}');
    await addRow(target, 'B2', '{"la_child_id":"B2"}');
    const rowsBefore = await rowsOf(target);
    await migrate(staging.database, target);
    await migrate(staging.database, target);
    assert.deepEqual(await rowsOf(target), rowsBefore);

    const takenOver = new StagingTable(staging.database, target);
    const [first] = await childrenOf(staging.database, takenOver);
    assert.deepEqual(first, {
      personId: 'A1',
      legacyId: 'A1',
      rowState: 'Unchanged',
      status: 'Sent',
      currentHash: hashOf('theirs of {"la_child_id":"A1","name":"Siân"}'),
      acknowledged: { json: '{"la_child_id":"A1","name":"Siân"}', hash: undefined },
      mayHold: [],
      refusedHash: undefined,
    });
    assert.equal(await takenOver.countHeld(), 2);
    await takenOver.stage([aChange('A1'), aNewChild('C3')]);
    const claimed = await takenOver.claim(runOf(firstRun), claimId, [
      claimOf(aChange('A1')),
      claimOf(aNewChild('C3')),
    ]);
    assert.deepEqual([...claimed.keys()].sort(), ['A1', 'C3']);
    await takenOver.settle(firstRun, [accepted(aChange('A1')), accepted(aNewChild('C3'))]);
    assert.equal(await takenOver.countHeld(), 3);
    // Their scripts name the columns they know, and go on working.
    await addRow(target, 'D4', '{}');
    assert.equal((await rowsOf(target)).length, 4);
  });

  it('A unique index that an authority made itself is left alone', async () => {
    const target = await aTableOfDataToInsight('own');
    await staging.database.query(`CREATE UNIQUE INDEX own_person_id ON ${target} (person_id)`);
    await migrate(staging.database, target);
    await migrate(staging.database, target);
    await addRow(target, 'A1', '{}');
    await assert.rejects(addRow(target, 'A1', '{}'));
  });

  it('A migration fails and changes no row while a person is in two rows', async () => {
    const target = await aTableOfDataToInsight('twice');
    await addRow(target, 'A1', '{"first":1}');
    await addRow(target, 'A1', '{"second":2}');
    const rowsBefore = await rowsOf(target);
    await assert.rejects(migrate(staging.database, target));
    assert.deepEqual(await rowsOf(target), rowsBefore);
    await staging.database.query(`DELETE FROM ${target} WHERE id = @id`, {
      id: Number(rowsBefore[0]?.['id']),
    });
    await migrate(staging.database, target);
    await assert.rejects(addRow(target, 'A1', '{}'));
  });
});
