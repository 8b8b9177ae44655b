import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { idKeyOf } from '../../shared/database/idKey.js';
import { personsOf, type RangeRows } from '../../shared/ssd/rows.js';
import { ssdTables } from '../../shared/ssd/tables.js';

/** Rows with empty columns but those given. */
function rowsOf(
  persons: readonly string[],
  disabilities: readonly (readonly [person: string, id: string])[],
) {
  const empty = (table: keyof typeof ssdTables) =>
    Object.fromEntries(Object.keys(ssdTables[table]).map((column) => [column, null]));
  const rows: RangeRows = {
    ssd_person: persons.map((id) => ({ ...empty('ssd_person'), person_id: id, pers_person_id: id })),
    ssd_disability: disabilities.map(([person, id]) => ({
      ...empty('ssd_disability'),
      person_id: person,
      disa_table_id: id,
    })),
    ssd_address: [],
    ssd_immigration_status: [],
    ssd_linked_identifiers: [],
    ssd_sdq_scores: [],
    ssd_cin_episodes: [],
    ssd_cin_assessments: [],
    ssd_assessment_factors: [],
    ssd_cin_plans: [],
    ssd_s47_enquiry: [],
    ssd_initial_cp_conference: [],
    ssd_cp_plans: [],
    ssd_cla_episodes: [],
    ssd_cla_placement: [],
    ssd_permanence: [],
    ssd_care_leavers: [],
    ssd_involvements: [],
  };
  return rows;
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
