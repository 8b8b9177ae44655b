// Long, since every test file that opens the engines starts a PostgreSQL server.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isUnreadable } from '../../shared/child/cells.js';
import type { Database } from '../../shared/database/database.js';
import { inRange, type IdRange } from '../../shared/database/idRange.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { IdSum } from '../../shared/ssd/idSum.js';
import { SsdReader } from '../../shared/ssd/ssdReader.js';
import { type PersonRows } from '../../shared/child/sourceRows.js';
import { counted } from '../database/countedDatabase.js';
import { emptySsd, openTestSchema, testEngines, typesOf, type TestSchema } from '../database/engines.js';
import { isTableName, type TableName } from '../../infra/syntheticSsd/columns.js';
import { loadRows } from '../../infra/syntheticSsd/load.js';
import { createTables } from '../../infra/syntheticSsd/schema.js';
import { quoted, tableIn } from '../../infra/syntheticSsd/sqlName.js';
import { collations, idTypes, otherTypes, dateTypes, manyIds } from './columnTypes.js';
import { type Rows, aPerson, byId, aChild } from './rowsOfEveryTable.js';

const { names } = builtInProfile('systemc');

const everyone: IdRange = { after: null, upTo: null };
const nothingBesides = 'SELECT 1 AS one';

for (const engine of testEngines) {
  describe(`the SSD reader (${engine.name})`, () => {
    let made: TestSchema;
    let database: Database;
    let reader: SsdReader;

    before(async () => {
      made = await openTestSchema(engine);
      database = made.database;
    });
    after(() => made.remove());
    beforeEach(async () => {
      await emptySsd(database, made.schema, 'systemc', { primaryKeys: 'none' });
      reader = new SsdReader(database, made.schema, names);
    });

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
      return (await reader.read(everyone, nothingBesides)).persons.map(({ rows }) => rows);
    }

    async function idsRead(): Promise<(string | null)[]> {
      return (await readAll()).map(({ person }) => person.pers_person_id).toSorted();
    }

    describe('cuts the persons into ranges', () => {
      it('are one, open at both ends, when the SSD is empty', async () => {
        assert.deepEqual(await reader.ranges(1000), [everyone]);
        const { persons, besides } = await reader.read(everyone, nothingBesides);
        assert.deepEqual(persons, []);
        assert.deepEqual(besides, [{ one: 1 }]);
      });

      it('of about the requested size, open at both ends, each beginning where the last one ends', async () => {
        await load({ ssd_person: Array.from({ length: 10 }, (_, at) => aPerson(`C${at}`)) });
        assert.deepEqual(await reader.ranges(4), [
          { after: null, upTo: 'C3' },
          { after: 'C3', upTo: 'C7' },
          { after: 'C7', upTo: null },
        ]);
        assert.equal((await reader.ranges(1)).length, 10);
        assert.deepEqual(await reader.ranges(10), [everyone]);
        assert.equal((await reader.ranges(9)).length, 2);
      });

      it('that go on after an id, also when no one is left after it, or no one has it any more', async () => {
        await load({ ssd_person: ['C1', 'C2', 'C3', 'C5'].map((id) => aPerson(id)) });
        assert.deepEqual(await reader.ranges(2, 'C1'), [
          { after: 'C1', upTo: 'C3' },
          { after: 'C3', upTo: null },
        ]);
        assert.deepEqual(await reader.ranges(2, 'C4'), [{ after: 'C4', upTo: null }]);
        assert.deepEqual(await reader.ranges(2, 'C5'), [{ after: 'C5', upTo: null }]);
      });

      it('that include everyone, with or without a date of birth', async () => {
        await load({
          ssd_person: [
            ...Array.from({ length: 8 }, (_, at) => aPerson(`A${at}`, { pers_dob: '1970-01-01' })),
            aPerson('B1', { pers_dob: null }),
            aPerson('C1'),
          ],
        });
        assert.equal((await reader.ranges(1)).length, 10);
      });

      it('without people who have no id', async () => {
        const nobody = [null, '', '  '].map((id) => aPerson('', { pers_person_id: id }));
        await load({ ssd_person: [aPerson('1'), aPerson('2'), ...nobody] });
        assert.deepEqual(await reader.ranges(1), [
          { after: null, upTo: '1' },
          { after: '1', upTo: null },
        ]);
        assert.deepEqual(await idsRead(), ['1', '2']);
        assert.equal((await reader.survey()).personsWithoutId, 3);
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
              const met = new IdSum();
              const ranges = await itsReader.ranges(size);
              if (size === 1000) assert.deepEqual(ranges, [everyone]);
              else assert.ok(ranges.length > 10);
              const { upTo } = ranges[1] ?? everyone;
              if (upTo !== null) assert.deepEqual(await itsReader.ranges(size, upTo), ranges.slice(2));
              const order = await itsReader.idOrder();
              for (const range of ranges) {
                const read = await itsReader.read(
                  range,
                  `SELECT addr_person_id AS id FROM ${made.schema}.ssd_address
WHERE ${inRange({ sql: `addr_person_id COLLATE ${order.collation}`, isUnicode: true }, range, order)}`,
                );
                for (const { rows } of read.persons) {
                  const { person, ssd_address: addresses } = rows;
                  persons.push(person.pers_person_id ?? '');
                  assert.deepEqual(
                    addresses.map((row) => row.addr_table_id),
                    [`${String(person.pers_person_id)} home`],
                  );
                }
                met.add(read.ids);
                besides.push(...read.besides.map((row) => String(row['id'])));
              }
              assert.deepEqual(persons.toSorted(), manyIds.toSorted(), `persons, size ${size}`);
              assert.deepEqual(besides.toSorted(), [...manyIds, ...gone].toSorted(), `besides, size ${size}`);
              const all = new IdSum();
              all.add(await itsReader.ids(everyone));
              assert.equal(met.text(), all.text(), `ids, size ${size}`);
            }
          });
        }
      }
    });

    describe('reads a person', () => {
      it('with the rows of every table, each under its own person', async () => {
        const children = ['30', 'C-1', 'c2'].map(aChild);
        await load(...children.map(({ rows }) => rows));
        assert.deepEqual(
          (await readAll()).toSorted(byId),
          children.map(({ read }) => read),
        );
      });

      it('without the rows of people who do not exist', async () => {
        const unknown = aChild('unknown');
        const child = aChild('young');
        await load({ ...unknown.rows, ssd_person: [] }, child.rows);
        assert.deepEqual(await readAll(), [child.read]);
      });

      it('once, when the row is there twice', async () => {
        await load({ ssd_person: [aPerson('1'), aPerson('1'), aPerson('2')] });
        assert.deepEqual(await idsRead(), ['1', '2']);
      });

      it('in one round trip a range, however many children there are', async () => {
        const ids = Array.from({ length: 30 }, (_, at) => `C${100 + at}`);
        await load(...ids.map((id) => aChild(id).rows));
        const watched = counted(database);
        const watchedReader = new SsdReader(watched, made.schema, names);
        await watchedReader.survey();
        // The layout of the SSD, and three steps of the ways to a person.
        assert.equal(watched.roundTrips, 4);
        const ranges = await watchedReader.ranges(10);
        assert.equal(watched.roundTrips, 5);
        for (const [at, range] of ranges.entries()) {
          const { persons } = await watchedReader.read(range, nothingBesides);
          assert.equal(persons.length, 10);
          assert.equal(watched.roundTrips, 6 + at);
        }
      });

      it('with at most a range of persons in memory, however large the authority is', async () => {
        const ids = Array.from({ length: 5000 }, (_, at) => `C${at}`);
        await load({
          ssd_person: ids.map((id) => aPerson(id)),
          ssd_address: ids.flatMap((id) =>
            [1, 2].map((home) => ({ addr_table_id: `${id} ${home}`, addr_person_id: id })),
          ),
        });
        const watched = counted(database);
        const watchedReader = new SsdReader(watched, made.schema, names);
        const found: (string | null)[] = [];
        await watchedReader.survey();
        const order = await watchedReader.idOrder();
        for (const range of await watchedReader.ranges(500)) {
          const where = inRange({ sql: 'addr_person_id', isUnicode: true }, range, order);
          const { persons, besides } = await watchedReader.read(
            range,
            `SELECT addr_table_id FROM ${made.schema}.ssd_address WHERE ${where}`,
          );
          assert.deepEqual([persons.length, besides.length], [500, 1000]);
          assert.ok(persons.every(({ rows }) => rows.ssd_address.length === 2));
          found.push(...persons.map(({ rows }) => rows.person.pers_person_id));
        }
        assert.equal(watched.roundTrips, 5 + 10);
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
        assert.deepEqual(person?.ssd_assessment_factors, child.read['ssd_assessment_factors']);
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
        assert.deepEqual(person.ssd_cla_placement, child.read['ssd_cla_placement']);
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
        assert.deepEqual(others, child.read['ssd_involvements']);
      });
    });

    describe('takes the types of every system', () => {
      it('dates that are text: of the one form that has one meaning, and all others are reported', async () => {
        await retype('ssd_person', 'pers_dob', typesOf(database.engine).text);
        const texts = [
          '2015-05-05',
          '2015-05-05T23:59:00',
          '05/06/2015',
          '2015-5-5',
          '2015-02-30',
          'unknown',
          ' ',
        ];
        await load({ ssd_person: texts.map((text, at) => aPerson(String(at), { pers_dob: text })) });
        const persons = (await readAll()).toSorted(byId);
        assert.deepEqual(
          persons.map(({ person: { pers_dob: dob } }) => (isUnreadable(dob) ? dob.unreadable : dob)),
          ['2015-05-05', '2015-05-05', 'form', 'form', 'form', 'form', null],
        );
      });

      for (const [type, values] of otherTypes[engine.engine]) {
        it(`any value of the type ${type} in any column, without one child stopping another`, async () => {
          const columns = [
            ['ssd_person', 'pers_forename'],
            ['ssd_person', 'pers_dob'],
            ['ssd_disability', 'disa_disability_code'],
            ['ssd_cin_assessments', 'cina_assessment_id'],
            ['ssd_cin_assessments', 'cina_referral_id'],
            ['ssd_address', 'addr_person_id'],
          ] as const;
          await load(aChild('1').rows, aChild('2').rows);
          for (const [table, column] of columns) {
            const name = tableIn(database.engine, made.schema, table);
            await database.query(`ALTER TABLE ${name} DROP COLUMN ${column}`);
            await database.query(`ALTER TABLE ${name} ADD ${column} ${type}`);
            for (const value of values) await database.query(`UPDATE ${name} SET ${column} = ${value}`);
          }
          const persons = await readAll();
          assert.equal(persons.length, 2);
          await reader.findingsOfUnassignedRows(await reader.survey());
          assert.equal(persons.flatMap((person) => person.ssd_disability).length, 2);
        });
      }

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
            const ranges = await typedReader.ranges(size);
            assert.equal(ranges.length, Math.ceil(ids.length / size));
            const found: (readonly (string | undefined)[])[] = [];
            for (const range of ranges) {
              const { persons } = await typedReader.read(range, nothingBesides);
              // SQL Server writes a uniqueidentifier in capitals.
              for (const { rows } of persons) {
                const { person, ssd_address: addresses } = rows;
                found.push([
                  person.pers_person_id?.toLowerCase(),
                  ...addresses.map((row) => row.addr_table_id ?? ''),
                ]);
              }
            }
            assert.deepEqual(found.toSorted(), ids.map((id) => [id, `${id} home`]).toSorted());
          }
          assert.deepEqual(await typedReader.findingsOfUnassignedRows(await typedReader.survey()), []);
        });
      }

      for (const type of dateTypes[engine.engine]) {
        it(`a date that is ${type} is its day at any time`, async () => {
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
            '1998-04-01',
            '1998-04-02',
            '2015-03-29',
            '2026-08-12',
            '2026-08-13',
          ]);
        });
      }

      it('blanks that fill up a char column do no harm', async () => {
        const padded = database.engine === 'sqlserver' ? 'nchar(20)' : 'char(20)';
        await retype('ssd_person', 'pers_person_id', padded);
        await retype('ssd_sdq_scores', 'csdq_person_id', padded);
        await load(aChild('1').rows, aChild('2').rows);
        const found = [];
        for (const range of await reader.ranges(1)) {
          const { persons } = await reader.read(range, nothingBesides);
          for (const { rows } of persons) {
            found.push([
              rows.person.pers_person_id,
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
