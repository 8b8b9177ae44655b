import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { plainDate } from '../../shared/child/dates.js';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import { SsdReader, type CohortLimits } from '../../shared/ssd/ssdReader.js';
import { emptySsd, testEngines } from '../database/engines.js';
import { asRole, createRole } from '../database/role.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { aChild, foundBy, opened, outcomesOf, preflightsOn, seeded } from './preflightsOn.js';

for (const engine of testEngines) {
  describe(`a preflight (${engine.name})`, () => {
    const world = preflightsOn(engine);
    const { look } = world;

    describe('of an SSD that is not complete', () => {
      const dropColumns = async (table: string, ...columns: string[]) => {
        for (const column of columns) {
          await world.database.query(`ALTER TABLE ${world.schema}.${table} DROP COLUMN ${column}`);
        }
      };

      test('warns of tables and columns that would add something, and says what', async () => {
        await world.database.query(`DROP TABLE ${world.schema}.ssd_linked_identifiers`);
        await dropColumns('ssd_person', 'pers_upn');
        await dropColumns('ssd_address', 'addr_person_id', 'addr_address_end_date');
        await dropColumns('ssd_cin_plans', 'cinp_cin_plan_team', 'cinp_cin_plan_worker_id');
        const result = await look();
        assert.equal(outcomesOf(result).ssdTables, 'warn');
        assert.equal(
          foundBy('ssdTables', result),
          [
            'A run works, and DfE keeps what it holds. Missing: 1 table and 5 columns.',
            'Without ssd_linked_identifiers: no former UPN is sent.',
            'Without ssd_person.pers_upn: no UPN is sent.',
            'Without ssd_address.addr_person_id: no row of the table is sent.',
            'Without ssd_address.addr_address_end_date: the address that started last is taken.',
            'Without ssd_cin_plans.cinp_cin_plan_team, ssd_cin_plans.cinp_cin_plan_worker_id: findings are harder to look up.',
          ].join('\n'),
        );
        assert.equal(outcomesOf(result).ssdRows, 'pass');
        assert.notEqual(result.outcome, 'fail');
      });

      test('passes where only findings are harder to look up', async () => {
        await dropColumns('ssd_cin_plans', 'cinp_cin_plan_team');
        assert.equal(outcomesOf(await look()).ssdTables, 'pass');
      });

      for (const [table, column] of [
        ['ssd_person', 'pers_person_id'],
        ['ssd_cin_episodes', 'cine_referral_id'],
        ['ssd_cin_episodes', 'cine_person_id'],
      ] as const) {
        test(`fails without ${table}.${column}, and looks at none of the tables`, async () => {
          const { names } = profileFrom({ columnNames: { [table]: { [column]: 'not_there' } } }, 'ours');
          const result = await look({ ssdOf: (opened) => new SsdReader(opened, world.schema, names) });
          assert.equal(outcomesOf(result).ssdTables, 'fail');
          assert.match(foundBy('ssdTables', result), new RegExp(`column \\S+\\.${table}\\.not_there`));
          assert.equal(outcomesOf(result).ssdRows, 'skipped');
          assert.equal(outcomesOf(result).ssdRelations, 'skipped');
        });
      }
    });

    describe('looks at how the rows of the SSD find each other', () => {
      const involvements = (roles: readonly string[]) =>
        loadRows(
          world.database,
          world.schema,
          'ssd_involvements',
          roles.map((role, at) => ({
            invo_involvements_id: String(at),
            invo_person_id: aChild.pers_person_id,
            invo_referral_id: 'E1',
            invo_professional_id: 'W1',
            invo_professional_role_id: role,
          })),
        );
      beforeEach(() =>
        loadRows(world.database, world.schema, 'ssd_professionals', [{ prof_professional_id: 'W1' }]),
      );

      test('and says of each relation how many rows find their parent', async () => {
        await involvements(['CW', 'OTHER']);
        const result = await look();
        assert.equal(outcomesOf(result).ssdRelations, 'pass');
        const found = foundBy('ssdRelations', result);
        assert.match(found, /ssd_cin_episodes\.cine_person_id -> ssd_person 1 of 1/);
        assert.match(found, /ssd_involvements\.invo_referral_id -> ssd_cin_episodes 2 of 2/);
        assert.match(found, /Involvements with a role that the profile reports: 1 of 2\./);
      });

      test('and warns of a relation that joins nothing, with what to do', async () => {
        await loadRows(world.database, world.schema, 'ssd_assessment_factors', [
          { cinf_table_id: 'F', cinf_assessment_id: 'A9', cinf_assessment_factors_json: '["1A"]' },
        ]);
        const { checks } = await look();
        const relations = checks.find(({ check }) => check === 'ssdRelations');
        assert.equal(relations?.outcome, 'warn');
        assert.match(relations.found, /^0 of 1 rows of ssd_assessment_factors find their row in ssd_cin_ass/);
        assert.match(relations.remedy ?? '', /"relations" in a profile/);
      });

      test('and lists the roles where none is reported, except rare ones, which may be names', async () => {
        const roles = [...Array<string>(6).fill('SOCWORK'), ...Array<string>(5).fill('IRO'), 'seeded name'];
        await involvements(roles);
        const result = await look();
        assert.equal(outcomesOf(result).ssdRelations, 'warn');
        assert.match(
          foundBy('ssdRelations', result),
          /^0 of 12 involvements have a role.*\nThe roles of involvements: SOCWORK 6, IRO 5, other roles or none 1\./s,
        );
        assert.doesNotMatch(JSON.stringify(result), seeded);
      });

      test('and says nothing of roles where workers of every role are sent', async () => {
        await involvements(['SOCWORK']);
        const result = await look({ careWorkerRoles: undefined });
        assert.equal(outcomesOf(result).ssdRelations, 'pass');
        assert.doesNotMatch(foundBy('ssdRelations', result), /role/);
      });
    });

    describe('looks at the lists that limit who is sent', () => {
      const lookWith = (limits: CohortLimits, as = world.database) =>
        look({
          openDatabase: () => opened(() => Promise.resolve(as)),
          ssdOf: (opened) => new SsdReader(opened, world.schema, builtInProfile('systemc').names, limits),
        });
      let list: string;
      beforeEach(async () => {
        list = `${world.schema}.our_list`;
        await world.database.query(`DROP TABLE IF EXISTS ${list}`);
        await world.database.query(`CREATE TABLE ${list} (person_id varchar(20))`);
      });

      test('and passes those that hold ids', async () => {
        await world.database.query(`INSERT INTO ${list} VALUES ('C-seeded-id')`);
        const result = await lookWith({ cohortList: list });
        assert.equal(outcomesOf(result).cohortLists, 'pass');
        assert.equal(foundBy('cohortLists', result), `${list} lists 1 id.`);
        assert.doesNotMatch(JSON.stringify(result), seeded);
      });

      test('and warns of an empty one, with its effect', async () => {
        await world.database.query(`INSERT INTO ${list} VALUES (NULL)`);
        const cohort = await lookWith({ cohortList: list });
        assert.equal(outcomesOf(cohort).cohortLists, 'warn');
        assert.match(
          foundBy('cohortLists', cohort),
          /is empty: no child is sent, and every child that DfE holds/,
        );
        const allowed = await lookWith({ allowList: list });
        assert.match(foundBy('cohortLists', allowed), /is empty: no child is sent, changed or removed\.$/);
      });

      test('and fails on one that is not there or has no person_id', async () => {
        const absent = await lookWith({ cohortList: list, allowList: `${world.schema}.nowhere` });
        assert.equal(outcomesOf(absent).cohortLists, 'fail');
        assert.match(foundBy('cohortLists', absent), /The list \S+\.nowhere cannot be read/);
        const other = await lookWith({ cohortList: `${world.schema}.ssd_person` });
        assert.equal(outcomesOf(other).cohortLists, 'fail');
      });

      if (engine.engine === 'postgres') {
        test('and fails on one that the login may not read', async () => {
          const role = `unlisted_${world.schema}`;
          await createRole(world.database, role);
          await world.database.query(`GRANT USAGE ON SCHEMA ${world.schema} TO ${role}`);
          const result = await asRole(engine, world.database, role, (own) =>
            lookWith({ allowList: list }, own),
          );
          assert.equal(outcomesOf(result).cohortLists, 'fail');
          assert.match(foundBy('cohortLists', result), /our_list cannot be read: .*permission was denied/);
        });
      }
    });

    test('warns of an SSD that is empty', async () => {
      await emptySsd(world.database, world.schema);
      const result = await look();
      assert.equal(result.outcome, 'warn');
      assert.match(foundBy('ssdRows', result), /^Empty: ssd_person, ssd_cin_episodes\./);
    });

    test('warns of an SSD in which nothing has happened for more than a week, whatever its dates in the future say', async () => {
      assert.equal(
        foundBy('ssdFreshness', await look()),
        'The SSD has dates of the 7 days to 2026-08-11.\nNewest dates up to today: ssd_cin_episodes 2026-08-04, ssd_cin_assessments none, ssd_s47_enquiry none, ssd_involvements none.',
      );
      await loadRows(world.database, world.schema, 'ssd_involvements', [
        {
          invo_involvements_id: 'I1',
          invo_involvement_start_date: '2026-07-30',
          invo_involvement_end_date: '2027-01-01',
        },
      ]);
      const result = await look({ today: () => plainDate('2026-08-12') });
      assert.equal(outcomesOf(result).ssdFreshness, 'warn');
      assert.match(foundBy('ssdFreshness', result), /out of date.*ssd_involvements 2026-07-30\.$/s);
      await world.database.query(
        `UPDATE ${world.schema}.ssd_involvements SET invo_involvement_end_date = CAST('2026-08-05' AS date)`,
      );
      const changed = await look({ today: () => plainDate('2026-08-12') });
      assert.equal(outcomesOf(changed).ssdFreshness, 'pass', 'a worker who left is a sign of life, too');
    });

    test('cannot tell how fresh an SSD is that has no date, or none in a column of dates', async () => {
      await emptySsd(world.database, world.schema);
      assert.match(foundBy('ssdFreshness', await look()), /^We cannot tell whether the SSD is up to date/);
      for (const table of ['cin_episodes', 'cin_assessments', 's47_enquiry', 'involvements']) {
        await world.retype(`ssd_${table}`, /_date$/, 'text');
      }
      await world.database.query(
        `INSERT INTO ${world.schema}.ssd_cin_episodes (cine_referral_id, cine_referral_date) VALUES ('E1', 'yesterday')`,
      );
      const result = await look();
      assert.equal(outcomesOf(result).ssdFreshness, 'warn');
      assert.match(foundBy('ssdFreshness', result), /^We cannot tell whether the SSD is up to date/);
    });
  });
}
