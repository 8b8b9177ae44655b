import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testEngines } from '../database/engines.js';
import { asRole, createRole } from '../database/role.js';
import { migrate } from '../local/migrations.js';
import { aTableOfDataToInsightOnPostgres } from '../staging/dataToInsight.js';
import { foundBy, opened, outcomesOf, preflightsOn, seeded } from './preflightsOn.js';

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    const world = preflightsOn(engine);
    const { look } = world;

    test('fails without the staging table, and with one that lacks columns or its unique index', async () => {
      await world.database.query(`DROP TABLE ${world.stagingTable}`);
      assert.match(foundBy('stagingTable', await look()), /cannot see a table/);
      await world.database.query(
        `CREATE TABLE ${world.stagingTable} (person_id varchar(20), json_payload varchar(20))`,
      );
      const result = await look();
      assert.equal(outcomesOf(result).stagingTable, 'fail');
      assert.equal(outcomesOf(result).stagingRights, 'skipped');
      assert.match(
        foundBy('stagingTable', result),
        /does not have the columns .*sent_claim_id.*no unique index/,
      );
      assert.doesNotMatch(foundBy('stagingTable', result), / (person_id|json_payload),/);
    });

    test('fails with a staging table whose columns cannot take what a run writes, and names them', async () => {
      await world.database.query(`ALTER TABLE ${world.stagingTable} DROP COLUMN partial_json_payload`);
      await world.database.query(`ALTER TABLE ${world.stagingTable} ADD partial_json_payload varchar(20)`);
      await world.database.query(`ALTER TABLE ${world.stagingTable} DROP COLUMN refused_hash`);
      await world.database.query(`ALTER TABLE ${world.stagingTable} ADD refused_hash varchar(64)`);
      const result = await look();
      assert.equal(outcomesOf(result).stagingTable, 'fail');
      assert.match(foundBy('stagingTable', result), /\.partial_json_payload is (character )?var/);
      assert.match(
        foundBy('stagingTable', result),
        /\.refused_hash is .* and must be (bytea|binary\(32\))\./,
      );
    });

    if (engine.engine === 'postgres') {
      test('fails when the login may not use the sequence that numbers the rows of the staging table', async () => {
        const role = `unnumbered_${world.schema}`;
        await world.database.query(`DROP TABLE ${world.stagingTable}`);
        await aTableOfDataToInsightOnPostgres(world.database, world.stagingTable);
        await migrate(world.database, world.stagingTable);
        await createRole(world.database, role);
        await world.database.query(`GRANT USAGE ON SCHEMA ${world.schema} TO ${role}`);
        await world.database.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${world.schema} TO ${role}`);
        const result = await asRole(engine, world.database, role, (own) =>
          look({ openDatabase: () => opened(() => Promise.resolve(own)) }),
        );
        assert.equal(outcomesOf(result).stagingTable, 'pass');
        assert.equal(outcomesOf(result).stagingRights, 'fail');
        assert.match(foundBy('stagingRights', result), /may not use the sequence \S+staging_id_seq/);
      });

      test('fails when the login may read the staging table but not write it', async () => {
        const role = `reader_${world.schema}`;
        await createRole(world.database, role);
        await world.database.query(`GRANT USAGE ON SCHEMA ${world.schema} TO ${role}`);
        await world.database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${world.schema} TO ${role}`);
        const result = await asRole(engine, world.database, role, (own) =>
          look({ openDatabase: () => opened(() => Promise.resolve(own)) }),
        );
        assert.equal(outcomesOf(result).stagingTable, 'pass');
        assert.equal(outcomesOf(result).stagingRights, 'fail');
        assert.match(foundBy('stagingRights', result), /permission was denied/);
      });
    }

    test('leaves the rows of the staging table as they are', async () => {
      await world.database.query(
        `INSERT INTO ${world.stagingTable} (person_id, json_payload) VALUES ('C-seeded-id', '{"name":"seeded"}')`,
      );
      const before = await world.database.query(`SELECT * FROM ${world.stagingTable}`);
      assert.doesNotMatch(JSON.stringify(await look()), seeded);
      assert.deepEqual(await world.database.query(`SELECT * FROM ${world.stagingTable}`), before);
    });
  });
}
