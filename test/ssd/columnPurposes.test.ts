import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnPurposes, lossWithout, servesFindingsOnly } from '../../shared/ssd/columnPurposes.js';

describe('what is lost without', () => {
  test('a column is the end of what it is for', () => {
    assert.equal(lossWithout('ssd_person', 'pers_upn'), 'no UPN is sent');
    assert.equal(
      lossWithout('ssd_cin_assessments', 'cina_person_id'),
      'only its referral says whose it is, and a contradiction between the two is not noticed',
    );
  });

  test('each column that has a purpose is said', () => {
    for (const [table, columns] of Object.entries(columnPurposes)) {
      for (const column of Object.keys(columns)) {
        const loss = lossWithout(table, column);
        assert.notEqual(loss, 'a relation of the profile cannot be followed', `${table}.${column}`);
      }
    }
  });

  test('a column that only the relations of a profile name is said as well', () => {
    assert.equal(lossWithout('ssd_cla_episodes', 'our_key'), 'a relation of the profile cannot be followed');
  });

  test('a table is said', () => {
    assert.equal(lossWithout('ssd_linked_identifiers'), 'no former UPN is sent');
    assert.equal(lossWithout('ssd_person'), 'nothing can be sent');
  });
});

test('columns that serve findings only are those of rows, teams and workers', () => {
  for (const [table, column] of [
    ['ssd_address', 'addr_table_id'],
    ['ssd_cin_episodes', 'cine_referral_team'],
    ['ssd_cin_plans', 'cinp_cin_plan_worker_id'],
    ['ssd_involvements', 'invo_professional_team'],
  ] as const) {
    assert.ok(servesFindingsOnly(table, column), column);
  }
  for (const [table, column] of [
    ['ssd_assessment_factors', 'cinf_table_id'],
    ['ssd_person', 'pers_upn'],
    ['ssd_cla_episodes', 'our_key'],
  ] as const) {
    assert.ok(!servesFindingsOnly(table, column), column);
  }
});
