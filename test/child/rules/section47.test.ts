import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import { rulesOn, today } from '../aPayload.js';
import { aConference, aSection47 } from '../aPerson.js';
import { protectedChild, soundPerson, withFirst, withRow, withoutRowsOf } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingEnquiries } from './breaking/section47.js';
import { told } from './remarksOf.js';

describe('of enquiries and conferences,', () => {
  itAsks(breakingEnquiries);
});

describe('an enquiry', () => {
  const closed = soundPerson([{ ...protectedChild, isClosed: true }]);
  const unheld = withFirst(withoutRowsOf(closed, 'ssd_initial_cp_conference'), 'ssd_s47_enquiry', {
    s47e_s47_outcome_json: null,
  });

  it('waits for no conference where the SSD has no table of them, or its outcome cannot be read', () => {
    const without = { ...rulesOn(today), absentTables: new Set(['ssd_initial_cp_conference'] as const) };
    assert.equal(told(unheld).length, 1);
    assert.deepEqual(told(unheld, without), []);
    assert.deepEqual(told(withFirst(unheld, 'ssd_s47_enquiry', { s47e_s47_outcome_json: absentColumn })), []);
  });

  it('waits for no conference where the date of one cannot be read', () => {
    const rows = withRow(unheld, 'ssd_initial_cp_conference', aConference({ icpc_icpc_date: absentColumn }));
    assert.deepEqual(told(rows), []);
  });

  it('that ends before it starts is reported once', () => {
    const rows = withFirst(soundPerson([protectedChild]), 'ssd_s47_enquiry', {
      s47e_s47_end_date: '2025-05-11',
    });
    assert.deepEqual(
      told(rows).filter((text) => text.includes('S1')),
      ['end-before-start: ssd_s47_enquiry S1 s47e_s47_end_date'],
    );
  });

  it('is compared with the conference that is sent, the last one', () => {
    const rows = withRow(
      soundPerson([protectedChild]),
      'ssd_initial_cp_conference',
      aConference({ icpc_icpc_id: 'C2', icpc_icpc_date: '2025-05-09' }),
    );
    assert.deepEqual(told(rows), []);
  });

  it('may start while one of another referral waits', () => {
    const open = soundPerson([protectedChild, { ...protectedChild, referred: '2026-01-20' }]);
    const closedFirst = withFirst(open, 'ssd_cin_episodes', {
      cine_close_date: '2026-01-20',
      cine_close_reason: 'RC7',
    });
    const rows = withRow(
      withFirst(closedFirst, 'ssd_cp_plans', { cppl_cp_plan_end_date: '2026-01-20' }),
      'ssd_s47_enquiry',
      aSection47({
        s47e_s47_enquiry_id: 'S3',
        s47e_s47_start_date: '2026-01-15',
        s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"N"}',
      }),
    );
    assert.deepEqual(told(rows), []);
  });
});
