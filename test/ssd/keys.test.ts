import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Engine } from '../../shared/database/database.js';
import { profileFrom } from '../../shared/ssd/profile.js';
import { testEngines } from '../database/engines.js';
import type { SsdRow, TableName } from '../../infra/syntheticSsd/columns.js';
import { anSsd, everyone, ofNobody, type Rows } from './anSsd.js';

const ours = profileFrom({}, 'ours');

/** A type of an id on one side of a relation and on the other, and an id in it as text. */
const pairsOfTypes: Readonly<
  Record<Engine, readonly (readonly [child: string, parent: string, id: string])[]>
> = {
  postgres: [
    ['varchar(48)', 'char(40)', 'X1'],
    ['char(40)', 'text', 'X1'],
    ['varchar(48)', 'int', '2147483647'],
    ['bigint', 'varchar(48)', '9007199254740993'],
    ['numeric(38,0)', 'bigint', '9007199254740993'],
    ['numeric(38,0)', 'char(40)', '12345678901234567890123456789012345678'],
    ['uuid', 'varchar(48)', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ],
  sqlserver: [
    ['nvarchar(48)', 'char(40)', 'X1'],
    ['char(40)', 'varchar(48)', 'X1'],
    ['nvarchar(48)', 'int', '2147483647'],
    ['bigint', 'nvarchar(48)', '9007199254740993'],
    ['decimal(38,0)', 'bigint', '9007199254740993'],
    ['numeric(38,0)', 'nchar(40)', '12345678901234567890123456789012345678'],
    ['decimal(20,0)', 'decimal(38,0)', '9007199254740993'],
    ['float', 'int', '12345678'],
    ['uniqueidentifier', 'nvarchar(48)', '0F8FAD5B-D9CB-469F-A165-70867728950E'],
  ],
};

/** Each relation, with a row of its child and of its parent that have nothing but the key. */
const relations = [
  ['ssd_cin_assessments', 'cina_referral_id', 'ssd_cin_episodes', 'cine_referral_id', 'cine_person_id'],
  ['ssd_cin_plans', 'cinp_referral_id', 'ssd_cin_episodes', 'cine_referral_id', 'cine_person_id'],
  ['ssd_involvements', 'invo_referral_id', 'ssd_cin_episodes', 'cine_referral_id', 'cine_person_id'],
  [
    'ssd_assessment_factors',
    'cinf_assessment_id',
    'ssd_cin_assessments',
    'cina_assessment_id',
    'cina_person_id',
  ],
  [
    'ssd_initial_cp_conference',
    'icpc_s47_enquiry_id',
    'ssd_s47_enquiry',
    's47e_s47_enquiry_id',
    's47e_person_id',
  ],
  ['ssd_cla_placement', 'clap_cla_id', 'ssd_cla_episodes', 'clae_cla_id', 'clae_person_id'],
  ['ssd_permanence', 'perm_cla_id', 'ssd_cla_episodes', 'clae_cla_id', 'clae_person_id'],
] as const satisfies readonly (readonly [TableName, string, TableName, string, string])[];

for (const engine of testEngines) {
  describe(`the keys of an SSD (${engine.name})`, () => {
    for (const [childType, parentType, id] of pairsOfTypes[engine.engine]) {
      it(`meet when one is ${childType} and the other ${parentType}, and no digit is lost`, async () => {
        const ssd = await anSsd(engine, { ssd_person: [{ pers_person_id: 'A' }] });
        const types = new Map<string, readonly [TableName, string, string]>();
        for (const [child, key, parent, its] of relations) {
          types.set(key, [child, key, childType]);
          types.set(its, [parent, its, parentType]);
        }
        for (const [table, column, type] of types.values()) await ssd.retype(table, column, type);
        // Not by JSON, in which a long number may lose digits.
        const insert = async (table: TableName, row: Readonly<Record<string, string>>) => {
          const columns = Object.keys(row).join(', ');
          const values = Object.values(row).map((value) => `'${value}'`);
          await ssd.database.query(
            `INSERT INTO ${ssd.schema}.${table} (${columns}) VALUES (${values.join(', ')})`,
          );
        };
        const parents = new Map(
          relations.map(([, , parent, its, person]) => [parent, { [its]: id, [person]: 'A' }]),
        );
        for (const [parent, row] of parents) await insert(parent, row);
        for (const [child, key] of relations) {
          await insert(child, {
            [key]: id,
            ...(child === 'ssd_assessment_factors' ? { cinf_table_id: 'F' } : {}),
          });
        }
        const reader = ssd.reader(ours);
        const read = (await everyone(reader)).get('A');
        const keys = relations.map(([child, key]) =>
          idsIn(read?.[child] ?? [], key).filter((found) => found !== 'null'),
        );
        assert.deepEqual(
          keys,
          relations.map(() => [id]),
        );
        assert.deepEqual(await ofNobody(reader), []);
        assert.ok((await reader.survey()).relations.every(({ withKey, found }) => withKey === found));
      });
    }

    it('match with any blanks after them, in every table, and are sent without', async () => {
      const rows: Rows = {
        ssd_person: [{ pers_person_id: 'A ' }],
        ssd_disability: [{ disa_table_id: 'D ', disa_person_id: 'A  ', disa_disability_code: 'LD' }],
        ssd_cin_episodes: [{ cine_referral_id: 'R ', cine_person_id: 'A' }],
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P', cinp_person_id: 'A   ', cinp_referral_id: 'R' }],
        ssd_cin_assessments: [{ cina_assessment_id: 'S ', cina_referral_id: 'R  ' }],
        ssd_assessment_factors: [{ cinf_table_id: 'F', cinf_assessment_id: 'S' }],
        ssd_cla_episodes: [
          { clae_cla_episode_id: 'E', clae_person_id: 'A', clae_cla_id: 'K ', clae_referral_id: 'R   ' },
        ],
        ssd_cla_placement: [{ clap_cla_placement_id: 'L', clap_cla_id: 'K' }],
      };
      const ssd = await anSsd(engine, rows);
      const reader = ssd.reader(ours);
      const read = (await everyone(reader)).get('A');
      assert.deepEqual(
        [
          read?.person.pers_person_id,
          read?.ssd_disability[0]?.disa_table_id,
          read?.ssd_cin_plans[0]?.cinp_referral_id,
          read?.ssd_cin_assessments[0]?.cina_referral_id,
          read?.ssd_assessment_factors[0]?.cinf_assessment_id,
          read?.ssd_cla_episodes[0]?.clae_referral_id,
          read?.ssd_cla_placement[0]?.clap_cla_id,
        ],
        ['A', 'D', 'R', 'R', 'S', 'R', 'K'],
      );
      assert.deepEqual(await ofNobody(reader), []);
    });

    it('meet in capitals and small letters where the database says so, and only there', async () => {
      const ssd = await anSsd(engine, {
        ssd_person: [{ pers_person_id: 'A' }],
        ssd_cin_episodes: [{ cine_referral_id: 'Ref', cine_person_id: 'a' }],
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P', cinp_person_id: 'A', cinp_referral_id: 'REF' }],
      });
      const isSame = engine.engine === 'sqlserver';
      const read = (await everyone(ssd.reader(ours))).get('A');
      assert.deepEqual(
        [read?.ssd_cin_episodes.length, read?.ssd_cin_plans[0]?.cinp_referral_id],
        isSame ? [1, 'Ref'] : [0, 'REF'],
      );
    });

    it('do not meet when both are blank', async () => {
      const blank: SsdRow = { cine_referral_id: ' ', cine_person_id: 'A' };
      const ssd = await anSsd(engine, {
        ssd_person: ['A', ''].map((id) => ({ pers_person_id: id })),
        ssd_cin_episodes: [blank],
        ssd_cin_plans: [{ cinp_cin_plan_id: 'P', cinp_referral_id: '' }],
        ssd_disability: [{ disa_table_id: 'D', disa_person_id: '', disa_disability_code: 'LD' }],
      });
      assert.deepEqual(await ofNobody(ssd.reader(ours)), [
        'no-person ssd_cin_plans P',
        'no-person ssd_disability D',
      ]);
    });
  });
}

function idsIn(rows: readonly object[], column: string): string[] {
  return rows.map((row) => String(Reflect.get(row, column)));
}
