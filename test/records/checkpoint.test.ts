import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FillTally, fillTallySchema } from '../../shared/child/changes/fillRates.js';
import { IdChurn, idChangesSchema } from '../../shared/child/changes/idChurn.js';
import { plainDate } from '../../shared/child/dates.js';
import { RehearsalTally, rehearsalTallySchema } from '../../shared/child/rehearsal/tally.js';
import { windowOf } from '../../shared/child/window.js';
import { defaultInclusionSets } from '../../shared/ssd/cohort.js';
import { cohortCountsSchema, CohortTally } from '../../shared/ssd/cohortReport.js';

let last = 0;
/** A number that is not anywhere else. */
const next = () => (last += 1);

test('the tally of the cohort goes on from all that another one has counted', () => {
  const counts = cohortCountsSchema.parse({
    gate: { passed: next(), tooOld: next(), unreadableDates: next() },
    letsIn: { referral: next() },
    aloneLetsIn: { referral: next() },
    rowsOutOfScope: { ssd_person: { notInCohort: next() }, ssd_professionals: { context: next() } },
    inNoSet: next(),
    unclear: next(),
    placeholders: next(),
    listedAndNotInCohort: next(),
    inCohortAndNotListed: next(),
    notOnAllowList: next(),
  });
  const rules = {
    window: windowOf(plainDate('2026-08-11')),
    on: defaultInclusionSets,
    ageLimit: undefined,
    absentTables: new Set<string>(),
  };
  assert.deepEqual(new CohortTally(rules, counts).counts(), counts);
});

test('the tally of attributes goes on from all that another one has counted', () => {
  const counts = fillTallySchema.parse({
    filled: { la_child_id: next() },
    blocks: { '': next() },
    now: { la_child_id: next() },
    held: { la_child_id: next() },
  });
  assert.deepEqual(new FillTally(counts).counts(), counts);
});

test('the sum of changed ids goes on from what another one has added up', () => {
  const change = () => ({ held: next(), gone: next(), new: next() });
  const sum = idChangesSchema.parse({
    episodes: change(),
    assessments: change(),
    childInNeedPlans: change(),
    section47: change(),
    childProtectionPlans: change(),
    placements: change(),
  });
  assert.deepEqual(new IdChurn(sum).figures(), sum);
});

test('the tally of the dress rehearsal goes on from all that another one has counted', () => {
  const counted = { total: next(), ages: { '1 to 4': next() }, sexes: { F: next() } };
  const counts = rehearsalTallySchema.parse({
    children: next(),
    days: { '2026-03-31': { 'in-need': counted } },
  });
  const known = {
    window: windowOf(plainDate('2026-08-11')),
    leftOut: [],
    absentTables: new Set<string>(),
  };
  assert.deepEqual(new RehearsalTally(known, counts).counts(), counts);
});
