import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { absentColumn } from '../../shared/child/cells.js';
import { notReadBy } from '../../shared/child/categories.js';
import { runScript } from '../../shared/database/scripts.js';
import { absentColumns, readLayout, SsdLayoutError } from '../../shared/ssd/layout.js';
import { builtInProfile, profileFrom } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import type { System } from '../../infra/syntheticSsd/layout.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';

const nothing = 'SELECT 1 AS nothing';

/** What nothing can be sent without. */
const needed = [
  ['ssd_person', 'pers_person_id'],
  ['ssd_cin_episodes', 'cine_referral_id'],
  ['ssd_cin_episodes', 'cine_person_id'],
] as const;

for (const engine of testEngines) {
  describe(`the layout of an SSD on ${engine.name}`, () => {
    let made: TestSchema;
    const schemas: TestSchema[] = [];

    /** An empty SSD in the columns of a system, in a schema of its own. */
    async function anSsd(system: System): Promise<TestSchema> {
      const schema = await openTestSchema(engine);
      schemas.push(schema);
      for (const statement of createTables(schema.database.engine, schema.schema, system)) {
        await schema.database.query(statement);
      }
      return schema;
    }

    before(async () => {
      made = await anSsd('systemc');
    });

    test('a column that is not shared is not read, and is not missing', async () => {
      const { names } = builtInProfile('systemc');
      const notRead = notReadBy(['postcodes']);
      const layout = await readLayout(made.database, made.schema, names, notRead);
      const column = 'clap_cla_placement_postcode';
      assert.equal(layout.column('ssd_cla_placement', column, 'p'), 'NULL');
      assert.deepEqual(absentColumns(layout, names), []);
      assert.ok(layout.has('ssd_cla_placement', 'clap_cla_placement_type'));
    });
    after(async () => {
      for (const schema of schemas) await schema.remove();
    });

    for (const system of ['systemc', 'mosaic', 'eclipse'] as const) {
      test(`as ${system} publishes it is read by the profile ${system}`, async () => {
        const { database, schema } = await anSsd(system);
        const reader = new SsdReader(database, schema, builtInProfile(system).names);
        const [range] = await reader.ranges(10);
        assert.ok(range !== undefined);
        assert.deepEqual((await reader.read(range, nothing)).persons, []);
      });
    }

    for (const [table, column] of needed) {
      test(`lacks ${table}.${column}: nothing is read, and the error names table and column`, async () => {
        const { database, schema } = made;
        const names = profileFrom({ columnNames: { [table]: { [column]: 'another' } } }, 'ours').names;
        const reader = new SsdReader(database, schema, names);
        for (const ask of [() => reader.survey(), () => reader.ranges(10), () => reader.absentColumns()]) {
          await assert.rejects(ask(), (error) => {
            assert.ok(error instanceof SsdLayoutError);
            assert.deepEqual(error.missing, [`column ${schema}.${table}.another`]);
            return true;
          });
        }
      });
    }

    test('lacks any other column: it is neither a value nor nothing, and is named', async () => {
      const { database, schema } = await anSsd('systemc');
      const file = {
        columnNames: {
          ssd_person: { pers_ethnicity: 'ethnic', pers_dob: 'born' },
          ssd_disability: { disa_table_id: 'id' },
        },
      };
      await loadRows(database, schema, 'ssd_person', [
        { pers_person_id: 'C1', pers_ethnicity: 'WBRI', pers_sex: 'F' },
      ]);
      await loadRows(database, schema, 'ssd_disability', [
        { disa_table_id: 'D1', disa_person_id: 'C1', disa_disability_code: 'LD' },
      ]);
      const reader = new SsdReader(database, schema, profileFrom(file, 'ours').names);
      const { persons } = await reader.read({ after: null, upTo: null }, nothing);
      assert.deepEqual(persons[0]?.rows.person.pers_ethnicity, absentColumn);
      assert.deepEqual(persons[0].rows.person.pers_dob, absentColumn);
      assert.equal(persons[0].rows.person.pers_upn, null);
      assert.equal(persons[0].rows.person.pers_sex, 'F');
      assert.deepEqual(persons[0].rows.ssd_disability, [
        { disa_table_id: null, disa_person_id: 'C1', disa_disability_code: 'LD' },
      ]);
      const absent = [
        { table: 'ssd_person', column: 'pers_ethnicity' },
        { table: 'ssd_person', column: 'pers_dob' },
        { table: 'ssd_disability', column: 'disa_table_id' },
      ];
      assert.deepEqual(await reader.absentColumns(), absent);
      assert.deepEqual((await reader.survey()).absentColumns, absent);
      assert.deepEqual(await reader.missingTables(), []);
    });

    test('lacks a table: it has no rows, and is named, unless nothing can be sent without it', async () => {
      const { database, schema } = await anSsd('mosaic');
      await loadRows(database, schema, 'ssd_person', [{ pers_person_id: 'C1' }], { system: 'mosaic' });
      for (const table of ['ssd_care_leavers', 'ssd_cla_episodes', 'ssd_professionals']) {
        await database.query(`DROP TABLE ${schema}.${table}`);
      }
      const reader = new SsdReader(database, schema, builtInProfile('mosaic').names);
      const survey = await reader.survey();
      assert.deepEqual([...survey.absentTables].sort(), ['ssd_care_leavers', 'ssd_cla_episodes']);
      assert.deepEqual((await reader.missingTables()).sort(), [
        'ssd_care_leavers',
        'ssd_cla_episodes',
        'ssd_professionals',
      ]);
      const { persons, absentTables } = await reader.read({ after: null, upTo: null }, nothing);
      assert.equal(persons.length, 1);
      assert.deepEqual(absentTables, survey.absentTables);
      await database.query(`DROP TABLE ${schema}.ssd_cin_episodes`);
      await assert.rejects(reader.survey(), new RegExp(`table ${schema}\\.ssd_cin_episodes`));
    });
  });

  describe(`an SSD whose tables have different collations on ${engine.name}`, () => {
    const [one, other] =
      engine.engine === 'postgres' ? ['"C"', '"und-x-icu"'] : ['Latin1_General_BIN2', 'Latin1_General_CI_AS'];
    const joined = [
      ['ssd_cin_episodes', 'cine_referral_id', one],
      ['ssd_involvements', 'invo_referral_id', other],
      ['ssd_involvements', 'invo_professional_id', other],
      ['ssd_professionals', 'prof_professional_id', one],
      ['ssd_cin_assessments', 'cina_assessment_id', one],
      ['ssd_assessment_factors', 'cinf_assessment_id', other],
      ['ssd_cla_episodes', 'clae_cla_id', other],
      ['ssd_cla_placement', 'clap_cla_id', one],
    ] as const;

    test('joins them by referral, assessment, period of care and professional even so', async (t) => {
      const { database, schema, remove } = await openTestSchema(engine);
      t.after(remove);
      for (const statement of createTables(database.engine, schema, 'systemc', { primaryKeys: 'none' })) {
        await database.query(statement);
      }
      for (const [table, column, collation] of joined) {
        await database.query(`ALTER TABLE ${schema}.${table} DROP COLUMN ${column}`);
        await database.query(`ALTER TABLE ${schema}.${table} ADD ${column} varchar(48) COLLATE ${collation}`);
      }
      const load = (table: Parameters<typeof loadRows>[2], row: Readonly<Record<string, string>>) =>
        loadRows(database, schema, table, [row]);
      await load('ssd_person', { pers_person_id: 'C1', pers_dob: '2015-05-05' });
      await load('ssd_cin_episodes', { cine_referral_id: 'R', cine_person_id: 'C1' });
      await load('ssd_involvements', {
        invo_involvements_id: 'I',
        invo_referral_id: 'R',
        invo_professional_id: 'W',
      });
      await load('ssd_professionals', {
        prof_professional_id: 'W',
        prof_social_worker_registration_no: 'X1',
      });
      await load('ssd_cin_assessments', { cina_assessment_id: 'A', cina_person_id: 'C1' });
      await load('ssd_assessment_factors', { cinf_table_id: 'F', cinf_assessment_id: 'A' });
      await load('ssd_cla_episodes', { clae_cla_episode_id: 'E', clae_cla_id: 'K', clae_person_id: 'C1' });
      await load('ssd_cla_placement', { clap_cla_placement_id: 'P', clap_cla_id: 'K' });
      const reader = new SsdReader(database, schema, builtInProfile('systemc').names);
      const [range] = await reader.ranges(10);
      assert.ok(range !== undefined);
      const [person] = (await reader.read(range, nothing)).persons.map(({ rows }) => rows);
      assert.deepEqual(
        person?.ssd_involvements.map((row) => row.prof_social_worker_registration_no),
        ['X1'],
      );
      assert.equal(person.ssd_assessment_factors.length, 1);
      assert.equal(person.ssd_cla_placement.length, 1);
      assert.deepEqual(await reader.findingsOfUnassignedRows(await reader.survey()), []);
    });
  });

  describe(`who is left out of an SSD on ${engine.name}`, () => {
    async function aReader(t: TestContext, system: System = 'systemc') {
      const { database, schema, remove } = await openTestSchema(engine);
      t.after(remove);
      for (const statement of createTables(database.engine, schema, system, { primaryKeys: 'none' })) {
        await database.query(statement);
      }
      const load = (table: Parameters<typeof loadRows>[2], rows: Parameters<typeof loadRows>[3]) =>
        loadRows(database, schema, table, rows, { system });
      return {
        database,
        schema,
        load,
        reader: new SsdReader(database, schema, builtInProfile(system).names),
      };
    }

    for (const system of ['systemc', 'mosaic'] as const) {
      test(`because a row belongs to no person is found in the columns of ${system}`, async (t) => {
        const { load, reader } = await aReader(t, system);
        await load('ssd_person', [{ pers_person_id: 'C1' }]);
        await load('ssd_disability', [
          { disa_table_id: 'D1', disa_person_id: 'C1', disa_disability_code: 'LD' },
          { disa_table_id: 'D2', disa_person_id: 'C2', disa_disability_code: 'LD' },
        ]);
        await load('ssd_cla_placement', [{ clap_cla_placement_id: 'P1', clap_cla_id: 'K' }]);
        const findings = await reader.findingsOfUnassignedRows(await reader.survey());
        const found = findings.map(({ table, rowId }) => `${table} ${String(rowId)}`);
        assert.deepEqual(found, ['ssd_disability D2', 'ssd_cla_placement P1']);
      });
    }

    test('by lists of ids: those of a range, without the blanks around them', async (t) => {
      const { database, schema, load } = await aReader(t);
      await load('ssd_person', [{ pers_person_id: 'C1', pers_dob: '2015-05-05' }]);
      await database.query(`CREATE TABLE ${schema}.our_list (person_id char(10))`);
      await database.query(`INSERT INTO ${schema}.our_list VALUES ('C1'), ('C9')`);
      const limits = { cohortList: `${schema}.our_list` };
      const reader = new SsdReader(database, schema, builtInProfile('systemc').names, limits);
      const [range] = await reader.ranges(10);
      assert.ok(range !== undefined);
      const { cohortList, allowList } = await reader.read(range, nothing);
      assert.deepEqual([...(cohortList?.values() ?? [])].sort(), ['C1', 'C9']);
      assert.equal(allowList, undefined);
    });

    test('by lists of ids of a fixed width: each id in the range of its person', async (t) => {
      const { database, schema, load } = await aReader(t);
      const ids = ['C1', 'C2', 'C3', 'C4'];
      await load(
        'ssd_person',
        ids.map((id) => ({ pers_person_id: id, pers_dob: '2015-05-05' })),
      );
      await database.query(`CREATE TABLE ${schema}.our_list (person_id char(10))`);
      for (const id of ids) await database.query(`INSERT INTO ${schema}.our_list VALUES ('${id}')`);
      const limits = { cohortList: `${schema}.our_list` };
      const reader = new SsdReader(database, schema, builtInProfile('systemc').names, limits);
      for (const range of await reader.ranges(1)) {
        const { persons, cohortList } = await reader.read(range, nothing);
        assert.deepEqual(
          [...(cohortList?.values() ?? [])],
          persons.map(({ rows }) => rows.person.pers_person_id),
        );
      }
    });

    test('by the letters of an id: it is the same person where the database says so, in rows and on lists', async (t) => {
      const { database, schema, load } = await aReader(t);
      await load('ssd_person', [{ pers_person_id: 'Ab1', pers_dob: '2015-05-05' }]);
      await load('ssd_disability', [
        { disa_table_id: 'D1', disa_person_id: 'AB1', disa_disability_code: 'LD' },
      ]);
      await database.query(`CREATE TABLE ${schema}.our_list (person_id varchar(10))`);
      await database.query(`INSERT INTO ${schema}.our_list VALUES ('AB1')`);
      const limits = { cohortList: `${schema}.our_list` };
      const reader = new SsdReader(database, schema, builtInProfile('systemc').names, limits);
      const { persons, cohortList } = await reader.read({ after: null, upTo: null }, nothing);
      const keyOf = await reader.idKey();
      const isSame = keyOf('Ab1') === keyOf('AB1');
      assert.equal(persons[0]?.rows.ssd_disability.length, isSame ? 1 : 0);
      assert.equal((await reader.findingsOfUnassignedRows(await reader.survey())).length, isSame ? 0 : 1);
      assert.equal(cohortList?.has(keyOf('Ab1')), isSame);
    });
  });

  test(`the indexes of infra/sql serve every person column (${engine.name})`, async (t) => {
    const { database, schema, remove } = await openTestSchema(engine);
    t.after(remove);
    for (const statement of createTables(database.engine, schema, 'systemc')) await database.query(statement);
    const reader = new SsdReader(database, schema, builtInProfile('systemc').names);
    const before = await reader.unindexedPersonColumns();
    assert.ok(before.withoutIndex.includes('ssd_address.addr_person_id'));
    await runScript(database, 'indexes.sql', { SsdSchema: schema });
    await runScript(database, 'indexes.sql', { SsdSchema: schema });
    assert.deepEqual(await reader.unindexedPersonColumns(), { withoutIndex: [], unservable: [] });
    await database.query(`ALTER TABLE ${schema}.ssd_address DROP COLUMN addr_person_id`);
    await database.query(`ALTER TABLE ${schema}.ssd_address ADD addr_person_id int`);
    const typed = new SsdReader(database, schema, builtInProfile('systemc').names);
    const { unservable } = await typed.unindexedPersonColumns();
    assert.deepEqual(
      unservable.map(({ column }) => column),
      ['ssd_address.addr_person_id'],
    );
    assert.match(unservable[0]?.because ?? '', /^is int(eger)?, not text$/);
  });

  test(`rows that belong to no person are found without a row id, and by numbers the profile knows (${engine.name})`, async (t) => {
    const { database, schema, remove } = await openTestSchema(engine);
    t.after(remove);
    for (const statement of createTables(database.engine, schema, 'systemc')) await database.query(statement);
    const change = async (table: string, column: string, type: string) => {
      await database.query(`ALTER TABLE ${schema}.${table} DROP COLUMN ${column}`);
      if (type !== '') await database.query(`ALTER TABLE ${schema}.${table} ADD ${column} ${type}`);
    };
    await change('ssd_disability', 'disa_table_id', '');
    await change('ssd_assessment_factors', 'cinf_assessment_id', 'integer');
    await database.query(
      `INSERT INTO ${schema}.ssd_disability (disa_person_id, disa_disability_code) VALUES ('NOBODY', 'LD')`,
    );
    await database.query(
      `INSERT INTO ${schema}.ssd_assessment_factors (cinf_table_id, cinf_assessment_id) VALUES ('F1', 7)`,
    );
    const file = {
      optionalColumns: { ssd_disability: ['disa_table_id'] },
      integerColumns: { ssd_assessment_factors: ['cinf_assessment_id'] },
    };
    const reader = new SsdReader(database, schema, profileFrom(file, 'ours').names);
    const findings = await reader.findingsOfUnassignedRows(await reader.survey());
    const found = findings.map(({ table, rowId }) => `${table} ${String(rowId)}`);
    assert.deepEqual(found.sort(), ['ssd_assessment_factors F1', 'ssd_disability null']);
  });
}
