import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Database } from '../../shared/database/database.js';
import { idFormOf, type IdForm } from '../../shared/database/idForm.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { emptySsd, openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import { tableNames, type SsdRow, type TableName } from '../../infra/syntheticSsd/columns.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';

type Rows = Readonly<Partial<Record<TableName, readonly SsdRow[]>>>;

/** The tables whose rows are given to persons, with the column of their own id. */
const rowIds = {
  ssd_disability: 'disa_table_id',
  ssd_cin_episodes: 'cine_referral_id',
  ssd_cin_assessments: 'cina_assessment_id',
  ssd_assessment_factors: 'cinf_table_id',
  ssd_s47_enquiry: 's47e_s47_enquiry_id',
  ssd_initial_cp_conference: 'icpc_icpc_id',
  ssd_cla_episodes: 'clae_cla_episode_id',
  ssd_cla_placement: 'clap_cla_placement_id',
  ssd_permanence: 'perm_table_id',
  ssd_involvements: 'invo_involvements_id',
} as const satisfies Partial<Record<TableName, string>>;
type Owned = keyof typeof rowIds;
const ownedTables = tableNames.filter((table): table is Owned => Object.hasOwn(rowIds, table));

/** What a table's rows are called here, whatever their keys: `legacy` columns hold it where ids may be twice. */
const names = {
  ssd_disability: 'disa_disability_code',
  ssd_cin_episodes: 'cine_close_reason',
  ssd_cin_assessments: 'cina_assessment_worker_id',
  ssd_assessment_factors: 'cinf_assessment_factors_json',
  ssd_s47_enquiry: 's47e_s47_outcome_json',
  ssd_initial_cp_conference: 'icpc_icpc_worker_id',
  ssd_cla_episodes: 'clae_cla_episode_start_reason',
  ssd_cla_placement: 'clap_cla_placement_change_reason',
  ssd_permanence: 'perm_table_id',
  ssd_involvements: 'invo_professional_role_id',
} as const satisfies Record<Owned, string>;

/** The specification of whose a row is, as plainly as it can be said: without SQL, and row by row. */
class Reference {
  readonly #rows: Rows;
  readonly #form: IdForm;
  readonly #persons: ReadonlySet<string>;

  constructor(rows: Rows, form: IdForm) {
    this.#rows = rows;
    this.#form = form;
    this.#persons = new Set((rows.ssd_person ?? []).flatMap((row) => this.#key(row['pers_person_id'])));
  }

  /** @returns `nobody` or `two` for a row that is no one's */
  ownerOf(table: Owned, row: SsdRow): string {
    const ways = this.#waysOf(table, row).filter((persons) => persons.size > 0);
    const [first, ...others] = ways;
    if (first === undefined) return 'nobody';
    const [owner = '', ...more] = first;
    return more.length > 0 || others.some((persons) => !persons.has(owner)) ? 'two' : owner;
  }

