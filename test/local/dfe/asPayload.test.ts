import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asPayload } from './asPayload.js';
import { aWholeChild } from './caller.js';
import { applyRecord } from './state.js';

test('what DfE holds of a whole child is the same after it is taken in again as a payload', () => {
  const held = applyRecord(undefined, { ...aWholeChild, la_child_id: 'C1' }, 'replace');
  assert.ok(held !== undefined);
  assert.deepEqual(applyRecord(undefined, { ...asPayload(held), la_child_id: 'C1' }, 'replace'), held);
});

test('purge is false wherever the attribute exists, and nowhere else', () => {
  const held = {
    la_child_id: 'C1',
    child_details: { sex: 'F' },
    health_and_wellbeing: { sdq_assessments: [{ date: '2026-01-01', score: 3 }] },
    social_care_episodes: [
      {
        social_care_episode_id: 'E1',
        care_worker_details: [{ worker_id: 'W1' }],
        child_and_family_assessments: [{ child_and_family_assessment_id: 'A1' }],
        adoption: { matched_date: '2026-01-01' },
      },
    ],
  };
  assert.deepEqual(asPayload(held), {
    la_child_id: 'C1',
    purge: false,
    child_details: { sex: 'F', purge: false },
    health_and_wellbeing: { sdq_assessments: [{ date: '2026-01-01', score: 3 }], purge: false },
    social_care_episodes: [
      {
        social_care_episode_id: 'E1',
        purge: false,
        care_worker_details: [{ worker_id: 'W1' }],
        child_and_family_assessments: [{ child_and_family_assessment_id: 'A1', factors: [], purge: false }],
        adoption: { matched_date: '2026-01-01', purge: false },
      },
    ],
  });
});
