import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noFigures } from '../../shared/records/figures.js';
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

  it('says how many children a rule of the council holds, where one does', () => {
    const figures = {
      ...noFigures,
      held: 3,
      heldByCouncil: 2,
      findings: {},
      findingsBySeverity: {},
      sinceRunBefore: { new: {}, stillThere: {}, mended: {} },
      idChurn: {},
      ssdRows: {},
    };
    assert.match(summaryOf({ ...run, figures }), /3 held back \(2 by a rule that the council has changed\)/);
    assert.match(summaryOf({ ...run, figures: { ...figures, heldByCouncil: 0 } }), /3 held back, /);
  });
});
