import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn, type DateCell } from '../../../shared/child/cells.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { rulesOn, today } from '../aPayload.js';
import { anAdoption } from '../aPerson.js';
import { lookedAfter } from './aLookedAfterPerson.js';
import { told } from './remarksOf.js';

/** A child placed with adopters (A4) on 1 October 2025, after a decision of 1 August and a match of 1 September. */
function adopted(
  dates: { readonly decided?: DateCell; readonly matched?: DateCell; readonly placed?: DateCell } = {},
  period: string | null = 'K1',
): PersonRows {
  const { decided = '2025-08-01', matched = '2025-09-01', placed = '2025-10-01' } = dates;
  return lookedAfter(
    [{ from: '2025-07-01' }, { from: '2025-10-01', to: '2026-03-01', type: 'A4', end: 'E11' }],
    {
      ssd_permanence: [
        anAdoption({
          perm_cla_id: period,
          perm_adm_decision_date: decided,
          perm_matched_date: matched,
          perm_placed_for_adoption_date: placed,
        }),
      ],
    },
  );
}

const matched = 'ssda903-331: ssd_permanence PE1 perm_matched_date';
const decidedAfterMatch = 'ssda903-333: ssd_permanence PE1 perm_adm_decision_date';
const decidedAfterPlaced = 'ssda903-521: ssd_permanence PE1 perm_adm_decision_date';

describe('an adoption', () => {
  it('whose dates are in order is not asked about', () => {
    assert.deepEqual(told(adopted()), []);
    assert.deepEqual(told(adopted({ decided: '2025-10-01', matched: '2025-10-01' })), []);
    assert.deepEqual(told(adopted({ matched: null })), []);
  });

  it('is asked about when the match is after the placement', () => {
    assert.deepEqual(told(adopted({ matched: '2025-10-02', placed: '2025-10-01' })), [matched]);
  });

  it('is asked about when the match is after the start of the care that ended with adoption, also without a placement', () => {
    assert.deepEqual(told(adopted({ matched: '2025-10-01', placed: null })), []);
    assert.deepEqual(told(adopted({ matched: '2025-10-02', placed: null })), [matched]);
    assert.deepEqual(told(adopted({ matched: '2025-10-02', placed: null }, null)), [matched]);
  });

  it('is asked about when a match has no decision, or a later one', () => {
    assert.deepEqual(told(adopted({ decided: null })), [decidedAfterMatch]);
    assert.deepEqual(told(adopted({ decided: '2025-09-02' })), [decidedAfterMatch]);
    assert.deepEqual(told(adopted({ decided: '2025-09-01' })), []);
  });

  it('is asked about when the decision is after the placement for adoption', () => {
    const withoutMatch = { matched: null, placed: null } as const;
    assert.deepEqual(told(adopted({ ...withoutMatch, decided: '2025-10-01' })), []);
    assert.deepEqual(told(adopted({ ...withoutMatch, decided: '2025-10-02' })), [decidedAfterPlaced]);
    const placedEarly = { decided: '2025-09-30', matched: null, placed: '2025-09-29' } as const;
    assert.deepEqual(told(adopted(placedEarly)), [decidedAfterPlaced]);
  });

  it('is not compared with the placements of another period of care', () => {
    const rows = adopted({ decided: '2025-12-01', matched: null, placed: null }, 'K9');
    assert.deepEqual(told(rows), []);
  });

  it('is not compared with the placement of an earlier one that did not last', () => {
    const rows = lookedAfter(
      [
        { from: '2025-01-01' },
        { from: '2025-03-01', type: 'A5' },
        { from: '2025-06-01', type: 'U4' },
        { from: '2026-01-01', type: 'A5' },
      ],
      {
        ssd_permanence: [
          anAdoption({
            perm_table_id: 'PE0',
            perm_adm_decision_date: '2025-02-01',
            perm_placed_for_adoption_date: '2025-03-01',
          }),
          anAdoption({ perm_matched_date: '2025-12-01', perm_placed_for_adoption_date: '2026-01-01' }),
        ],
      },
    );
    const asked = (one: PersonRows) => told(one).filter((text) => text.startsWith('ssda903'));
    assert.deepEqual(asked(rows), []);
    const late = rows.ssd_permanence.map((row) => ({ ...row, perm_adm_decision_date: '2026-01-02' as const }));
    assert.ok(asked({ ...rows, ssd_permanence: late }).includes(decidedAfterPlaced));
  });

  it('is not asked about where a date cannot be read, or adoption is not shared', () => {
    const placeholder = { unreadable: 'placeholder', found: 'a date that means none' } as const;
    for (const unread of [absentColumn, placeholder]) {
      for (const dates of [{ decided: unread }, { matched: unread }, { placed: unread }]) {
        assert.deepEqual(
          told(adopted(dates)).filter((text) => text.startsWith('ssda903')),
          [],
        );
      }
    }
    const rows = { ...adopted(), ssd_permanence: [] };
    assert.deepEqual(told(rows, { ...rulesOn(today), leftOut: ['adoption'] }), []);
  });
});
