import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newestCodeLists } from '../../../shared/child/codes/codeLists.js';
import type { Child, Episode } from '../../../shared/child/payload.js';
import { adopted, careGoesOn, startsCare } from '../../../shared/child/rehearsal/lookedAfterFigures.js';
import { aChild, aChildIn, anEpisode, counted } from './aChild.js';

const open = { start_date: '2025-05-01', start_reason: 'S' };
const ended = { ...open, end_date: '2025-09-01', end_reason: 'E4A' };
const moved = { ...open, end_date: '2025-09-01', end_reason: 'X1' };
const withAdoption = (dates: Omit<NonNullable<Episode['adoption']>, 'purge'>): Child =>
  aChild([anEpisode({ adoption: { ...dates, purge: false } })]);
const leaver = (contact?: string): Child =>
  aChild([anEpisode({ care_leavers: { contact_date: contact, purge: false } })]);
const unaccompanied = (end?: string): Child => ({
  ...aChildIn(open),
  child_details: { uasc_flag: true, uasc_end_date: end, purge: false },
});

/** A figure, what a child has, and how much of the figure that is on 31 March 2026. */
const cases: readonly (readonly [code: string, what: string, child: Child, expected: number])[] = [
  ['looked-after', 'two open placements', aChildIn(open, open), 1],
  ['looked-after', 'a placement that has ended', aChildIn(ended), 0],
  ['looked-after', 'a placement that ends on the day', aChildIn({ ...open, end_date: '2026-03-31' }), 0],
  ['looked-after', 'no placement', aChild([anEpisode()]), 0],
  [
    'looked-after-started',
    'two starts in the year',
    aChildIn(ended, { ...open, start_date: '2026-01-01' }),
    1,
  ],
  ['looked-after-started', 'a change of placement', aChildIn({ ...open, start_reason: 'P' }), 0],
  ['looked-after-started', 'a start before the year', aChildIn({ ...open, start_date: '2025-03-31' }), 0],
  ['looked-after-ceased', 'two ends in the year', aChildIn(ended, { ...ended, end_date: '2026-03-31' }), 1],
  ['looked-after-ceased', 'a change of placement', aChildIn(moved), 0],
  ['looked-after-ceased', 'an end without a reason', aChildIn({ ...open, end_date: '2025-09-01' }), 0],
  ['looked-after-adopted', 'an adoption', aChildIn({ ...ended, end_reason: 'E12' }), 1],
  ['looked-after-adopted', 'another end', aChildIn(ended), 0],
  ['placements', 'two open placements', aChildIn(open, open), 2],
  ['placements', 'one that has ended', aChildIn(ended), 0],
  ['placements-started', 'a start and a move', aChildIn(moved, { start_date: '2025-09-01' }), 2],
  ['placements-started', 'a start before the year', aChildIn({ start_date: '2025-03-31' }), 0],
  ['unaccompanied', 'a placement and the flag', unaccompanied(), 1],
  ['unaccompanied', 'a status that ended on the day', unaccompanied('2026-03-31'), 0],
  ['unaccompanied', 'a status that ends later', unaccompanied('2026-04-01'), 1],
  ['unaccompanied', 'a placement without the flag', aChildIn(open), 0],
  ['unaccompanied', 'the flag without a placement', aChild([anEpisode()], { uasc_flag: true }), 0],
  ['adoption-decisions', 'a decision in the year', withAdoption({ initial_decision_date: '2025-05-01' }), 1],
  ['adoption-decisions', 'a match in the year', withAdoption({ matched_date: '2025-05-01' }), 0],
  ['adoption-placements', 'a placement in the year', withAdoption({ placed_date: '2025-05-01' }), 1],
  ['adoption-placements', 'a decision in the year', withAdoption({ initial_decision_date: '2025-05-01' }), 0],
  ['care-leavers', 'a contact before the day', leaver('2026-01-01'), 1],
  ['care-leavers', 'a contact after the day', leaver('2026-04-01'), 0],
  ['care-leavers', 'a record without a contact', leaver(), 1],
  ['care-leavers', 'no record', aChild([anEpisode()]), 0],
];

describe('the figures of the return about children looked after', () => {
  for (const [code, what, child, expected] of cases) {
    test(`${code} counts ${expected} for a child with ${what}`, () => {
      assert.equal(counted(code, child), expected);
    });
  }

  test('go by reasons that are in the code lists', () => {
    const { placementStartReason: starts, placementEndReason: ends } = newestCodeLists;
    assert.ok(starts.has(startsCare));
    for (const code of [careGoesOn, ...adopted]) assert.ok(ends.has(code), code);
  });
});
