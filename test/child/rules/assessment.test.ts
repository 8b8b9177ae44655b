import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { absentColumn } from '../../../shared/child/cells.js';
import { builtOf, rulesOn, today } from '../aPayload.js';
import { anAssessment, anEpisode, someFactors } from '../aPerson.js';

import { inNeed, soundPerson, soundly, withFirst, withoutRowsOf } from './aSoundPerson.js';
import { itAsks } from './breaking.js';
import { breakingAssessments } from './breaking/assessment.js';
import { told } from './remarksOf.js';

describe('of assessments,', () => {
  itAsks(breakingAssessments);
});

describe('an assessment', () => {
  it('is asked about under each referral under which rows with the same id are sent', () => {
    const rows = soundly({
      ssd_cin_episodes: [
        anEpisode({ cine_close_date: '2025-06-01', cine_close_reason: 'RC7' }),
        anEpisode({ cine_referral_id: 'R2', cine_close_date: '2025-06-01', cine_close_reason: 'RC7' }),
      ],
      ssd_cin_assessments: ['R1', 'R2'].map((referral) =>
        anAssessment({ cina_referral_id: referral, cina_assessment_auth_date: '2025-05-01' }),
      ),
    });
    const before = builtOf(rows).findings.filter(({ rule }) => rule === 'authorisation-before-start');
    assert.deepEqual(before.map(({ parentId }) => parentId).sort(), ['R1', 'R2']);
  });

  const recent = soundPerson([{ ...inNeed, referred: '2026-07-01' }]);

  it('without factors is in order where the SSD has no table of them, or factors are not shared', () => {
    const rows = withoutRowsOf(recent, 'ssd_assessment_factors');
    const rules = rulesOn(today);
    assert.deepEqual(told(rows), ['cin-8897Q: ssd_cin_assessments A1 cina_assessment_auth_date']);
    assert.deepEqual(told(rows, { ...rules, absentTables: new Set(['ssd_assessment_factors']) }), []);
    assert.deepEqual(told(rows, { ...rules, leftOut: ['assessmentFactors'] }), []);
    assert.deepEqual(told(rows, { ...rules, factorsMayBeMissing: true }), []);
  });

  it('is not unfinished where its authorisation cannot be read', () => {
    const rows = withFirst(recent, 'ssd_cin_assessments', { cina_assessment_auth_date: absentColumn });
    assert.deepEqual(
      told(rows).filter((text) => text.startsWith('cin-')),
      [],
    );
  });

  it('with a factor that is not in the list is reported once', () => {
    const rows = withFirst(recent, 'ssd_assessment_factors', { cinf_assessment_factors_json: '["99"]' });
    assert.deepEqual(told(rows), ['code-unknown: ssd_assessment_factors F1 cinf_assessment_factors_json']);
  });

  it('has 21 and another factor when they are in two rows', () => {
    const rows = soundly({
      ssd_cin_episodes: [anEpisode()],
      ssd_cin_assessments: [anAssessment({ cina_assessment_auth_date: '2025-06-01' })],
      ssd_assessment_factors: [
        someFactors({ cinf_assessment_factors_json: '["21"]' }),
        someFactors({ cinf_table_id: 'F2' }),
      ],
    });
    assert.deepEqual(told(rows), [
      'cin-8869: ssd_assessment_factors F1 cinf_assessment_factors_json',
      'cin-8869: ssd_assessment_factors F2 cinf_assessment_factors_json',
    ]);
  });

  it('that found no factors leaves the reason for closure of an open referral alone', () => {
    const rows = soundPerson([inNeed]);
    assert.deepEqual(
      told(withFirst(rows, 'ssd_assessment_factors', { cinf_assessment_factors_json: '["21"]' })),
      [],
    );
  });
});
