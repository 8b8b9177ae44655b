import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idKeyOf } from '../../shared/database/idKey.js';
import { personsOf, type RangeRows } from '../../shared/ssd/rows.js';
import { aPerson } from '../child/aPerson.js';

/** Persons with disabilities, and nothing else. */
function rowsOf(
  persons: readonly string[],
  disabilities: readonly (readonly [person: string, id: string])[],
): RangeRows {
  const { person, ...noDetails } = aPerson();
  return {
    ...noDetails,
    ssd_person: persons.map((id) => ({ ...person, person_id: id, pers_person_id: id })),
    ssd_disability: disabilities.map(([id, disability]) => ({
      person_id: id,
      disa_table_id: disability,
      disa_person_id: id,
      disa_disability_code: 'LD',
    })),
  };
}

function disabilitiesOf(rows: RangeRows): Record<string, (string | null)[]> {
  const found: Record<string, (string | null)[]> = {};
  for (const { person, ssd_disability: disabilities } of personsOf(rows, idKeyOf('sqlserver'))) {
    found[String(person.pers_person_id)] = disabilities.map((row) => row.disa_table_id);
  }
  return found;
}

describe('the rows of a range, where the database takes ids in capitals and small letters for one', () => {
  it('go to the person whose id they name in other letters', () => {
    assert.deepEqual(disabilitiesOf(rowsOf(['Ab1'], [['AB1 ', 'D1']])), { Ab1: ['D1'] });
  });

  it('never mix two persons whose ids differ in their letters alone', () => {
    const rows = rowsOf(
      ['C001', 'c001'],
      [
        ['C001', 'D1'],
        ['c001', 'D2'],
      ],
    );
    assert.deepEqual(disabilitiesOf(rows), { C001: ['D1'], c001: ['D2'] });
  });

  it('go to neither of two such persons when they name a third form', () => {
    const rows = rowsOf(['ab1', 'AB1'], [['Ab1', 'D1']]);
    assert.deepEqual(disabilitiesOf(rows), { ab1: [], AB1: [] });
  });
});
