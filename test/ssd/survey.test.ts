import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mostRows } from '../../shared/ssd/unassignedRows.js';
import { profileFrom } from '../../shared/ssd/profile.js';
import { counted } from '../database/countedDatabase.js';
import { testEngines } from '../database/engines.js';
import { anSsd } from './anSsd.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';

const ours = profileFrom({}, 'ours');

for (const engine of testEngines) {
  describe(`the survey of an SSD (${engine.name})`, () => {
    it('says of each relation how many rows there are, have a key, and meet their parent', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [{ pers_person_id: 'A' }],
        ssd_address: ['A', 'A', 'B', null].map((id, at) => ({
          addr_table_id: String(at),
          addr_person_id: id,
        })),
        ssd_cin_episodes: [{ cine_referral_id: 'R', cine_person_id: 'B' }],
        ssd_cin_plans: ['R', 'R', 'R9', null].map((id, at) => ({
          cinp_cin_plan_id: String(at),
          cinp_person_id: 'A',
          cinp_referral_id: id,
        })),
        ssd_cla_episodes: [
          { clae_cla_episode_id: 'E', clae_person_id: 'A', clae_cla_id: 'K', clae_cla_placement_id: 'L1' },
          { clae_cla_episode_id: 'E2', clae_person_id: 'A', clae_cla_id: 'K', clae_cla_placement_id: 'L2' },
        ],
        ssd_cla_placement: [
          { clap_cla_placement_id: 'L1', clap_cla_id: 'K' },
          { clap_cla_placement_id: 'L1', clap_cla_id: 'K9' },
          { clap_cla_placement_id: 'L1', clap_cla_id: null },
        ],
        ssd_involvements: ['W1', 'W2'].map((id) => ({ invo_involvements_id: id, invo_professional_id: id })),
        ssd_professionals: [{ prof_professional_id: 'W1' }],
        ssd_assessment_factors: [{ cinf_table_id: 'F', cinf_assessment_id: 'S' }],
      });
      const survey = await ssd.reader(ours).survey();
      const figures = new Map(
        survey.relations.map(({ relation, columns, rows, withKey, found }) => [
          relation,
          { columns, rows, withKey, found },
        ]),
      );
      assert.deepEqual(figures.get('ssd_address.addr_person_id -> ssd_person'), {
        columns: ['addr_person_id'],
        rows: 4,
        withKey: 3,
        found: 2,
      });
      // The parent is there, whoever it belongs to.
      assert.deepEqual(figures.get('ssd_cin_plans.cinp_referral_id -> ssd_cin_episodes'), {
        columns: ['cinp_referral_id'],
        rows: 4,
        withKey: 3,
        found: 2,
      });
      assert.deepEqual(figures.get('ssd_cla_placement.clap_cla_id -> ssd_cla_episodes'), {
        columns: ['clap_cla_id', 'clap_cla_placement_id'],
        rows: 3,
        withKey: 2,
        found: 2,
      });
      assert.equal(figures.get('ssd_cla_episodes.clae_cla_placement_id -> ssd_cla_placement')?.found, 1);
      assert.equal(figures.get('ssd_involvements.invo_professional_id -> ssd_professionals')?.found, 1);
      assert.equal(survey.factorsWithoutAssessment, 1);
      assert.equal(new Set(survey.relations.map(({ relation }) => relation)).size, survey.relations.length);
    });

    it('is as new as the moment it is asked for, the columns too', async () => {
      const ssd = await anSsd(engine);
      const reader = ssd.reader(ours);
      assert.equal((await reader.survey()).belonging.get('ssd_disability')?.noPerson, 0);
      await ssd.load({
        ssd_disability: [{ disa_table_id: 'D', disa_person_id: 'A', disa_disability_code: 'LD' }],
      });
      await ssd.database.query(`ALTER TABLE ${ssd.schema}.ssd_person DROP COLUMN pers_sex`);
      const survey = await reader.survey();
      assert.equal(survey.belonging.get('ssd_disability')?.noPerson, 1);
      assert.deepEqual(survey.absentColumns, [{ table: 'ssd_person', column: 'pers_sex' }]);
    });

    it('takes four round trips, and the rows without a person one more', async () => {
      const ssd = await anSsd(engine, { ssd_cin_plans: [{ cinp_cin_plan_id: 'P', cinp_person_id: 'A' }] });
      const database = counted(ssd.database);
      const reader = new SsdReader(database, ssd.schema, ours.names);
      const survey = await reader.survey();
      assert.equal(database.roundTrips, 4);
      await reader.findingsOfUnassignedRows(survey);
      assert.equal(database.roundTrips, 5);
    });

    it('makes the SELECTs of a range join only what the rows need', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [{ pers_person_id: 'A' }, { pers_person_id: 'B' }],
        ssd_cin_episodes: [{ cine_referral_id: 'R', cine_person_id: 'A' }],
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P', cinp_person_id: 'A', cinp_referral_id: 'R' }],
        ssd_cin_assessments: [{ cina_assessment_id: 'S', cina_person_id: null, cina_referral_id: 'R' }],
      });
      const asked: string[] = [];
      const database = {
        ...counted(ssd.database),
        queryTogether: <Name extends string>(selects: Readonly<Record<Name, string>>, parameters = {}) => {
          asked.push(...Object.values<string>(selects));
          return ssd.database.queryTogether(selects, parameters);
        },
      };
      const reader = new SsdReader(database, ssd.schema, ours.names);
      await reader.survey();
      const selectOf = async (table: string) => {
        asked.length = 0;
        await reader.read({ after: 'A', upTo: 'B' }, 'SELECT 1 AS one');
        return asked.find((sql) => sql.includes(`FROM ${ssd.schema}.${table} `)) ?? '';
      };
      assert.doesNotMatch(await selectOf('ssd_cin_plans'), /JOIN|EXISTS|UNION/);
      assert.doesNotMatch(await selectOf('ssd_cin_assessments'), /UNION/);
      assert.match(await selectOf('ssd_cin_assessments'), /JOIN \(/);
      await ssd.load({
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P2', cinp_person_id: 'B', cinp_referral_id: 'R' }],
      });
      await reader.survey();
      assert.match(await selectOf('ssd_cin_plans'), /LEFT JOIN/);
    });
  });

  describe(`the rows without a person (${engine.name})`, () => {
    it('are named with their own id, the person they name and their parent', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [{ pers_person_id: 'A' }, { pers_person_id: 'B' }],
        ssd_cin_episodes: [{ cine_referral_id: 'R', cine_person_id: 'B' }],
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P1', cinp_person_id: 'A', cinp_referral_id: 'R' }],
        ssd_cla_placement: [{ clap_cla_placement_id: 'L1', clap_cla_id: 'K' }],
        ssd_involvements: [{ invo_involvements_id: 'I1', invo_person_id: 'C', invo_referral_id: null }],
      });
      const reader = ssd.reader(ours);
      const findings = await reader.findingsOfUnassignedRows(await reader.survey());
      assert.deepEqual(findings, [
        {
          rule: 'belongs-to-two',
          table: 'ssd_cin_plans',
          rowId: 'P1',
          column: 'cinp_person_id',
          found: 'keys that lead to different persons',
          childId: 'A',
          parentId: 'R',
        },
        {
          rule: 'no-person',
          table: 'ssd_cla_placement',
          rowId: 'L1',
          column: 'clap_person_id',
          found: 'a row that belongs to nobody',
          childId: null,
          parentId: 'K',
        },
        {
          rule: 'no-person',
          table: 'ssd_involvements',
          rowId: 'I1',
          column: 'invo_person_id',
          found: 'a row that belongs to nobody',
          childId: 'C',
          parentId: null,
        },
      ]);
    });

    it('are counted where there are more than can be named', async () => {
      const many = Array.from({ length: mostRows + 1234 }, (_, at) => ({
        disa_table_id: `D${String(at)}`,
        disa_person_id: 'nobody',
        disa_disability_code: 'LD',
      }));
      const ssd = await anSsd(engine, { ssd_disability: many });
      const reader = ssd.reader(ours);
      const findings = await reader.findingsOfUnassignedRows(await reader.survey());
      assert.equal(findings.length, mostRows + 1);
      const { rowId, found } = findings.at(-1) ?? {};
      assert.deepEqual({ rowId, found }, { rowId: null, found: '1234 more rows' });
      // No id is forgotten: what DfE holds under it is not gone.
      const byTable = await reader.idsOfUnnamedRows(await reader.survey(), ['ssd_disability']);
      const unnamed = byTable.get('ssd_disability') ?? [];
      const ids = new Set([...unnamed, ...findings.flatMap((finding) => finding.rowId ?? [])]);
      assert.deepEqual({ unnamed: unnamed.length, ids: ids.size }, { unnamed: 1234, ids: many.length });
      assert.equal((await reader.idsOfUnnamedRows(await reader.survey(), ['ssd_address'])).size, 0);
    });

    it('are every row of a table without any way to a person', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [{ pers_person_id: 'A' }],
        ssd_disability: [{ disa_table_id: 'D', disa_person_id: 'A', disa_disability_code: 'LD' }],
      });
      await ssd.database.query(`ALTER TABLE ${ssd.schema}.ssd_disability DROP COLUMN disa_person_id`);
      const reader = ssd.reader(ours);
      const findings = await reader.findingsOfUnassignedRows(await reader.survey());
      assert.deepEqual(
        findings.map(({ rule, table, rowId }) => `${rule} ${table} ${String(rowId)}`),
        ['no-person ssd_disability D'],
      );
      const { persons } = await reader.read({ after: null, upTo: null }, 'SELECT 1 AS one');
      assert.deepEqual(persons[0]?.rows.ssd_disability, []);
    });
  });
}
