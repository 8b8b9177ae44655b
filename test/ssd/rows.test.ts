import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { idFormOf } from '../../shared/database/idForm.js';
import { noProfessionals } from '../../shared/ssd/professionals.js';
import { builtInProfile } from '../../shared/ssd/profile.js';
import { personsOf, type RangeRows, type Reading } from '../../shared/ssd/rows.js';
import { recordOf } from '../../shared/child/recordOf.js';
import { detailTables, ssdTables, type SsdTable } from '../../shared/child/sourceRows.js';

type Row = Readonly<Record<string, unknown>>;

/** SystemC, where the database takes ids in capitals and small letters for one. */
const reading: Reading = {
  form: idFormOf('sqlserver', 'Latin1_General_CI_AS'),
  relations: builtInProfile('systemc').names.relations,
  professionals: noProfessionals,
  placeholders: new Set(['1900-01-01']),
  placeholderIds: [],
  has: () => true,
};

function rangeOf(rows: Partial<Record<SsdTable, readonly Row[]>>): RangeRows {
  return { ssd_person: rows.ssd_person ?? [], ...recordOf(detailTables, (table) => rows[table] ?? []) };
}

describe('the rows of a range, where the database takes ids in capitals and small letters for one', () => {
  function disabilitiesOf(
    persons: readonly string[],
    disabilities: readonly (readonly [person: string, id: string])[],
  ): Record<string, (string | null)[]> {
    const rows = rangeOf({
      ssd_person: persons.map((id) => ({ pers_person_id: id })),
      ssd_disability: disabilities.map(([id, disability]) => ({ person_id: id, disa_table_id: disability })),
    });
    return Object.fromEntries(
      personsOf(rows, reading).map(({ rows: { person, ssd_disability: its } }) => [
        String(person.pers_person_id),
        its.map((row) => row.disa_table_id),
      ]),
    );
  }

  it('go to the person whose id they name in other letters', () => {
    assert.deepEqual(disabilitiesOf(['Ab1'], [['AB1 ', 'D1']]), { Ab1: ['D1'] });
  });

  it('are one person’s when two rows of ssd_person have one id in different letters', () => {
    const disabilities = [
      ['C001', 'D1'],
      ['c001', 'D2'],
    ] as const;
    assert.deepEqual(disabilitiesOf(['c001', 'C001 '], disabilities), { C001: ['D1', 'D2'] });
  });

  it('are left out when they belong to none of the people read', () => {
    assert.deepEqual(disabilitiesOf(['1'], [['2', 'D1']]), { 1: [] });
  });

  it('are not counted once when they say the same: a row of its own is a row', () => {
    const twice = [
      ['1', 'D1'],
      ['1', 'D1'],
    ] as const;
    assert.deepEqual(disabilitiesOf(['1'], twice), { 1: ['D1', 'D1'] });
  });
});

describe('a person who is in ssd_person twice', () => {
  const contradictory = (...either: readonly (string | null)[]) => ({
    unreadable: 'contradictory',
    found: 'two rows that say different things',
    either,
  });
  const twice = (one: Row, other: Row) => {
    const rows = [one, other].map((row) => ({ pers_person_id: '1', ...row }));
    const persons = personsOf(rangeOf({ ssd_person: rows }), reading);
    assert.equal(persons.length, 1);
    return persons[0];
  };

  it('is one when the two say the same', () => {
    const same = { pers_forename: 'Ann', pers_dob: new Date('2015-05-05') };
    assert.deepEqual(twice(same, { ...same, pers_dob: '2015-05-05' })?.duplicateColumns, []);
  });

  it('says nothing where they contradict each other, in any order', () => {
    const [one, other] = [
      { pers_forename: 'Ann', pers_sex: 'F', pers_dob: '2015-05-05', pers_upn: null },
      { pers_forename: 'Bob', pers_sex: 'F', pers_dob: '2015-05-06', pers_upn: 'A123456789012' },
    ];
    const read = twice(one, other);
    assert.deepEqual(read, twice(other, one));
    assert.deepEqual(read?.duplicateColumns, ['pers_upn', 'pers_forename', 'pers_dob']);
    assert.deepEqual(read.rows.person.pers_forename, contradictory('Ann', 'Bob'));
    assert.deepEqual(read.rows.person.pers_dob, contradictory('2015-05-05', '2015-05-06'));
    assert.deepEqual(read.rows.person.pers_upn, contradictory(null, 'A123456789012'));
    assert.equal(read.rows.person.pers_sex, 'F');
  });
});

describe('the values of one child', () => {
  it('never change how another is read, with any value', () => {
    const columns = (table: SsdTable) => Object.keys(ssdTables[table]);
    const anyValue = fc.oneof(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withNullPrototype: true,
        withTypedArray: true,
        withObjectString: true,
      }),
      fc.date({ noInvalidDate: false }),
      fc.constant('\0'),
      fc.constant({ toString: 1 }),
      fc.constant(Symbol('x')),
      fc.constant(() => 1),
      fc.constant(throwing),
    );
    const anyRowOf = (table: SsdTable) =>
      fc.dictionary(fc.constantFrom(...columns(table)), anyValue).map((row) => ({ ...row, person_id: '1' }));
    const sound = { person_id: '2', disa_table_id: 'D2', disa_person_id: '2', disa_disability_code: 'LD' };
    const alone = personsOf(
      rangeOf({ ssd_person: [{ pers_person_id: '2' }], ssd_disability: [sound] }),
      reading,
    );
    fc.assert(
      fc.property(
        fc.array(anyRowOf('ssd_person'), { minLength: 1, maxLength: 3 }),
        fc.array(anyRowOf('ssd_disability'), { maxLength: 3 }),
        fc.array(anyRowOf('ssd_cla_placement'), { maxLength: 3 }),
        fc.array(anyRowOf('ssd_cla_episodes'), { maxLength: 3 }),
        (persons, disabilities, placements, careEpisodes) => {
          const rows = rangeOf({
            ssd_person: [...persons.map((row) => ({ ...row, pers_person_id: '1' })), { pers_person_id: '2' }],
            ssd_disability: [...disabilities, sound],
            ssd_cla_placement: placements,
            ssd_cla_episodes: careEpisodes,
          });
          const read = personsOf(rows, reading);
          assert.deepEqual(read[1], alone[0]);
          assert.ok(!JSON.stringify(read[0]).includes('\\u0000'));
          assert.equal(read[0]?.rows.ssd_disability.length, disabilities.length);
        },
      ),
    );
  });
});

/** A document that cannot be written. */
const throwing = {
  toJSON: () => {
    throw new Error('no');
  },
};
