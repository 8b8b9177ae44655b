import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { plainDate } from '../../shared/child/dates.js';
import { windowOf } from '../../shared/child/window.js';
import type { Database, Engine } from '../../shared/database/database.js';
import { inRange, type IdRange } from '../../shared/database/idRange.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import type { PersonRows } from '../../shared/ssd/tables.js';
import { counted } from '../database/countedDatabase.js';
import { emptySsd, openTestSchema, testEngines, type TestSchema } from '../database/engines.js';
import { isTableName, type SsdRow, type TableName } from '../local/ssd/columns.js';
import { loadRows } from '../local/ssd/load.js';
import { createTables } from '../local/ssd/schema.js';
import { quoted, tableIn } from '../local/ssd/sqlName.js';

const { names } = builtInProfile('systemc');

/** From 2024-04-01 to 2026-08-12. */
const window = windowOf(plainDate('2026-08-11'));
const everyone: IdRange = { after: null, upTo: null };
const nothingBesides = 'SELECT 1 AS one';

/** Collations that put the same ids in different orders, `none` for the database's own. */
const collations: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['none', 'C', 'und-x-icu'],
  sqlserver: ['none', 'Latin1_General_CI_AS', 'SQL_Latin1_General_CP1_CI_AS', 'Latin1_General_BIN2'],
};

/** Types that a person's id may have in an authority's own SSD, with ids that text and number put in different orders. */
const wholeNumbers = [
  ...Array.from({ length: 25 }, (_, at) => String(at)),
  '-1',
  '100',
  '1000',
  '2147483647',
];
const bigNumbers = [
  ...wholeNumbers,
  '2147483648',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
];
const guids = Array.from({ length: 20 }, (_, at) => {
  const digits = createHash('sha256').update(String(at)).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
});
const idTypes: Readonly<Record<Engine, readonly (readonly [type: string, ids: readonly string[]])[]>> = {
  postgres: [
    ['int', wholeNumbers],
    ['bigint', bigNumbers],
    ['numeric(20,0)', bigNumbers],
    ['uuid', guids],
    ['char(40)', [...wholeNumbers, ...guids]],
    ['text', [...wholeNumbers, ...guids]],
  ],
  sqlserver: [
    ['int', wholeNumbers],
    ['bigint', bigNumbers],
    ['decimal(20,0)', bigNumbers],
    ['uniqueidentifier', guids],
    ['char(40)', [...wholeNumbers, ...guids]],
    ['nchar(40)', [...wholeNumbers, ...guids]],
    ['varchar(40)', [...wholeNumbers, ...guids]],
    ['nvarchar(40)', [...wholeNumbers, ...guids]],
  ],
};

/** Types of a date, those with a time to the minute at least. */
const dateTypes: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ['date', 'timestamp', 'timestamp(0)'],
  sqlserver: ['date', 'datetime', 'datetime2', 'datetime2(0)', 'smalldatetime'],
};

/** Ids that collations disagree about: digits, capitals, hyphens, common beginnings, many lengths. */
const awkwardIds = [
  ...['1', '2', '9', '10', '010', '0010', '100', '1000000', '-1', '1-0', '10-', 'A', 'Z', 'z9', 'a1', 'b1'],
  ...['B-1', 'B1', 'B--1', 'b_1', 'co-op', 'coop', 'co-op1', 'coop-1', "o'neil", 'oneil', 'P.1', 'P 1'],
  '12345678901234567890',
];

const manyIds = [
  ...new Set([
    ...awkwardIds,
    ...fc
      // Small letters: two ids that differ only in case are one id for many SQL Server databases.
      .sample(
        fc.string({ unit: fc.constantFrom(...Array.from('0189abyz-_')), minLength: 1, maxLength: 20 }),
        {
          numRuns: 60,
          seed: 11,
        },
      ),
  ]),
];

/** A row with nothing but the columns given; those that must not be empty have to be among them. */
type Rows = Readonly<Partial<Record<TableName, readonly SsdRow[]>>>;

