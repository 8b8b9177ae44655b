import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database, Row } from '../../shared/database/database.js';
import { builtInProfile, type profileNames } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { detailTables } from '../../shared/child/sourceRows.js';
import { tableNames } from '../../infra/syntheticSsd/columns.js';
import { tableLayout, type Column } from '../../infra/syntheticSsd/layout.js';
import { typeName } from '../../infra/syntheticSsd/schema.js';
import { healthy, unhealthy } from '../sql/surveyFacts.js';

/** A SQL Server that has the tables of a system and no rows, and keeps what it is asked. */
class AnsweringServer implements Database {
  readonly engine = 'sqlserver';
  readonly asked: string[] = [];
  readonly #columns: readonly Row[];
  readonly #facts: Row;

  /** @param facts what every other SELECT answers with */
  constructor(system: (typeof profileNames)[number], facts: Row, collationOf: (column: Column) => string) {
    this.#columns = tableNames.flatMap((table) =>
      tableLayout(table, system).columns.map((column) => ({
        schema_name: 'ssd_development',
        table_name: table,
        column_name: column.name,
        data_type: typeName('sqlserver', column.type).replace(/\(.*/, ''),
        collation_name: column.type.kind === 'text' ? collationOf(column) : null,
        own_collation: 'Latin1_General_CI_AS',
      })),
    );
    this.#facts = facts;
  }

  query(sql: string): Promise<Row[]> {
    this.asked.push(sql);
    return Promise.resolve(sql.includes('INFORMATION_SCHEMA') ? [...this.#columns] : []);
  }

  queryTogether<Name extends string>(selects: Readonly<Record<Name, string>>): Promise<Record<Name, Row[]>> {
    this.asked.push(...Object.values<string>(selects));
    const rows = Object.fromEntries(Object.keys(selects).map((name) => [name, [this.#facts]]));
    if (!isComplete(selects, rows)) throw new Error('a name is missing');
    return Promise.resolve(rows);
  }

  transaction(): Promise<never> {
    return Promise.reject(new Error('nothing is written'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function isComplete<Name extends string>(
  selects: Readonly<Record<Name, string>>,
  rows: Readonly<Record<string, Row[]>>,
): rows is Record<Name, Row[]> {
  return Object.keys(selects).every((name) => name in rows);
}

async function statements(
  system: (typeof profileNames)[number],
  facts: Row,
  collationOf: (column: Column) => string = () => 'Latin1_General_CI_AS',
): Promise<readonly string[]> {
  const server = new AnsweringServer(system, facts, collationOf);
  const reader = new SsdReader(server, 'ssd_development', builtInProfile(system).names);
  const survey = await reader.survey();
  await reader.findingsOfUnassignedRows(survey);
  await reader.idsOfUnnamedRows(survey, detailTables);
  await reader.ranges(500);
  await reader.newestDates('2026-08-11');
  await reader.rowCounts();
  await reader.ids({ after: 'A', upTo: 'B' });
  await reader.read({ after: 'A', upTo: 'B' }, 'SELECT 1 AS one');
  return server.asked;
}

/** The SELECT of a range for a table. */
function selectFrom(all: readonly string[], table: string): string {
  const isFirst = (sql: string) => sql.split('\nFROM ')[1]?.startsWith(`ssd_development.${table} `) === true;
  return all.findLast((sql) => isFirst(sql) && sql.includes('@upTo')) ?? '';
}

describe('the T-SQL of the extract', () => {
  for (const system of ['systemc', 'mosaic', 'eclipse'] as const) {
    for (const [state, facts] of Object.entries({ healthy, unhealthy })) {
      it(`of a ${state} SSD of ${system} stays inside what every SQL Server since 2016 and the rules of the project allow`, async () => {
        const all = await statements(system, facts);
        assert.ok(all.length > 60);
        for (const sql of all) {
          assert.doesNotMatch(sql, /\|\||\bLENGTH\(|\bSUBSTR\(|\bMERGE\b|\bTRY_|\b126\b|\bAS text\b|"/);
          // An aggregate over a subquery is an error of SQL Server.
          assert.doesNotMatch(sql, /(SUM|MIN|MAX|COUNT)\((?:(?!\)).)*\bSELECT\b/);
        }
      });
    }

    it(`compares the bare columns of ${system}, so that an index can serve`, async () => {
      const all = await statements(system, healthy);
      const sql = selectFrom(all, 'ssd_cin_plans');
      assert.match(sql, /WHERE cin_plan\.cinp_person_id > @after AND cin_plan\.cinp_person_id <= @upTo$/);
      assert.doesNotMatch(sql, /JOIN|RTRIM|CAST|COLLATE/);
    });
  }

  it('reads Eclipse’s keys as its scripts for SQL Server write them', async () => {
    const all = await statements('eclipse', unhealthy);
    const factors = selectFrom(all, 'ssd_assessment_factors');
    const person = "NULLIF(RTRIM(assessment.cina_person_id), '')";
    assert.ok(factors.includes('owner.key_1 = factors.cinf_table_id'));
    assert.ok(
      factors.includes(
        `${person} + '-' + CASE WHEN LEFT(RTRIM(assessment.cina_assessment_id), LEN(RTRIM(assessment.cina_person_id)))`,
      ),
    );
    const care = selectFrom(all, 'ssd_cla_episodes');
    assert.ok(
      care.includes(
        "NULLIF(RTRIM(care_episode.clae_person_id), '') + NULLIF(RTRIM(care_episode.clae_referral_id), '')",
      ),
    );
  });

  it('makes text of Mosaic’s whole numbers, without losing a digit', async () => {
    const all = await statements('mosaic', unhealthy);
    assert.match(selectFrom(all, 'ssd_cin_plans'), /CAST\(referral\.cine_referral_id AS varchar\(48\)\)/);
    assert.match(
      selectFrom(all, 'ssd_s47_enquiry'),
      /CAST\(enquiry\.s47e_s47_enquiry_id AS varchar\(48\)\) AS s47e_s47_enquiry_id/,
    );
  });

  it('compares columns of another collation by that of the ids of ssd_person', async () => {
    const all = await statements('systemc', unhealthy, ({ name }) =>
      name === 'cinp_referral_id' ? 'Latin1_General_BIN2' : 'Latin1_General_CI_AS',
    );
    assert.match(
      selectFrom(all, 'ssd_cin_plans'),
      /owner\.key_1 = cin_plan\.cinp_referral_id COLLATE Latin1_General_CI_AS/,
    );
  });
});
