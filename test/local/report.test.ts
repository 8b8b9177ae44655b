import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunStatus } from '../../shared/records/runStatus.js';
import { summaryOf } from './report.js';

const run: RunStatus = {
  runId: '20260811T020000000Z-abcdef',
  status: 'completed',
  trigger: 'timer',
  requestedAt: '2026-08-11T02:00:00Z',
  requestedBy: 'timer',
  scope: 'outstanding',
  today: '2026-08-11',
};

describe('the summary of a run', () => {
  it('says which categories are left out', () => {
    const terms = { leftOut: ['sdq', 'placements'], windowMonths: 24 };
    assert.match(
      summaryOf({ ...run, terms }),
      /\n {2}left out {2}by the settings: scores of the strengths and difficulties questionnaire and placements of/,
    );
    assert.doesNotMatch(summaryOf({ ...run, terms: { ...terms, leftOut: [] } }), /left out/);
  });
});