  #waysOf(table: Owned, row: SsdRow): Set<string>[] {
    const person = (column: string) => new Set(this.#key(row[column]).filter((id) => this.#persons.has(id)));
    switch (table) {
      case 'ssd_disability':
        return [person('disa_person_id')];
      case 'ssd_cin_episodes':
        return [person('cine_person_id')];
      case 'ssd_cin_assessments':
        return [
          person('cina_person_id'),
          this.#by('ssd_cin_episodes', 'cine_referral_id', row['cina_referral_id']),
        ];
      case 'ssd_assessment_factors':
        return [this.#by('ssd_cin_assessments', 'cina_assessment_id', row['cinf_assessment_id'])];
      case 'ssd_s47_enquiry':
        return [
          person('s47e_person_id'),
          this.#by('ssd_cin_episodes', 'cine_referral_id', row['s47e_referral_id']),
        ];
      case 'ssd_initial_cp_conference':
        return [
          person('icpc_person_id'),
          this.#by('ssd_s47_enquiry', 's47e_s47_enquiry_id', row['icpc_s47_enquiry_id']),
          this.#by('ssd_cin_episodes', 'cine_referral_id', row['icpc_referral_id']),
        ];
      case 'ssd_cla_episodes':
        return [
          person('clae_person_id'),
          this.#by('ssd_cin_episodes', 'cine_referral_id', row['clae_referral_id']),
        ];
      case 'ssd_cla_placement': {
        const [own] = this.#key(row['clap_cla_id']);
        const named = (which: (period: string | undefined) => boolean) =>
          this.#by('ssd_cla_episodes', 'clae_cla_placement_id', row['clap_cla_placement_id'], (care) =>
            which(this.#key(care['clae_cla_id'])[0]),
          );
        return [
          person('clap_person_id'),
          named((period) => own !== undefined && period === own),
          named(() => own === undefined),
          named((period) => period === undefined),
          this.#by('ssd_cla_episodes', 'clae_cla_id', row['clap_cla_id']),
        ];
      }
      case 'ssd_permanence':
        return [person('perm_person_id'), this.#by('ssd_cla_episodes', 'clae_cla_id', row['perm_cla_id'])];
      case 'ssd_involvements':
        return [
          person('invo_person_id'),
          this.#by('ssd_cin_episodes', 'cine_referral_id', row['invo_referral_id']),
        ];
    }
  }

  #by(
    parent: Owned,
    column: string,
    key: SsdRow[string] | undefined,
    also: (row: SsdRow) => boolean = () => true,
  ): Set<string> {
    const owners = (this.#rows[parent] ?? [])
      .filter((row) => this.#key(key).some((own) => this.#key(row[column]).includes(own)) && also(row))
      .map((row) => this.ownerOf(parent, row));
    return new Set(owners.filter((owner) => owner !== 'nobody' && owner !== 'two'));
  }

  /** The id as it is compared; none for an empty one. */
  #key(id: SsdRow[string] | undefined): string[] {
    const text = String(id ?? '').replace(/ +$/, '');
    return text === '' ? [] : [this.#form(text)];
  }
}

/** Ids that meet, and ids that meet only where blanks or capitals do not count. */
const anId = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b') },
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constantFrom('', ' ', 'c', 'A', 'a ', 'b  ', 'nowhere') },
);
const aRow = (table: Owned, columns: readonly string[]) =>
  fc.record(Object.fromEntries(columns.map((column) => [column, anId]))).map((row) => ({ table, row }));

/** The keys of each table. */
const keys = {
  ssd_disability: ['disa_person_id'],
  ssd_cin_episodes: ['cine_referral_id', 'cine_person_id'],
  ssd_cin_assessments: ['cina_assessment_id', 'cina_person_id', 'cina_referral_id'],
  ssd_assessment_factors: ['cinf_assessment_id'],
  ssd_s47_enquiry: ['s47e_s47_enquiry_id', 's47e_person_id', 's47e_referral_id'],
  ssd_initial_cp_conference: ['icpc_person_id', 'icpc_s47_enquiry_id', 'icpc_referral_id'],
  ssd_cla_episodes: ['clae_person_id', 'clae_cla_id', 'clae_cla_placement_id', 'clae_referral_id'],
  ssd_cla_placement: ['clap_cla_placement_id', 'clap_person_id', 'clap_cla_id'],
  ssd_permanence: ['perm_person_id', 'perm_cla_id'],
  ssd_involvements: ['invo_person_id', 'invo_referral_id'],
} as const satisfies Record<Owned, readonly string[]>;

/** Tables that hang together, so that many rows meet; and all at once. */
const families: readonly (readonly Owned[])[] = [
  ['ssd_cin_episodes', 'ssd_involvements'],
  ['ssd_cin_episodes', 'ssd_cin_assessments', 'ssd_assessment_factors'],
  ['ssd_cin_episodes', 'ssd_s47_enquiry', 'ssd_initial_cp_conference'],
  ['ssd_cla_episodes', 'ssd_cla_placement'],
  ['ssd_cin_episodes', 'ssd_cla_episodes', 'ssd_permanence'],
  ownedTables,
];

const anySsd = fc
  .record({
    persons: fc
      .tuple(
        fc.subarray(['a', 'b', 'c']),
        fc.array(fc.constantFrom('a', 'A', 'c ', '', '  '), { maxLength: 2 }),
      )
      .map((persons) => persons.flat()),
    rows: fc.constantFrom(...families).chain((tables) =>
      fc.array(fc.oneof(...tables.map((table) => aRow(table, keys[table]))), {
        minLength: 1,
        maxLength: 30,
      }),
    ),
  })
  .map(({ persons, rows }) => {
    const byTable: Partial<Record<TableName, SsdRow[]>> = {
      ssd_person: persons.map((id) => ({ pers_person_id: id })),
    };
    for (const [at, { table, row }] of rows.entries()) {
      // What must not be NULL in a published table.
      const filled = table === 'ssd_disability' ? { disa_person_id: row['disa_person_id'] ?? '' } : {};
      const factors =
        table === 'ssd_assessment_factors'
          ? { cinf_table_id: 'f', cinf_assessment_id: row['cinf_assessment_id'] ?? '' }
          : {};
      (byTable[table] ??= []).push({ ...row, ...filled, ...factors, [names[table]]: `row ${String(at)}` });
    }
    return byTable;
  });

for (const engine of testEngines) {
  describe(`whose a row is (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      await emptySsd(database, made.schema, 'systemc', { primaryKeys: 'none' });
    });
    after(() => made.remove());

    async function load(rows: Rows): Promise<void> {
      for (const table of ['ssd_person', ...ownedTables] as const) {
        await database.query(`DELETE FROM ${made.schema}.${table}`);
        const its = rows[table] ?? [];
        if (its.length > 0) await loadRows(database, made.schema, table, its);
      }
    }

    it('is what all its keys agree on, for any keys: each row is one child’s or named, and never two children’s', async () => {
      // The ways of the specification; SystemC's profile has another for adoptions.
      const reader = new SsdReader(database, made.schema, builtInProfile('mosaic').names);
      const form = idFormOf(database.engine, (await reader.idOrder()).collation);
      await fc.assert(
        fc.asyncProperty(anySsd, fc.constantFrom(1, 2, 100), async (rows, size) => {
          await load(rows);
          const survey = await reader.survey();
          const outcome: string[] = [];
          for (const range of await reader.ranges(size)) {
            for (const { rows: person } of (await reader.read(range, 'SELECT 1 AS one')).persons) {
              const id = form(person.person.pers_person_id ?? '');
              for (const table of ownedTables) {
                for (const row of person[table]) {
                  outcome.push(`${table} ${nameOf(table, row)}: ${id}`);
                }
              }
            }
          }
          const reference = new Reference(rows, form);
          const expected = ownedTables.flatMap((table) =>
            (rows[table] ?? []).map(
              (row) => `${table} ${String(row[names[table]])}: ${reference.ownerOf(table, row)}`,
            ),
          );
          const owned = expected.filter((line) => !/: (nobody|two)$/.test(line));
          assert.deepEqual(outcome.sort(), owned.sort());
          const findings = await reader.findingsOfUnassignedRows(survey);
          const count = (texts: readonly string[]) => texts.length;
          for (const table of ownedTables) {
            const of = (rule: string) =>
              findings.filter((finding) => finding.table === table && finding.rule === rule);
            const those = (end: string) =>
              expected.filter((line) => line.startsWith(`${table} `) && line.endsWith(`: ${end}`));
            assert.equal(of('no-person').length, count(those('nobody')), `${table}, of nobody`);
            assert.equal(of('belongs-to-two').length, count(those('two')), `${table}, of two`);
          }
        }),
        { numRuns: Number(process.env['OWNERSHIP_RUNS'] ?? 40), includeErrorInReport: true },
      );
    });
  });
}

function nameOf(table: Owned, row: Readonly<Record<string, unknown>>): string {
  return String(row[names[table]]);
}
