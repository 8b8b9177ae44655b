import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import type { PlainDate } from '../../../shared/child/dates.js';
import type { PersonRows, SsdRow } from '../../../shared/child/sourceRows.js';
import { rulesOn, today } from '../aPayload.js';
import { aCareLeaverContact } from '../aPerson.js';
import { lookedAfter } from './aLookedAfterPerson.js';
import { told } from './remarksOf.js';

/** A care leaver, born on a day. */
function leaver(
  contact: Partial<SsdRow<'ssd_care_leavers'>> = {},
  pers_dob: PlainDate = '2007-01-01',
): PersonRows {
  return lookedAfter([{ from: '2024-09-01', to: '2024-12-31', end: 'E15' }], {
    person: { pers_dob },
    ssd_care_leavers: [aCareLeaverContact(contact)],
  });
}

const columns = [
  'clea_care_leaver_latest_contact',
  'clea_care_leaver_activity',
  'clea_care_leaver_accommodation',
] as const;
const accommodation = 'ssd_care_leavers CL1 clea_care_leaver_accommodation';

describe('the contact, activity and accommodation of a care leaver', () => {
  for (const column of columns) {
    it(`are asked about where ${column} alone is missing, and where it alone is there`, () => {
      const others = columns.filter((other) => other !== column);
      assert.deepEqual(told(leaver({ [column]: null })), [`ssda903-153: ssd_care_leavers CL1 ${column}`]);
      const alone = leaver(Object.fromEntries(others.map((other) => [other, null])));
      assert.deepEqual(
        told(alone).sort(),
        others.map((other) => `ssda903-153: ssd_care_leavers CL1 ${other}`).sort(),
      );
    });
  }

  it('may all be there, or all be missing', () => {
    assert.deepEqual(told(leaver()), []);
    assert.deepEqual(told(leaver(Object.fromEntries(columns.map((column) => [column, null])))), []);
  });

  it('are not asked about where one of them cannot be read, or care leavers are not shared', () => {
    const asked = (contact: Partial<SsdRow<'ssd_care_leavers'>>) =>
      told(leaver(contact)).filter((text) => text.startsWith('ssda903'));
    assert.deepEqual(
      asked({ clea_care_leaver_activity: absentColumn, clea_care_leaver_latest_contact: null }),
      [],
    );
    assert.deepEqual(
      asked({ clea_care_leaver_activity: 'school', clea_care_leaver_latest_contact: null }),
      [],
    );
    assert.deepEqual(asked({ clea_care_leaver_accommodation: 'N/A', clea_care_leaver_activity: null }), []);
    const rows = { ...leaver(), ssd_care_leavers: [] };
    assert.deepEqual(told(rows, { ...rulesOn(today), leftOut: ['careLeavers'] }), []);
  });
});

describe('the accommodation of a care leaver', () => {
  it('is a foyer from the 18th birthday, as of the start of the collection year', () => {
    const foyer = { clea_care_leaver_accommodation: 'T' };
    assert.deepEqual(told(leaver(foyer, '2008-04-01')), []);
    assert.deepEqual(told(leaver(foyer, '2008-04-02')), [`ssda903-347: ${accommodation}`]);
    assert.deepEqual(told(leaver({ clea_care_leaver_accommodation: 'T1' }, '2008-04-02')), [
      `ssda903-347: ${accommodation}`,
    ]);
    assert.deepEqual(told(leaver({}, '2008-04-02')), []);
  });

  it('is not with former foster carers in the collection year of the 17th birthday', () => {
    const withCarers = { clea_care_leaver_accommodation: 'Z' };
    assert.deepEqual(told(leaver(withCarers, '2009-03-31')), []);
    assert.deepEqual(told(leaver(withCarers, '2009-04-01')), [`ssda903-3001: ${accommodation}`]);
    assert.deepEqual(told(leaver(withCarers, '2010-03-31')), [`ssda903-3001: ${accommodation}`]);
    assert.deepEqual(told(leaver(withCarers, '2010-04-01')), []);
  });

  it('is not asked about by the age where the date of birth cannot be read', () => {
    const rows = leaver({ clea_care_leaver_accommodation: 'T' });
    assert.deepEqual(told({ ...rows, person: { ...rows.person, pers_dob: absentColumn } }), []);
  });
});
