import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { printed } from './auditor.js';
import type { OutOfScope, Row } from './input.js';
import type { TableName } from '../../infra/syntheticSsd/columns.js';
import {
  type Rows,
  rowsOfA,
  assessment,
  enquiry,
  episode,
  details,
  payloadOf,
  without,
  withCell,
  type Case,
  audited,
  finding,
  isClean,
  findsFalsity,
} from './auditedCase.js';

/** Rows of A and one row more. */
function withRow(table: keyof typeof rowsOfA, row: Row): Rows {
  return { ...rowsOfA, [table]: [...rowsOfA[table], row] };
}

/** The auditor finds that nothing says what became of the row (or of its column). */
function findsSilence(given: Case, table: TableName, rowId: string, column?: string): void {
  const result = audited(given);
  const found = result.unexplained.some(
    (entry) => entry.table === table && entry.rowId === rowId && entry.column === column,
  );
  assert.ok(found, `no silence of ${table} ${rowId} ${column ?? ''}\n${printed(result)}`);
}

describe('The auditor', () => {
  test('finds nothing where everything that the SSD says is sent', () => {
    const result = audited({});
    isClean({});
    assert.deepEqual(
      { rows: result.rows, sent: result.sent, named: result.named, counted: result.counted },
      { rows: 19, sent: 17, named: 0, counted: 2 },
    );
  });

  test('accepts a row that is left out when a finding names it', () => {
    const bare = [payloadOf({ social_care_episodes: [without(episode, 'child_in_need_plans')] })];
    findsSilence({ payloads: bare }, 'ssd_cin_plans', 'P1');
    isClean({ payloads: bare, findings: [finding('ssd_cin_plans', 'P1', 'cinp_cin_plan_id')] });
  });

  const silences: readonly [string, Case, TableName, string, string?][] = [
    [
      'an assessment without factors although a row has them',
      { payloads: [payloadOf({}, { child_and_family_assessments: [without(assessment, 'factors')] })] },
      'ssd_assessment_factors',
      'F1',
    ],
    [
      'a placement that is not sent',
      {
        payloads: [payloadOf({ social_care_episodes: [without(episode, 'child_looked_after_placements')] })],
      },
      'ssd_cla_placement',
      'PL1',
    ],
    [
      'a worker that is not sent',
      { payloads: [payloadOf({ social_care_episodes: [without(episode, 'care_worker_details')] })] },
      'ssd_involvements',
      'I1',
    ],
    [
      'a plan whose end cannot be read',
      {
        rows: withRow('ssd_cin_plans', {
          cinp_cin_plan_id: 'P2',
          cinp_person_id: 'A',
          cinp_referral_id: 'R1',
          cinp_cin_plan_start_date: '2024-01-01',
          cinp_cin_plan_end_date: 'soon',
        }),
      },
      'ssd_cin_plans',
      'P2',
    ],
    [
      'a plan that ends before it starts',
      {
        rows: withRow('ssd_cp_plans', {
          cppl_cp_plan_id: 'CP2',
          cppl_person_id: 'A',
          cppl_referral_id: 'R1',
          cppl_cp_plan_start_date: '2025-01-01',
          cppl_cp_plan_end_date: '2024-12-01',
        }),
      },
      'ssd_cp_plans',
      'CP2',
    ],
    [
      'a row that belongs to nobody',
      { rows: withRow('ssd_sdq_scores', { csdq_table_id: 'Q2', csdq_person_id: 'X', csdq_sdq_score: 3 }) },
      'ssd_sdq_scores',
      'Q2',
    ],
    [
      'a second row of the person that says something else',
      { rows: withRow('ssd_person', { ...rowsOfA.ssd_person[0], pers_surname: 'Other' }) },
      'ssd_person',
      'A',
    ],
    [
      'a care episode that names a placement the SSD does not have',
      {
        rows: withRow('ssd_cla_episodes', {
          clae_cla_episode_id: 'E2',
          clae_person_id: 'A',
          clae_cla_id: 'C1',
          clae_cla_placement_id: 'PL9',
          clae_referral_id: 'R1',
          clae_cla_episode_start_date: '2024-12-01',
          clae_cla_episode_start_reason: 'S',
          clae_cla_episode_ceased_date: '2025-01-01',
        }),
      },
      'ssd_cla_episodes',
      'E2',
    ],
    [
      'a code that no list knows',
      {
        rows: withCell('ssd_person', 'pers_ethnicity', 'ORAB'),
        payloads: [payloadOf({ child_details: without(details, 'ethnicity') })],
      },
      'ssd_person',
      'A',
      'pers_ethnicity',
    ],
    [
      'an authorisation on the sentinel day',
      {
        rows: withCell('ssd_cin_assessments', 'cina_assessment_auth_date', '1900-01-01'),
        payloads: [
          payloadOf({}, { child_and_family_assessments: [without(assessment, 'authorisation_date')] }),
        ],
      },
      'ssd_cin_assessments',
      'AS1',
      'cina_assessment_auth_date',
    ],
    ['a child of the cohort that is not sent', { payloads: [] }, 'ssd_person', 'A'],
    [
      'a birth that cannot be read',
      { rows: withCell('ssd_person', 'pers_dob', '1900-01-01'), payloads: [] },
      'ssd_person',
      'A',
    ],
  ];
  for (const [name, given, table, rowId, column] of silences) {
    test(`reports that nothing was sent or found about ${name}, until a finding names it`, () => {
      findsSilence(given, table, rowId, column);
      const named = audited({ ...given, findings: [finding(table, rowId, column ?? 'any')] });
      assert.ok(
        !named.unexplained.some((entry) => entry.table === table && entry.rowId === rowId),
        printed(named),
      );
    });
  }

  test('accepts an end that is not after a start in a day that means no date', () => {
    const payloads = [payloadOf({}, { section_47_assessments: [without(enquiry, 'start_date')] })];
    const findings = [finding('ssd_s47_enquiry', 'S1', 's47e_s47_start_date')];
    isClean({ rows: withCell('ssd_s47_enquiry', 's47e_s47_start_date', '2999-12-31'), payloads, findings });
  });

  test('accepts a former UPN that is not sent only while another has a day that cannot be read', () => {
    const former = (id: string, upn: string, from: Row[string]): Row => ({
      link_table_id: id,
      link_person_id: 'A',
      link_identifier_type: 'Former Unique Pupil Number',
      link_identifier_value: upn,
      link_valid_from_date: from,
    });
    const rowsWith = (from: Row[string]): Rows => ({
      ...rowsOfA,
      ssd_linked_identifiers: [
        former('L1', 'B123456789012', '2020-01-01'),
        former('L2', 'C123456789012', from),
      ],
    });
    const payloads = [payloadOf({ child_details: without(details, 'former_unique_pupil_number') })];
    const findings = [finding('ssd_linked_identifiers', 'L2', 'link_valid_from_date')];
    isClean({ rows: rowsWith('soon'), payloads, findings });
    findsSilence({ rows: rowsWith('2019-01-01'), payloads, findings }, 'ssd_linked_identifiers', 'L1');
  });
});