function aPerson(id: string, more: SsdRow = {}): SsdRow {
  return { pers_person_id: id, pers_dob: '2015-05-05', ...more };
}

/** One row in every table about one child, and what the reader makes of them. */
function aChild(id: string): { rows: Rows; read: PersonRows } {
  const day = plainDate('2025-06-07');
  const person = {
    pers_person_id: id,
    pers_legacy_id: `${id}-legacy`,
    pers_upn: 'A123456789012',
    pers_upn_unknown: null,
    pers_forename: 'Łucja',
    pers_surname: "O'Neill 🙂",
    pers_sex: 'F',
    pers_ethnicity: 'WBRI',
    pers_dob: plainDate('2012-02-29'),
    pers_expected_dob: null,
  };
  const address = {
    addr_table_id: `${id}-adr`,
    addr_address_postcode: 'CF10 1AA',
    addr_address_start_date: day,
    addr_address_end_date: null,
  };
  const disability = { disa_table_id: `${id}-dis`, disa_disability_code: 'MOB' };
  const immigration = {
    immi_immigration_status_id: `${id}-imm`,
    immi_immigration_status: 'UASC',
    immi_immigration_status_start_date: day,
    immi_immigration_status_end_date: null,
  };
  const identifier = {
    link_table_id: `${id}-lnk`,
    link_identifier_type: 'Former Unique Pupil Number',
    link_identifier_value: 'B123456789012',
    link_valid_from_date: day,
  };
  const episode = {
    cine_referral_id: `${id}-ref`,
    cine_referral_date: day,
    cine_referral_source_code: '1A',
    cine_referral_source_desc: 'Individual - family member',
    cine_referral_nfa: 'N',
    cine_close_date: null,
    cine_close_reason: null,
  };
  const assessment = {
    cina_assessment_id: `${id}-ass`,
    cina_referral_id: `${id}-ref`,
    cina_assessment_start_date: day,
    cina_assessment_auth_date: null,
  };
  const factors = {
    cinf_table_id: `${id}-fac`,
    cinf_assessment_id: `${id}-ass`,
    cinf_assessment_factors_json: '["1A","2B"]',
  };
  const cinPlan = {
    cinp_cin_plan_id: `${id}-cin`,
    cinp_referral_id: `${id}-ref`,
    cinp_cin_plan_start_date: day,
    cinp_cin_plan_end_date: null,
  };
  const enquiry = {
    s47e_s47_enquiry_id: `${id}-s47`,
    s47e_referral_id: `${id}-ref`,
    s47e_s47_start_date: day,
    s47e_s47_end_date: null,
    s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"Y"}',
  };
  const conference = {
    icpc_icpc_id: `${id}-cpc`,
    icpc_s47_enquiry_id: `${id}-s47`,
    icpc_icpc_date: day,
  };
  const cpPlan = {
    cppl_cp_plan_id: `${id}-cpp`,
    cppl_referral_id: `${id}-ref`,
    cppl_cp_plan_start_date: day,
    cppl_cp_plan_end_date: null,
  };
  const careEpisode = {
    clae_cla_episode_id: `${id}-cla`,
    clae_cla_id: `${id}-care`,
    clae_cla_placement_id: `${id}-pla`,
    clae_referral_id: `${id}-ref`,
    clae_cla_episode_start_date: day,
    clae_cla_episode_start_reason: 'S',
    clae_cla_episode_ceased_date: null,
    clae_cla_episode_ceased_reason: null,
  };
  const placement = {
    clap_cla_placement_id: `${id}-pla`,
    clap_cla_id: `${id}-care`,
    clap_cla_placement_start_date: day,
    clap_cla_placement_end_date: null,
    clap_cla_placement_postcode: 'LL57 1AA',
    clap_cla_placement_type: 'U1',
    clap_cla_placement_change_reason: null,
  };
  const permanence = {
    perm_table_id: `${id}-per`,
    perm_cla_id: `${id}-care`,
    perm_adm_decision_date: day,
    perm_matched_date: null,
    perm_placed_for_adoption_date: null,
  };
  const careLeaver = {
    clea_table_id: `${id}-lea`,
    clea_care_leaver_latest_contact: day,
    clea_care_leaver_activity: 'F1',
    clea_care_leaver_accommodation: 'B',
  };
  const involvement = {
    invo_involvements_id: `${id}-inv`,
    invo_referral_id: `${id}-ref`,
    invo_professional_role_id: 'CW',
    invo_involvement_start_date: day,
    invo_involvement_end_date: null,
  };
  return {
    rows: {
      ssd_person: [person],
      ssd_address: [{ ...address, addr_person_id: id }],
      ssd_disability: [{ ...disability, disa_person_id: id }],
      ssd_immigration_status: [{ ...immigration, immi_person_id: id }],
      ssd_linked_identifiers: [{ ...identifier, link_person_id: id }],
      ssd_sdq_scores: [
        {
          csdq_table_id: `${id}-sdq`,
          csdq_person_id: id,
          csdq_sdq_completed_date: day,
          csdq_sdq_score: 12,
        },
      ],
      ssd_cin_episodes: [{ ...episode, cine_person_id: id }],
      ssd_cin_assessments: [{ ...assessment, cina_person_id: id }],
      ssd_assessment_factors: [factors],
      ssd_cin_plans: [{ ...cinPlan, cinp_person_id: id }],
      ssd_s47_enquiry: [{ ...enquiry, s47e_person_id: id }],
      ssd_initial_cp_conference: [{ ...conference, icpc_person_id: id }],
      ssd_cp_plans: [{ ...cpPlan, cppl_person_id: id }],
      ssd_cla_episodes: [{ ...careEpisode, clae_person_id: id }],
      ssd_cla_placement: [placement],
      ssd_permanence: [{ ...permanence, perm_person_id: id }],
      ssd_care_leavers: [{ ...careLeaver, clea_person_id: id }],
      ssd_involvements: [{ ...involvement, invo_professional_id: `${id}-pro` }],
      ssd_professionals: [
        { prof_professional_id: `${id}-pro`, prof_social_worker_registration_no: 'SW123456' },
      ],
    },
    read: {
      person,
      ssd_address: [address],
      ssd_disability: [disability],
      ssd_immigration_status: [immigration],
      ssd_linked_identifiers: [identifier],
      // A whole number in SystemC, text to the domain.
      ssd_sdq_scores: [{ csdq_table_id: `${id}-sdq`, csdq_sdq_completed_date: day, csdq_sdq_score: '12' }],
      ssd_cin_episodes: [episode],
      ssd_cin_assessments: [assessment],
      ssd_assessment_factors: [factors],
      ssd_cin_plans: [cinPlan],
      ssd_s47_enquiry: [enquiry],
      ssd_initial_cp_conference: [conference],
      ssd_cp_plans: [cpPlan],
      ssd_cla_episodes: [careEpisode],
      ssd_cla_placement: [placement],
      ssd_permanence: [permanence],
      ssd_care_leavers: [careLeaver],
      ssd_involvements: [{ ...involvement, prof_social_worker_registration_no: 'SW123456' }],
    },
  };
}

