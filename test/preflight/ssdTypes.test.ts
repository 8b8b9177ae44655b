import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Database } from '../../shared/database/database.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { emptySsd, testEngines } from '../database/engines.js';
import { foundBy, outcomesOf, preflightsOn } from './preflightsOn.js';

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    const world = preflightsOn(engine);
    const { look } = world;

    test('warns of person columns without an index, until they have one', async () => {
      assert.match(foundBy('ssdIndexes', await look()), /ssd_address\.addr_person_id/);
      // As infra/sql/postgres/indexes.sql makes them: ids are compared without the blanks behind them there.
      const compared = engine.engine === 'postgres' ? 'RTRIM(addr_person_id)' : 'addr_person_id';
      await world.database.query(`CREATE INDEX ix_addr ON ${world.schema}.ssd_address (${compared})`);
      const result = await look();
      assert.equal(outcomesOf(result).ssdIndexes, 'warn');
      assert.doesNotMatch(foundBy('ssdIndexes', result), /ssd_address/);
    });

    test('warns of person columns whose index cannot be used', async () => {
      await world.retype('ssd_address', /^addr_person_id$/, 'integer');
      await world.database.query(`ALTER TABLE ${world.schema}.ssd_disability DROP COLUMN disa_person_id`);
      const collation = engine.engine === 'postgres' ? '"C"' : 'Latin1_General_BIN2';
      await world.database.query(
        `ALTER TABLE ${world.schema}.ssd_disability ADD disa_person_id varchar(48) COLLATE ${collation}`,
      );
      for (const [table, column] of [
        ['ssd_address', 'addr_person_id'],
        ['ssd_disability', 'disa_person_id'],
      ] as const) {
        await world.database.query(`CREATE INDEX ix_${column} ON ${world.schema}.${table} (${column})`);
      }
      const result = await look();
      assert.equal(outcomesOf(result).ssdIndexes, 'warn');
      assert.match(
        foundBy('ssdIndexes', result),
        /Queries cannot use an index on 2 person columns, .*: ssd_address\.addr_person_id is int(eger)?, not text; ssd_disability\.disa_person_id has another collation than ssd_person's ids\./,
      );
    });

    test('finds every type that the published extracts have fit to be read', async () => {
      assert.equal(outcomesOf(await look()).ssdTypes, 'pass');
      for (const system of ['mosaic', 'eclipse'] as const) {
        await emptySsd(world.database, world.schema, system);
        const ssdOf = (given: Database) => new SsdReader(given, world.schema, builtInProfile(system).names);
        assert.equal(
          foundBy('ssdTypes', await look({ ssdOf })),
          'Every column that the app reads has a type that it can read.',
        );
      }
      await emptySsd(world.database, world.schema);
    });

    test('warns of ids that are rounded, with name, type and effect', async () => {
      await world.retype('ssd_cin_plans', /^cinp_cin_plan_id$/, 'number');
      const result = await look();
      assert.equal(outcomesOf(result).ssdTypes, 'warn');
      assert.match(
        foundBy('ssdTypes', result),
        /^ssd_cin_plans\.cinp_cin_plan_id is (float|double precision), and text is expected: long numbers are rounded.*\.$/,
      );
    });

    test('warns of dates that are text or numbers, and of text that is bytes', async () => {
      await world.retype('ssd_address', /_start_date$/, 'text');
      await world.retype('ssd_sdq_scores', /_date$/, 'integer');
      await world.retype('ssd_disability', /_code$/, 'hash');
      const result = await look();
      assert.equal(outcomesOf(result).ssdTypes, 'warn');
      const found = foundBy('ssdTypes', result).split('\n');
      assert.deepEqual(
        found.map((line) => line.replace(/ is .*: /, ': ')),
        [
          'ssd_address.addr_address_start_date: only values such as 2026-05-31 are read, with or without a time, and all others are reported.',
          'ssd_disability.disa_disability_code: no value of it can be read.',
          'ssd_sdq_scores.csdq_sdq_completed_date: no value of it is a date, and all are reported.',
        ],
      );
    });

    test('passes ids that are whole numbers in one table and text in another: they are compared as text', async () => {
      await world.retype('ssd_cin_episodes', /^cine_referral_id$/, 'integer');
      assert.equal(outcomesOf(await look()).ssdTypes, 'pass');
    });

    if (engine.engine === 'postgres') {
      const odd = [
        ['a birth date that is text', 'ssd_person', /^pers_dob$/, 'text'],
        [
          'a referral that is a number in one of two tables',
          'ssd_cin_episodes',
          /^cine_referral_id$/,
          'integer',
        ],
        [
          'a professional who is a number in one of two tables',
          'ssd_professionals',
          /^prof_professional_id$/,
          'integer',
        ],
        [
          'a period of care that is a number in one of two tables',
          'ssd_cla_episodes',
          /^clae_cla_id$/,
          'integer',
        ],
      ] as const;
      for (const [what, table, column, type] of odd) {
        test(`does not fail, and a run can read the SSD, with ${what}`, async () => {
          await world.retype(table, column, type);
          assert.notEqual(outcomesOf(await look()).ssdTypes, 'fail');
          const reader = world.parts().ssdOf(world.database);
          assert.ok(reader instanceof SsdReader);
          await reader.survey();
          await reader.ranges(10);
          await reader.read({ after: null, upTo: 'C1' }, 'SELECT 1 AS nothing');
        });
      }
    }
  });
}