describe('The auditor counts', () => {
  const earlier: Rows = withRow('ssd_address', {
    addr_table_id: 'AD0',
    addr_person_id: 'A',
    addr_address_postcode: 'ZZ1 1ZZ',
    addr_address_start_date: '2010-01-01',
    addr_address_end_date: '2020-01-01',
  });
  const report: OutOfScope = {
    ssd_address: { notChosen: 1 },
    ssd_cla_episodes: { context: 1 },
    ssd_professionals: { context: 1 },
  };

  test('the rows out of scope by the rules of the cohort report', () => {
    isClean({ rows: earlier, outOfScope: report });
  });

  test('and lists where the report counts something else', () => {
    const { countDifferences } = audited({
      rows: earlier,
      outOfScope: { ...report, ssd_address: { outsideWindow: 1 } },
    });
    assert.deepEqual(countDifferences, [
      { table: 'ssd_address', rule: 'outsideWindow', least: 0, most: 0, reported: 1 },
      { table: 'ssd_address', rule: 'notChosen', least: 1, most: 1, reported: 0 },
    ]);
  });
});

describe('On a second run the auditor', () => {
  const unreadable = withCell('ssd_cin_plans', 'cinp_cin_plan_end_date', 'soon');
  const findings = [finding('ssd_cin_plans', 'P1', 'cinp_cin_plan_end_date')];

  test('accepts what DfE had acknowledged in place of what can no longer be read', () => {
    isClean({ rows: unreadable, findings, acknowledged: [payloadOf()] });
    findsFalsity({ rows: unreadable, findings }, /P1\]\.end_date/);
  });

  test('still requires a finding about it', () => {
    findsSilence(
      { rows: unreadable, acknowledged: [payloadOf()] },
      'ssd_cin_plans',
      'P1',
      'cinp_cin_plan_end_date',
    );
  });
});
