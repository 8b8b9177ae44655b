import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as codes from '../../../infra/syntheticSsd/codes.js';
import {
  tableNames,
  type SsdEntry,
  type SsdRow,
  type TableName,
} from '../../../infra/syntheticSsd/columns.js';
import { birthday, dateOf, dayOf, windowStartOf } from '../../../infra/syntheticSsd/day.js';
import { generateSsd } from '../../../infra/syntheticSsd/generate.js';
import { upnCheckLetter } from '../../../infra/syntheticSsd/identifiers.js';
import { tableLayout, type Column } from '../../../infra/syntheticSsd/layout.js';
import { longestForename, longestSurname } from '../../../infra/syntheticSsd/names.js';
import { personas } from '../../../infra/syntheticSsd/personas.js';

const today = '2026-08-11';
const children = 3000;
const ssd = generateSsd({ children, seed: 'tests', today });
const tables = tablesOf(ssd.entries());
const truth = [...ssd.truth()];

function tablesOf(entries: Iterable<SsdEntry>): Record<TableName, SsdRow[]> {
  const found = Object.fromEntries(tableNames.map((table): [string, SsdRow[]] => [table, []]));
  for (const { table, row } of entries) found[table]?.push(row);
  const isWhole = (record: Record<string, SsdRow[]>): record is Record<TableName, SsdRow[]> =>
    tableNames.every((table) => table in record);
  assert.ok(isWhole(found));
  return found;
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function text(row: SsdRow, column: string): string {
  const value = row[column];
  assert.equal(typeof value, 'string', column);
  return String(value);
}

/** What is wrong with a value for its column, if anything. */
function misfit(column: Column, value: SsdRow[string] | undefined): string | undefined {
  if (value === undefined) return 'missing';
  if (value === null) return column.required ? 'null' : undefined;
  const { type } = column;
  switch (type.kind) {
    case 'text':
      if (typeof value !== 'string') return 'not text';
      return type.length !== null && value.length > type.length ? 'too long' : undefined;
    case 'date':
      return typeof value === 'string' && dateOf(dayOf(value)) === value ? undefined : 'not a date';
    case 'integer':
      return Number.isInteger(value) ? undefined : 'not a whole number';
    case 'float':
    case 'decimal':
      return typeof value === 'number' ? undefined : 'not a number';
  }
}

for (const night of [0, 60]) {
  describe(`a synthetic SSD on night ${night}`, () => {
    const made = generateSsd({ children, seed: 'tests', today, night });
    const tablesThen = tablesOf(made.entries());

    it('has rows in every table, with exactly the SystemC columns, each value of its type', () => {
      for (const table of tableNames) {
        const { columns } = tableLayout(table, 'systemc');
        assert.ok(tablesThen[table].length > 0, table);
        const names = columns.map((column) => column.name);
        for (const row of tablesThen[table]) {
          assert.deepEqual(Object.keys(row), names);
          for (const column of columns) {
            const wrong = misfit(column, row[column.name]);
            assert.equal(wrong, undefined, `${table}.${column.name}: ${wrong ?? ''}`);
          }
        }
      }
    });

    it('uses no row id twice', () => {
      for (const table of tableNames) {
        const id = tableLayout(table, 'systemc').rowId.name;
        assert.equal(new Set(tablesThen[table].map((row) => row[id])).size, tablesThen[table].length, table);
      }
    });

    it('has ids that DfE takes: letters and digits, persons at most 20, workers 12, the others 36', () => {
      const limits: [TableName, string, number][] = [
        ['ssd_person', 'pers_person_id', 20],
        ['ssd_person', 'pers_legacy_id', 36],
        ['ssd_cin_episodes', 'cine_referral_id', 36],
        ['ssd_cin_assessments', 'cina_assessment_id', 36],
        ['ssd_cin_plans', 'cinp_cin_plan_id', 36],
        ['ssd_s47_enquiry', 's47e_s47_enquiry_id', 36],
        ['ssd_cp_plans', 'cppl_cp_plan_id', 36],
        ['ssd_cla_placement', 'clap_cla_placement_id', 36],
        ['ssd_professionals', 'prof_social_worker_registration_no', 12],
      ];
      for (const [table, column, longest] of limits) {
        for (const row of tablesThen[table]) {
          if (row[column] === null) continue;
          assert.match(text(row, column), new RegExp(`^[A-Za-z0-9]{1,${String(longest)}}$`));
        }
      }
    });

    it('has national codes and nothing else in every coded column', () => {
      const lists: [TableName, string, readonly string[]][] = [
        ['ssd_person', 'pers_sex', codes.sexes],
        ['ssd_person', 'pers_ethnicity', codes.ethnicities],
        ['ssd_person', 'pers_upn_unknown', codes.upnUnknownReasons],
        ['ssd_disability', 'disa_disability_code', [...codes.disabilities, 'NONE']],
        ['ssd_cin_episodes', 'cine_referral_source_code', codes.referralSources],
        ['ssd_cin_episodes', 'cine_close_reason', codes.closureReasons],
        ['ssd_cin_episodes', 'cine_cin_primary_need_code', codes.primaryNeeds],
        ['ssd_cin_episodes', 'cine_referral_nfa', ['Y', 'N']],
        ['ssd_cla_episodes', 'clae_cla_episode_start_reason', codes.careStartReasons],
        ['ssd_cla_episodes', 'clae_cla_episode_ceased_reason', codes.careEndReasons],
        ['ssd_cla_placement', 'clap_cla_placement_type', codes.placementTypes],
        ['ssd_cla_placement', 'clap_cla_placement_change_reason', codes.placementChangeReasons],
        ['ssd_care_leavers', 'clea_care_leaver_activity', codes.careLeaverActivities],
        ['ssd_care_leavers', 'clea_care_leaver_accommodation', codes.careLeaverAccommodations],
        ['ssd_cp_plans', 'cppl_cp_plan_initial_category', codes.protectionCategories],
      ];
      for (const [table, column, list] of lists) {
        for (const row of tablesThen[table]) {
          const value = row[column];
          assert.ok(value === null || list.includes(text(row, column)), `${table}.${column}`);
        }
      }
      for (const row of tablesThen.ssd_assessment_factors) {
        const factors: unknown = JSON.parse(text(row, 'cinf_assessment_factors_json'));
        assert.ok(Array.isArray(factors) && factors.length <= 41 && new Set(factors).size === factors.length);
        assert.ok(
          factors.every((factor) => factor === '21' || codes.assessmentFactors.includes(String(factor))),
        );
        assert.ok(factors.length === 1 || !factors.includes('21'));
      }
      for (const row of tablesThen.ssd_sdq_scores) {
        assert.ok(Number(row['csdq_sdq_score']) >= 0 && Number(row['csdq_sdq_score']) <= 40);
      }
    });

    it('never has NONE with another disability', () => {
      const found = groupBy(tablesThen.ssd_disability, (row) => row['disa_person_id']);
      for (const rows of found.values()) {
        assert.ok(rows.length === 1 || rows.every((row) => row['disa_disability_code'] !== 'NONE'));
      }
    });

    it('has no row that points at something that is not there', () => {
      const ids = (table: TableName): Set<string> => {
        const column = tableLayout(table, 'systemc').rowId.name;
        return new Set(tablesThen[table].map((row) => text(row, column)));
      };
      const careIds = new Set(tablesThen.ssd_cla_episodes.map((row) => text(row, 'clae_cla_id')));
      const pointers: [TableName, string, Set<string>][] = [
        ...tableNames.flatMap((table): [TableName, string, Set<string>][] =>
          tableLayout(table, 'systemc')
            .columns.filter((column) => table !== 'ssd_person' && column.name.endsWith('_person_id'))
            .map((column) => [table, column.name, ids('ssd_person')]),
        ),
        ...tableNames.flatMap((table): [TableName, string, Set<string>][] =>
          tableLayout(table, 'systemc')
            .columns.filter((column) => column.name.endsWith('_referral_id'))
            .map((column) => [table, column.name, ids('ssd_cin_episodes')]),
        ),
        ['ssd_assessment_factors', 'cinf_assessment_id', ids('ssd_cin_assessments')],
        ['ssd_involvements', 'invo_professional_id', ids('ssd_professionals')],
        ['ssd_initial_cp_conference', 'icpc_s47_enquiry_id', ids('ssd_s47_enquiry')],
        ['ssd_initial_cp_conference', 'icpc_cp_plan_id', ids('ssd_cp_plans')],
        ['ssd_cp_plans', 'cppl_icpc_id', ids('ssd_initial_cp_conference')],
        ['ssd_cla_episodes', 'clae_cla_placement_id', ids('ssd_cla_placement')],
        ['ssd_cla_placement', 'clap_cla_id', careIds],
        ['ssd_permanence', 'perm_cla_id', careIds],
      ];
      for (const [table, column, known] of pointers) {
        for (const row of tablesThen[table]) {
          if (row[column] === null) continue;
          assert.ok(known.has(text(row, column)), `${table}.${column}`);
        }
      }
    });

    it('has nothing that ends before it starts, starts before the birth, or has happened after today', () => {
      const born = new Map(
        tablesThen.ssd_person.map((row) => [row['pers_person_id'], row['pers_dob'] ?? '']),
      );
      const spans: [TableName, string, string, string | null][] = [
        ['ssd_cin_episodes', 'cine_person_id', 'cine_referral_date', 'cine_close_date'],
        ['ssd_cin_assessments', 'cina_person_id', 'cina_assessment_start_date', 'cina_assessment_auth_date'],
        ['ssd_cin_plans', 'cinp_person_id', 'cinp_cin_plan_start_date', 'cinp_cin_plan_end_date'],
        ['ssd_s47_enquiry', 's47e_person_id', 's47e_s47_start_date', 's47e_s47_end_date'],
        ['ssd_initial_cp_conference', 'icpc_person_id', 'icpc_icpc_date', null],
        ['ssd_cp_plans', 'cppl_person_id', 'cppl_cp_plan_start_date', 'cppl_cp_plan_end_date'],
        [
          'ssd_cla_placement',
          'clap_person_id',
          'clap_cla_placement_start_date',
          'clap_cla_placement_end_date',
        ],
        ['ssd_cla_episodes', 'clae_person_id', 'clae_cla_episode_start_date', 'clae_cla_episode_ceased_date'],
        ['ssd_involvements', 'invo_person_id', 'invo_involvement_start_date', 'invo_involvement_end_date'],
        ['ssd_address', 'addr_person_id', 'addr_address_start_date', 'addr_address_end_date'],
        ['ssd_sdq_scores', 'csdq_person_id', 'csdq_sdq_completed_date', null],
        ['ssd_care_leavers', 'clea_person_id', 'clea_care_leaver_latest_contact', null],
      ];
      for (const [table, person, from, to] of spans) {
        for (const row of tablesThen[table]) {
          const start = text(row, from);
          const end = to === null ? null : row[to];
          const where = `${table} ${String(row[person])}`;
          assert.ok(start >= String(born.get(text(row, person))), `${where} starts before the birth`);
          assert.ok(start <= made.today, `${where} starts after today`);
          assert.ok(
            end === null || (String(end) >= start && String(end) <= made.today),
            `${where} ends wrongly`,
          );
        }
      }
    });

    it('records periods of care as the SSDA903 does: S first, X1 between, the last end reason not X1', () => {
      const periods = groupBy(tablesThen.ssd_cla_episodes, (row) => row['clae_cla_id']);
      for (const episodes of periods.values()) {
        const inOrder = episodes.toSorted((one, other) =>
          text(one, 'clae_cla_episode_start_date') < text(other, 'clae_cla_episode_start_date') ? -1 : 1,
        );
        for (const [at, episode] of inOrder.entries()) {
          assert.equal(episode['clae_cla_episode_start_reason'] === 'S', at === 0);
          const next = inOrder[at + 1];
          if (next === undefined) {
            assert.notEqual(episode['clae_cla_episode_ceased_reason'], 'X1');
          } else {
            assert.equal(episode['clae_cla_episode_ceased_reason'], 'X1');
            assert.equal(episode['clae_cla_episode_ceased_date'], next['clae_cla_episode_start_date']);
          }
        }
      }
      assert.ok([...periods.values()].some((episodes) => episodes.length >= 4));
    });
  });
}

describe('a synthetic SSD', () => {
  it('is the same each time it is read and made', () => {
    const request = { children: 60, seed: 'again', today };
    const one = generateSsd(request);
    assert.deepEqual([...one.entries()], [...one.entries()]);
    assert.deepEqual([...one.entries()], [...generateSsd(request).entries()]);
    assert.notDeepEqual([...one.entries()], [...generateSsd({ ...request, seed: 'other' }).entries()]);
  });

  it('of ten children is the beginning of one of a hundred', () => {
    const ten = [...generateSsd({ children: 10, seed: 'prefix', today }).entries()];
    const hundred = [...generateSsd({ children: 100, seed: 'prefix', today }).entries()];
    assert.ok(hundred.length > ten.length);
    assert.deepEqual(hundred.slice(0, ten.length), ten);
  });

  it('has person ids whose order as text is not their order as numbers', () => {
    const ids = tables.ssd_person.map((row) => text(row, 'pers_person_id'));
    assert.notDeepEqual(
      ids.toSorted(),
      ids.toSorted((one, other) => Number(one) - Number(other)),
    );
  });

  it('has UPNs with true check letters, current and former', () => {
    const numbers = [
      ...tables.ssd_person.flatMap((row) => (row['pers_upn'] === null ? [] : [text(row, 'pers_upn')])),
      ...tables.ssd_linked_identifiers
        .filter((row) => row['link_identifier_type'] === 'Former Unique Pupil Number')
        .map((row) => text(row, 'link_identifier_value')),
    ];
    assert.ok(numbers.length > children / 3);
    for (const number of numbers) {
      assert.equal(number.length, 13);
      assert.equal(upnCheckLetter(number.slice(1)), number.charAt(0));
    }
  });

  it('has each persona about as often as it should', () => {
    const counts = groupBy(truth, (person) => person.persona);
    assert.equal(
      personas.reduce((sum, { share }) => sum + share, 0),
      1000,
    );
    for (const { name, share } of personas) {
      const found = counts.get(name)?.length ?? 0;
      const expected = (share / 1000) * children;
      assert.ok(
        Math.abs(found - expected) < 4 * Math.sqrt(expected) + 1,
        `${name}: ${found}, not ${expected}`,
      );
    }
    assert.ok((counts.get('parent')?.length ?? 0) > children / 5);
  });

  it('names one truth for every person', () => {
    assert.deepEqual(
      truth.map((person) => person.personId).toSorted(),
      tables.ssd_person.map((row) => text(row, 'pers_person_id')).toSorted(),
    );
  });

  it('gives the children of a family one surname and one current home', () => {
    const persons = new Map(tables.ssd_person.map((row) => [row['pers_person_id'], row]));
    const homes = new Map(
      tables.ssd_address
        .filter((row) => row['addr_address_end_date'] === null)
        .map((row) => [row['addr_person_id'], row['addr_address_postcode']]),
    );
    const siblings = truth.filter((person) => person.siblingOf !== null);
    assert.ok(siblings.length > children / 8);
    for (const { personId, siblingOf } of siblings) {
      assert.equal(persons.get(personId)?.['pers_surname'], persons.get(siblingOf)?.['pers_surname']);
      assert.equal(homes.get(personId), homes.get(siblingOf));
    }
  });

  it('has names in several scripts, with apostrophes and combining marks, up to the longest, none with emoji', () => {
    const large = generateSsd({ children: 6000, seed: 'names', today });
    const names = [...large.rows('ssd_person')].flatMap((row) => [row['pers_forename'], row['pers_surname']]);
    const texts = names.filter((name) => typeof name === 'string');
    for (const pattern of [
      /[ŵŷŴ]/,
      /[łŻ]/,
      /\p{Script=Arabic}/u,
      /\p{Script=Cyrillic}/u,
      /'/,
      /’/,
      /\p{M}/u,
    ]) {
      assert.ok(
        texts.some((name) => pattern.test(name)),
        String(pattern),
      );
    }
    assert.ok(!texts.some((name) => /\p{Extended_Pictographic}/u.test(name)));
    assert.ok(texts.some((name) => name.length === longestForename));
    assert.equal(Math.max(...texts.map((name) => name.length)), longestSurname);
  });

  it('refuses a number of children, a night or a day that cannot be', () => {
    assert.throws(() => generateSsd({ children: -1, seed: 's', today }), RangeError);
    assert.throws(() => generateSsd({ children: 1, seed: 's', today, night: 0.5 }), RangeError);
    assert.throws(() => generateSsd({ children: 1, seed: 's', today: '2026-02-30' }), RangeError);
  });
});

for (const on of ['2026-08-11', '2026-04-01', '2026-03-31', '2028-02-29']) {
  it(`every persona is in the cohort, or out of it, as documented, on ${on}`, () => {
    assertTruthIsTheCohort(on);
  });
}

/** The default cohort rules of cohort-and-mapping.md, written out for this test alone. */
function assertTruthIsTheCohort(on: string): void {
  const made = generateSsd({ children: 1500, seed: 'cohort', today: on });
  const rows = tablesOf(made.entries());
  const start = dateOf(windowStartOf(dayOf(on)));
  const end = dateOf(dayOf(on) + 1);
  const overlaps = (row: SsdRow, from: string, to: string): boolean =>
    text(row, from) <= end && (row[to] === null || text(row, to) >= start);
  const referred = rows.ssd_cin_episodes.filter((row) =>
    overlaps(row, 'cine_referral_date', 'cine_close_date'),
  );
  const placed = rows.ssd_cla_placement.filter((row) =>
    overlaps(row, 'clap_cla_placement_start_date', 'clap_cla_placement_end_date'),
  );
  const included = new Set([
    ...referred.map((row) => row['cine_person_id']),
    ...placed.map((row) => row['clap_person_id']),
  ]);
  const isInAge = (row: SsdRow): boolean => {
    if (row['pers_dob'] === null) {
      const expected = row['pers_expected_dob'];
      return typeof expected === 'string' && expected >= start && expected <= end;
    }
    const born = text(row, 'pers_dob');
    return born <= end && dateOf(birthday(dayOf(born), 26)) > start;
  };
  const persons = new Map(rows.ssd_person.map((row) => [row['pers_person_id'], row]));
  for (const { personId, persona, inCohort } of made.truth()) {
    const person = persons.get(personId);
    assert.ok(person !== undefined);
    assert.equal(isInAge(person) && included.has(personId), inCohort, `${persona} ${personId}`);
  }
}
