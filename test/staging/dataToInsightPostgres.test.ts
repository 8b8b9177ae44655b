import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Child } from '../../shared/child/payload.js';
import type { Database } from '../../shared/database/database.js';
import { runScript } from '../../shared/database/scripts.js';
import { checkStagingTable, migrate } from '../../shared/staging/migrations.js';
import {
  forbiddenSequence,
  readStagingLayout,
  tryStagingWrites,
} from '../../shared/staging/stagingReadiness.js';
import { StagingTable } from '../../shared/staging/stagingTable.js';
import { stageChild } from '../../shared/staging/transitions.js';
import { openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import { asRole, createRole } from '../database/role.js';
import { aTableOfDataToInsightOnPostgres } from './dataToInsight.js';
import { childrenOf } from './stagingUnderTest.js';
import { aChange, aNewChild, accepted, claimId, claimOf, firstRun, runOf } from './children.js';

const held: Child = {
  la_child_id: 'A1',
  mis_child_id: 'M1',
  purge: false,
  child_details: {
    sex: 'F',
    first_name: 'Siân',
    date_of_birth: '2015-05-05',
    uasc_flag: false,
    purge: false,
  },
  social_care_episodes: [],
};

for (const engine of testEngines.filter(({ engine }) => engine === 'postgres')) {
  describe(`the staging table of Data to Insight's PostgreSQL script (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let table: string;
    const role = `app_${randomBytes(6).toString('hex')}`;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      table = `${made.schema}.ssd_api_data_staging`;
      await createRole(database, role);
    });
    beforeEach(async () => {
      await database.query(`DROP TABLE IF EXISTS ${table}`);
      await aTableOfDataToInsightOnPostgres(database, table);
      await addSent(held);
    });
    after(async () => {
      await database.query(`DROP OWNED BY ${role}`);
      await database.query(`DROP ROLE ${role}`);
      await made.remove();
    });

    /** As their sender leaves a child that DfE has accepted: hashes are of the text they built. */
    async function addSent(child: Child): Promise<void> {
      await database.query(
        `INSERT INTO ${table} (person_id, json_payload, previous_json_payload, current_hash, previous_hash,
           submission_status, row_state, submission_timestamp, last_updated)
         VALUES (@personId, CAST(@json AS jsonb), CAST(@json AS jsonb), sha256('theirs'), sha256('theirs'),
           'Sent', 'Unchanged', '2026-07-01 12:00:00+01', '2026-01-01 12:00:00+00')`,
        { personId: child.la_child_id, json: JSON.stringify(child) },
      );
    }

    const grantEverything = () =>
      runScript(database, 'grants.sql', { AppUser: role, SsdSchema: made.schema, StagingTable: table });

    const theirColumns = [
      'previous_json_payload',
      'json_payload',
      'partial_json_payload',
      'submission_timestamp',
      'last_updated',
    ];

    it('Their table is found unfit, column by column, before it is migrated; a try of the writes finds the same', async () => {
      const { missing } = await checkStagingTable(database, table);
      assert.deepEqual(
        missing
          .filter((thing) => thing.startsWith('change of'))
          .map((thing) => thing.replace(/^change of \S+\.(\w+): .*$/, '$1')),
        theirColumns,
      );
      assert.ok(missing.includes(`change of ${table}.json_payload: it is jsonb and must be text`));
      for (const column of ['refused_hash', 'acknowledged_hash']) {
        await database.query(`ALTER TABLE ${table} ADD COLUMN ${column} bytea`);
      }
      await database.query(`ALTER TABLE ${table} ADD COLUMN legacy_id varchar(36)`);
      await database.query(`ALTER TABLE ${table} ADD COLUMN unanswered_json_payload text`);
      await assert.rejects(tryStagingWrites(database, table), { code: '42804' });
    });

    it('A migration gives every column the form that is needed, moments in UTC, and keeps the rows as they were', async () => {
      await migrate(database, table);
      await migrate(database, table);
      assert.deepEqual(await checkStagingTable(database, table), { missing: [], duplicatePersons: 0 });
      assert.deepEqual(
        await database.query(
          `SELECT CAST(submission_timestamp AS text) AS sent, CAST(last_updated AS text) AS updated FROM ${table}`,
        ),
        [{ sent: '2026-07-01 11:00:00', updated: '2026-01-01 12:00:00' }],
      );
      const [row] = await database.query(
        `INSERT INTO ${table} (person_id, json_payload) VALUES ('theirs', CAST('{}' AS jsonb))
         RETURNING ABS(EXTRACT(EPOCH FROM last_updated - (now() AT TIME ZONE 'UTC'))) AS apart`,
      );
      assert.equal(Number(row?.['apart']), 0);
      await database.query(`DELETE FROM ${table} WHERE person_id = 'theirs'`);
    });

    it('The app needs a right on the sequence of ids, which grants.sql gives', async () => {
      await migrate(database, table);
      await database.query(`GRANT USAGE ON SCHEMA ${made.schema} TO ${role}`);
      await database.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO ${role}`);
      await asRole(engine, database, role, async (app) => {
        await tryStagingWrites(app, table);
        assert.match((await forbiddenSequence(app, table)) ?? '', /ssd_api_data_staging_id_seq$/);
        await assert.rejects(new StagingTable(app, table).stage([aNewChild('B2')]), { code: '42501' });
      });
      await grantEverything();
      const check = await grantEverything();
      assert.deepEqual(
        check.map(({ may, on_what: what }) => `${String(may)} ${String(what)}`),
        [
          ...['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((may) => `${may} ${table}`),
          `USAGE ${table}_id_seq`,
        ],
      );
      await asRole(engine, database, role, async (app) => {
        assert.equal(await forbiddenSequence(app, table), undefined);
      });
    });

    it('A child that their sender has sent is read as DfE holds it, and a run writes it with the narrow role', async () => {
      await migrate(database, table);
      await grantEverything();
      await asRole(engine, database, role, async (app) => {
        const staging = new StagingTable(app, table);
        const [before] = await childrenOf(app, staging);
        assert.ok(before !== undefined);
        assert.deepEqual(before.mayHold, []);
        const { rowState, outstanding, write } = stageChild(held, before);
        assert.deepEqual({ rowState, outstanding }, { rowState: 'Unchanged', outstanding: false });
        assert.ok(write !== undefined, 'what DfE holds is written in our form');
        await staging.stage([write, aNewChild('B2')]);
        const both = [aChange('A1'), aNewChild('B2')];
        await staging.stage([aChange('A1')]);
        assert.equal((await staging.claim(runOf(firstRun), claimId, both.map(claimOf))).size, 2);
        await staging.settle(
          firstRun,
          both.map((each) => accepted(each)),
        );
        assert.equal(await staging.countHeld(), 2);
      });
      const [row] = await database.query(
        `SELECT acknowledged_hash = previous_hash AS is_ours FROM ${table} WHERE person_id = 'A1'`,
      );
      assert.equal(row?.['is_ours'], true);
    });

    it('Our own table is not found unfit', async () => {
      const own = `${made.schema}.own`;
      await migrate(database, own);
      assert.deepEqual((await readStagingLayout(database, own))?.unfitColumns, []);
      assert.equal(await forbiddenSequence(database, own), undefined);
    });
  });
}
