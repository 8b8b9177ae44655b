import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { counted, type CountedDatabase } from '../database/countedDatabase.js';
import { emptySsd, openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import { tableNames } from '../../infra/syntheticSsd/columns.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';

for (const engine of testEngines) {
  describe(`the row counts of an SSD (${engine.name})`, () => {
    let made: TestSchema;
    let database: CountedDatabase;
    let schema: string;
    let reader: SsdReader;

    before(async () => {
      made = await openTestSchema(engine);
      database = counted(made.database);
      schema = made.schema;
    });
    after(() => made.remove());
    beforeEach(async () => {
      await emptySsd(database, schema, 'systemc', { primaryKeys: 'none' });
      reader = new SsdReader(database, schema, builtInProfile('systemc').names);
    });

    test('name every table that is read, the empty ones too', async () => {
      const counts = await reader.rowCounts();
      const read = tableNames.filter((table) => table in counts);
      assert.equal(read.length, 19);
      assert.deepEqual(counts, Object.fromEntries(read.map((table) => [table, 0])));
    });

    test('count every row, with any person and any missing value', async () => {
      await loadRows(database, schema, 'ssd_person', [
        { pers_person_id: 'C1', pers_dob: '2015-05-05' },
        { pers_person_id: 'C1', pers_dob: '2015-05-05' },
        { pers_person_id: 'too old', pers_dob: '1950-05-05' },
        { pers_person_id: null },
      ]);
      await loadRows(database, schema, 'ssd_cla_placement', [{ clap_cla_placement_id: 'of nobody' }]);
      await loadRows(database, schema, 'ssd_professionals', [
        { prof_professional_id: '1' },
        { prof_professional_id: '2' },
      ]);
      const { ssd_person, ssd_cla_placement, ssd_professionals, ssd_address } = await reader.rowCounts();
      assert.deepEqual([ssd_person, ssd_cla_placement, ssd_professionals, ssd_address], [4, 1, 2, 0]);
    });

    test('are as new as the moment they are asked for', async () => {
      assert.equal((await reader.rowCounts()).ssd_disability, 0);
      await loadRows(database, schema, 'ssd_disability', [
        { disa_table_id: 'D1', disa_person_id: 'C1', disa_disability_code: 'LD' },
      ]);
      assert.equal((await reader.rowCounts()).ssd_disability, 1);
    });

    test('take one round trip', async () => {
      await reader.rowCounts();
      // The layout of the SSD is read once.
      const before = database.roundTrips;
      await reader.rowCounts();
      assert.equal(database.roundTrips, before + 1);
    });

    test('leave out a table that is missing', async () => {
      await emptySsd(database, schema, 'mosaic');
      await database.query(`DROP TABLE ${schema}.ssd_care_leavers`);
      const counts = await new SsdReader(database, schema, builtInProfile('mosaic').names).rowCounts();
      assert.equal(Object.keys(counts).length, 18);
      assert.ok(!('ssd_care_leavers' in counts));
    });

    test("go by the specification's name where the system has another", async () => {
      const file = { extends: 'systemc', tableNames: { ssd_cin_plans: 'our_plans' } };
      await database.query(`DROP TABLE ${schema}.ssd_cin_plans`);
      await database.query(
        `CREATE TABLE ${schema}.our_plans (cinp_cin_plan_id int, cinp_person_id int, cinp_referral_id int,
  cinp_cin_plan_start_date date, cinp_cin_plan_end_date date)`,
      );
      await database.query(`INSERT INTO ${schema}.our_plans (cinp_cin_plan_id) VALUES (1), (2), (3)`);
      const renamed = new SsdReader(database, schema, profileFrom(file, 'ours').names);
      assert.equal((await renamed.rowCounts()).ssd_cin_plans, 3);
    });
  });
}