for (const engine of testEngines) {
  describe(`the SSD reader (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let reader: SsdReader;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
      reader = new SsdReader(database, made.schema, names);
    });
    after(() => made.remove());
    beforeEach(() => emptySsd(database, made.schema, 'systemc', { primaryKeys: 'none' }));

    async function load(...all: readonly Rows[]): Promise<void> {
      for (const rows of all) {
        for (const [table, some] of Object.entries(rows)) {
          if (isTableName(table)) await loadRows(database, made.schema, table, some);
        }
      }
    }

    /** Makes one table anew with another type for one of its columns. */
    async function retype(table: TableName, column: string, type: string): Promise<void> {
      const name = tableIn(database.engine, made.schema, table);
      const create = createTables(database.engine, made.schema, 'systemc', { primaryKeys: 'none' }).find(
        (statement) => statement.startsWith(`CREATE TABLE ${name} `),
      );
      assert.ok(create !== undefined);
      await database.query(`DROP TABLE ${name}`);
      const old = new RegExp(
        `(${quoted(database.engine, column).replace(/[[\]]/g, '\\$&')}) [a-z]+(\\(\\d+\\))?`,
      );
      await database.query(create.replace(old, `$1 ${type}`));
    }

    async function readAll(): Promise<readonly PersonRows[]> {
      return (await reader.read(window, everyone, nothingBesides)).persons;
    }

    async function idsRead(): Promise<(string | null)[]> {
      return (await readAll()).map(({ person }) => person.pers_person_id).toSorted();
    }

    describe('cuts the persons into ranges', () => {
      it('of which there is one, open at both ends, when the SSD is empty', async () => {
        assert.deepEqual(await reader.ranges(window, 1000), [everyone]);
        const { persons, besides } = await reader.read(window, everyone, nothingBesides);
        assert.deepEqual(persons, []);
        assert.deepEqual(besides, [{ one: 1 }]);
      });

      it('of about the size asked for, open at both ends, each beginning where the last one ends', async () => {
        await load({ ssd_person: Array.from({ length: 10 }, (_, at) => aPerson(`C${at}`)) });
        assert.deepEqual(await reader.ranges(window, 4), [
          { after: null, upTo: 'C3' },
          { after: 'C3', upTo: 'C7' },
          { after: 'C7', upTo: null },
        ]);
        assert.equal((await reader.ranges(window, 1)).length, 10);
        assert.deepEqual(await reader.ranges(window, 10), [everyone]);
        assert.equal((await reader.ranges(window, 9)).length, 2);
      });

      it('counting only persons who pass the age gate', async () => {
        await load({
          ssd_person: [
            ...Array.from({ length: 8 }, (_, at) => aPerson(`A${at}`, { pers_dob: '1970-01-01' })),
            aPerson('B1'),
            aPerson('C1'),
          ],
        });
        assert.equal((await reader.ranges(window, 1)).length, 2);
      });

      // What stands first and last in no range's own persons: such ids are staged, but have left the SSD.
      const gone = ['!', '00', 'm-m', 'ZZZ'];
      const columnOf = (type: string, collation: string) => {
        const word = engine.engine === 'postgres' ? `"${collation}"` : collation;
        return `${type}(48)${collation === 'none' ? '' : ` COLLATE ${word}`}`;
      };
      const types = engine.engine === 'postgres' ? ['varchar'] : ['varchar', 'nvarchar'];
      for (const collation of collations[engine.engine]) {
        // A table copied from another database keeps the collation it had there.
        const others = collations[engine.engine].map((other) => ['varchar', other] as const);
        for (const [type, other] of [...others, ...types.map((each) => [each, collation] as const)]) {
          it(`that cover each id exactly once (${type}, collation ${collation}, other tables ${other})`, async () => {
            await retype('ssd_person', 'pers_person_id', columnOf(type, collation));
            await retype('ssd_address', 'addr_person_id', columnOf(type, other));
            await load({
              ssd_person: manyIds.map((id) => aPerson(id)),
              ssd_address: [...manyIds, ...gone].map((id) => ({
                addr_table_id: `${id} home`,
                addr_person_id: id,
              })),
            });
            // What the columns are is looked up once by each reader.
            const itsReader = new SsdReader(database, made.schema, names);
            for (const size of [1, 3, 1000]) {
              const persons: string[] = [];
              const besides: string[] = [];
              const ranges = await itsReader.ranges(window, size);
              if (size === 1000) assert.deepEqual(ranges, [everyone]);
              else assert.ok(ranges.length > 10);
              for (const range of ranges) {
                const read = await itsReader.read(
                  window,
                  range,
                  `SELECT addr_person_id AS id FROM ${made.schema}.ssd_address
WHERE ${inRange(`addr_person_id COLLATE ${await itsReader.idCollation()}`, range)}`,
                );
                for (const { person, ssd_address: addresses } of read.persons) {
                  persons.push(person.pers_person_id ?? '');
                  assert.deepEqual(
                    addresses.map((row) => row.addr_table_id),
                    [`${String(person.pers_person_id)} home`],
                  );
                }
                besides.push(...read.besides.map((row) => String(row['id'])));
              }
              assert.deepEqual(persons.toSorted(), manyIds.toSorted(), `persons, size ${size}`);
              assert.deepEqual(besides.toSorted(), [...manyIds, ...gone].toSorted(), `besides, size ${size}`);
            }
          });
        }
      }
    });

    describe('reads a person', () => {
      it('from the day after whose 26th birthday the window starts, not whose it is', async () => {
        await load({
          ssd_person: [
            aPerson('26 the day before', { pers_dob: '1998-03-31' }),
            aPerson('26 on the first day', { pers_dob: '1998-04-01' }),
            aPerson('26 late on the first day', { pers_dob: '1998-04-01T23:59:59' }),
            aPerson('26 the day after', { pers_dob: '1998-04-02' }),
          ],
        });
        assert.deepEqual(await idsRead(), ['26 the day after']);
      });

      it('born up to the last day of the window, tomorrow', async () => {
        await load({
          ssd_person: [
            aPerson('born tomorrow', { pers_dob: '2026-08-12' }),
            aPerson('born late tomorrow', { pers_dob: '2026-08-12T23:30:00' }),
            aPerson('born the day after', { pers_dob: '2026-08-13' }),
          ],
        });
        assert.deepEqual(await idsRead(), ['born late tomorrow', 'born tomorrow']);
      });

      it('not born yet when the birth is expected inside the window', async () => {
        const unborn = (id: string, expected: string | null, born: string | null = null) =>
          aPerson(id, { pers_dob: born, pers_expected_dob: expected });
        await load({
          ssd_person: [
            unborn('expected before the window', '2024-03-31'),
            unborn('expected on its first day', '2024-04-01'),
            unborn('expected on its last day', '2026-08-12'),
            unborn('expected after it', '2026-08-13'),
            unborn('without any date', null),
            unborn('born long ago, expected inside', '2025-01-01', '1980-01-01'),
            unborn('born inside, expected after', '2027-01-01', '2026-08-01'),
          ],
        });
        assert.deepEqual(await idsRead(), [
          'born inside, expected after',
          'expected on its first day',
          'expected on its last day',
        ]);
      });

      it('with the rows of every table, each under its own person', async () => {
        const children = ['C-1', 'c2', '30'].map(aChild);
        await load(...children.map(({ rows }) => rows));
        const persons = await readAll();
        assert.deepEqual(
          persons.toSorted((a, b) =>
            String(a.person.pers_person_id) < String(b.person.pers_person_id) ? -1 : 1,
          ),
          children
            .map(({ read }) => read)
            .toSorted((a, b) => (String(a.person.pers_person_id) < String(b.person.pers_person_id) ? -1 : 1)),
        );
      });

      it('without the rows of persons that the gate leaves out or that do not exist', async () => {
        const tooOld = aChild('too old');
        const unknown = aChild('unknown');
        const child = aChild('young');
        await load(
          { ...tooOld.rows, ssd_person: [aPerson('too old', { pers_dob: '1980-01-01' })] },
          { ...unknown.rows, ssd_person: [] },
          child.rows,
        );
        assert.deepEqual(await readAll(), [child.read]);
      });

      it('once, when the row stands twice', async () => {
        await load({ ssd_person: [aPerson('1'), aPerson('1'), aPerson('2')] });
        assert.deepEqual(await idsRead(), ['1', '2']);
      });

      it('in one round trip a range, however many children there are', async () => {
        const ids = Array.from({ length: 30 }, (_, at) => `C${100 + at}`);
        await load(...ids.map((id) => aChild(id).rows));
        const watched = counted(database);
        const watchedReader = new SsdReader(watched, made.schema, names);
        const ranges = await watchedReader.ranges(window, 10);
        // The layout of the SSD, and where the ranges end.
        assert.equal(watched.roundTrips, 2);
        for (const [at, range] of ranges.entries()) {
          const { persons } = await watchedReader.read(window, range, nothingBesides);
          assert.equal(persons.length, 10);
          assert.equal(watched.roundTrips, 3 + at);
        }
      });

      it('with at most a range of persons in memory, however large the authority is', async () => {
        const ids = Array.from({ length: 5000 }, (_, at) => `C${at}`);
        await load({
          ssd_person: [...ids, ...ids].map((id, at) =>
            at < ids.length ? aPerson(id) : aPerson(`${id} too old`, { pers_dob: '1970-01-01' }),
          ),
          ssd_address: ids.flatMap((id) =>
            [1, 2].map((home) => ({ addr_table_id: `${id} ${home}`, addr_person_id: id })),
          ),
        });
        const watched = counted(database);
        const watchedReader = new SsdReader(watched, made.schema, names);
        const found: (string | null)[] = [];
        for (const range of await watchedReader.ranges(window, 500)) {
          const where = inRange('addr_person_id', range);
          const { persons, besides } = await watchedReader.read(
            window,
            range,
            `SELECT addr_table_id FROM ${made.schema}.ssd_address WHERE ${where}`,
          );
          assert.deepEqual([persons.length, besides.length], [500, 1000]);
          assert.ok(persons.every(({ ssd_address: addresses }) => addresses.length === 2));
          found.push(...persons.map(({ person }) => person.pers_person_id));
        }
        assert.equal(watched.roundTrips, 2 + 10);
        assert.deepEqual(found.toSorted(), ids.toSorted());
      });
    });

    describe('finds by its joins', () => {
      it('the factors of an assessment', async () => {
        const child = aChild('1');
        await load(child.rows, {
          ssd_assessment_factors: [
            {
              cinf_table_id: 'stray',
              cinf_assessment_id: 'no such assessment',
              cinf_assessment_factors_json: '[]',
            },
          ],
        });
        const [person] = await readAll();
        assert.deepEqual(person?.ssd_assessment_factors, child.read.ssd_assessment_factors);
      });

      it('a placement through the period of care, once, however many episodes that has', async () => {
        const child = aChild('1');
        const [first] = child.rows.ssd_cla_episodes ?? [];
        await load(child.rows, {
          ssd_cla_episodes: [{ ...first, clae_cla_episode_id: 'second' }],
          ssd_cla_placement: [{ clap_cla_placement_id: 'stray', clap_cla_id: 'no such period' }],
        });
        const [person] = await readAll();
        assert.equal(person?.ssd_cla_episodes.length, 2);
        assert.deepEqual(person.ssd_cla_placement, child.read.ssd_cla_placement);
      });

      it('the involvements on a referral, without a registration number where the professional has none', async () => {
        const child = aChild('1');
        await load(child.rows, {
          ssd_professionals: [{ prof_professional_id: 'unregistered' }],
          ssd_involvements: ['unregistered', 'no such professional'].map((professional) => ({
            invo_involvements_id: professional,
            invo_referral_id: '1-ref',
            invo_professional_id: professional,
          })),
        });
        const [person] = await readAll();
        const unregistered = person?.ssd_involvements.filter(
          (row) => row.prof_social_worker_registration_no === null,
        );
        assert.deepEqual(unregistered?.map((row) => row.invo_involvements_id).sort(), [
          'no such professional',
          'unregistered',
        ]);
        const others = person?.ssd_involvements.filter(
          (row) => row.prof_social_worker_registration_no !== null,
        );
        assert.deepEqual(others, child.read.ssd_involvements);
      });
    });

    describe('takes the types of every system', () => {
      it('ids that are whole numbers become text', async () => {
        const table = 'ssd_s47_enquiry';
        await retype(table, 's47e_s47_enquiry_id', 'int');
        await retype('ssd_initial_cp_conference', 'icpc_s47_enquiry_id', 'int');
        await load({
          ssd_person: [aPerson('1')],
          ssd_s47_enquiry: [{ s47e_s47_enquiry_id: 2147483647, s47e_person_id: '1' }],
          ssd_initial_cp_conference: [
            { icpc_icpc_id: 'c', icpc_person_id: '1', icpc_s47_enquiry_id: 2147483647 },
          ],
        });
        const [person] = await readAll();
        assert.equal(person?.ssd_s47_enquiry[0]?.s47e_s47_enquiry_id, '2147483647');
        assert.equal(person.ssd_initial_cp_conference[0]?.icpc_s47_enquiry_id, '2147483647');
      });

      for (const [type, ids] of idTypes[engine.engine]) {
        it(`an id of a person that is ${type} is text, and every person is in one range`, async () => {
          await retype('ssd_person', 'pers_person_id', type);
          await retype('ssd_address', 'addr_person_id', type);
          await load({
            ssd_person: ids.map((id) => aPerson(id)),
            ssd_address: ids.map((id) => ({ addr_table_id: `${id} home`, addr_person_id: id })),
          });
          // A reader of its own: the others have seen the tables with other types.
          const typedReader = new SsdReader(database, made.schema, names);
          for (const size of [1, 4, 1000]) {
            const ranges = await typedReader.ranges(window, size);
            assert.equal(ranges.length, Math.ceil(ids.length / size));
            const found: (readonly (string | undefined)[])[] = [];
            for (const range of ranges) {
              const { persons } = await typedReader.read(window, range, nothingBesides);
              // SQL Server writes a uniqueidentifier in capitals.
              for (const { person, ssd_address: addresses } of persons) {
                found.push([
                  person.pers_person_id?.toLowerCase(),
                  ...addresses.map((row) => row.addr_table_id ?? ''),
                ]);
              }
            }
            assert.deepEqual(found.toSorted(), ids.map((id) => [id, `${id} home`]).toSorted());
          }
          assert.deepEqual(await typedReader.orphans(), []);
        });
      }

      for (const type of dateTypes[engine.engine]) {
        it(`a date that is ${type} is its day, whatever the time`, async () => {
          await retype('ssd_person', 'pers_dob', type);
          await load({
            ssd_person: [
              aPerson('1', { pers_dob: '1998-04-02' }),
              aPerson('2', { pers_dob: '1998-04-01T23:59:00' }),
              aPerson('3', { pers_dob: '2026-08-12T23:59:00' }),
              aPerson('4', { pers_dob: '2026-08-13' }),
              aPerson('5', { pers_dob: '2015-03-29T01:30:00' }),
            ],
          });
          const persons = await readAll();
          assert.deepEqual(persons.map(({ person }) => person.pers_dob).toSorted(), [
            '1998-04-02',
            '2015-03-29',
            '2026-08-12',
          ]);
        });
      }

      it('blanks that fill up a char column do no harm', async () => {
        const padded = database.engine === 'sqlserver' ? 'nchar(20)' : 'char(20)';
        await retype('ssd_person', 'pers_person_id', padded);
        await retype('ssd_sdq_scores', 'csdq_person_id', padded);
        await load(aChild('1').rows, aChild('2').rows);
        const found = [];
        for (const range of await reader.ranges(window, 1)) {
          const { persons } = await reader.read(window, range, nothingBesides);
          for (const rows of persons) {
            found.push([
              rows.person.pers_person_id?.trim(),
              rows.ssd_address.length,
              rows.ssd_sdq_scores.length,
              rows.ssd_cin_episodes.length,
            ]);
          }
        }
        assert.deepEqual(found.toSorted(), [
          ['1', 1, 1, 1],
          ['2', 1, 1, 1],
        ]);
      });
    });
  });
}
