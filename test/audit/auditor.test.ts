import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit, printed, type Audit } from './auditor.js';
import type { AuditFinding, AuditInput, Cms, OutOfScope, Row } from './input.js';
import { columnsOf } from './loadAudited.js';
import { tableNames, type TableName } from '../../infra/syntheticSsd/columns.js';

type Rows = Partial<Record<TableName, readonly Row[]>>;
type Payload = Record<string, unknown>;

const today = '2026-06-15';

/** An SSD with every published column, but those of `without` (a table, or a table with a column). */
function ssdOfRows(rows: Rows, cms: Cms = 'systemc', without: readonly string[] = []): AuditInput['ssd'] {
  const present = tableNames.filter((table) => !without.includes(table));
  return {
    cms,
    tables: new Map(
      present.map((table) => {
        const columns = columnsOf(table, cms)
          .map(({ name }) => name)
          .filter((name) => !without.includes(`${table}.${name}`));
        return [table, { columns: new Set(columns), rows: rows[table] ?? [] }];
      }),
    ),
  };
}

/** Child A, for which everything is sent that the payload has a place for. */
const rowsOfA = {
  ssd_person: [
    {
      pers_person_id: 'A',
      pers_legacy_id: 'LA',
      pers_upn: 'A123456789012',
      pers_forename: 'Ann',
      pers_surname: 'Test',
      pers_sex: 'F',
      pers_ethnicity: 'WBRI',
      pers_dob: '2008-05-05',
    },
  ],
  ssd_address: [
    {
      addr_table_id: 'AD1',
      addr_person_id: 'A',
      addr_address_postcode: 'ab1 2cd',
      addr_address_start_date: '2020-01-01',
    },
  ],
  ssd_disability: [{ disa_table_id: 'D1', disa_person_id: 'A', disa_disability_code: 'MOB' }],
  ssd_immigration_status: [
    {
      immi_immigration_status_id: 'IM1',
      immi_person_id: 'A',
      immi_immigration_status: 'UASC',
      immi_immigration_status_start_date: '2024-01-01',
      immi_immigration_status_end_date: '2026-01-01',
    },
  ],
  ssd_linked_identifiers: [
    {
      link_table_id: 'L1',
      link_person_id: 'A',
      link_identifier_type: 'Former Unique Pupil Number',
      link_identifier_value: 'B123456789012',
      link_valid_from_date: '2020-01-01',
    },
  ],
  ssd_sdq_scores: [
    { csdq_table_id: 'Q1', csdq_person_id: 'A', csdq_sdq_completed_date: '2025-02-02', csdq_sdq_score: 12 },
  ],
  ssd_cin_episodes: [
    {
      cine_referral_id: 'R1',
      cine_person_id: 'A',
      cine_referral_date: '2024-05-01',
      cine_referral_source_desc: '1A Individual',
      cine_referral_nfa: 'N',
    },
  ],
  ssd_cin_assessments: [
    {
      cina_assessment_id: 'AS1',
      cina_person_id: 'A',
      cina_referral_id: 'R1',
      cina_assessment_start_date: '2024-05-02',
      cina_assessment_auth_date: '2024-06-01',
    },
  ],
  ssd_assessment_factors: [
    { cinf_table_id: 'F1', cinf_assessment_id: 'AS1', cinf_assessment_factors_json: '["1A","2B",null]' },
  ],
  ssd_cin_plans: [
    {
      cinp_cin_plan_id: 'P1',
      cinp_person_id: 'A',
      cinp_referral_id: 'R1',
      cinp_cin_plan_start_date: '2024-06-01',
    },
  ],
  ssd_s47_enquiry: [
    {
      s47e_s47_enquiry_id: 'S1',
      s47e_person_id: 'A',
      s47e_referral_id: 'R1',
      s47e_s47_start_date: '2024-07-01',
      s47e_s47_end_date: '2024-07-10',
      s47e_s47_outcome_json: '{"CP_CONFERENCE_FLAG":"Y"}',
    },
  ],
  ssd_initial_cp_conference: [
    {
      icpc_icpc_id: 'IC1',
      icpc_person_id: 'A',
      icpc_s47_enquiry_id: 'S1',
      icpc_referral_id: 'R1',
      icpc_icpc_date: '2024-07-20',
    },
  ],
  ssd_cp_plans: [
    {
      cppl_cp_plan_id: 'CP1',
      cppl_person_id: 'A',
      cppl_referral_id: 'R1',
      cppl_cp_plan_start_date: '2024-07-20',
      cppl_cp_plan_end_date: '2025-01-20',
    },
  ],
  ssd_cla_episodes: [
    {
      clae_cla_episode_id: 'E1',
      clae_person_id: 'A',
      clae_cla_id: 'C1',
      clae_cla_placement_id: 'PL1',
      clae_referral_id: 'R1',
      clae_cla_episode_start_date: '2025-01-01',
      clae_cla_episode_start_reason: 'S',
    },
  ],
  ssd_cla_placement: [
    {
      clap_cla_placement_id: 'PL1',
      clap_cla_id: 'C1',
      clap_person_id: 'A',
      clap_cla_placement_start_date: '2025-01-01',
      clap_cla_placement_type: 'U4',
      clap_cla_placement_postcode: 'AB3 4EF',
    },
  ],
  ssd_permanence: [
    { perm_table_id: 'PE1', perm_person_id: 'LA', perm_cla_id: 'C1', perm_adm_decision_date: '2025-06-01' },
  ],
  ssd_care_leavers: [
    {
      clea_table_id: 'CL1',
      clea_person_id: 'A',
      clea_care_leaver_latest_contact: '2026-01-01',
      clea_care_leaver_activity: 'F1',
      clea_care_leaver_accommodation: 'B1',
    },
  ],
  ssd_involvements: [
    {
      invo_involvements_id: 'I1',
      invo_professional_id: 'W1',
      invo_professional_role_id: 'CW',
      invo_person_id: 'A',
      invo_referral_id: 'R1',
      invo_involvement_start_date: '2024-05-01',
    },
  ],
  ssd_professionals: [{ prof_professional_id: 'W1', prof_social_worker_registration_no: 'SW1' }],
} satisfies Rows;

const assessment = {
  child_and_family_assessment_id: 'AS1',
  start_date: '2024-05-02',
  authorisation_date: '2024-06-01',
  factors: ['1A', '2B'],
  purge: false,
};
const plan = { child_in_need_plan_id: 'P1', start_date: '2024-06-01', purge: false };
const enquiry = {
  section_47_assessment_id: 'S1',
  start_date: '2024-07-01',
  icpc_required_flag: true,
  icpc_date: '2024-07-20',
  end_date: '2024-07-10',
  purge: false,
};
const protection = {
  child_protection_plan_id: 'CP1',
  start_date: '2024-07-20',
  end_date: '2025-01-20',
  purge: false,
};
const placement = {
  child_looked_after_placement_id: 'PL1',
  start_date: '2025-01-01',
  start_reason: 'S',
  postcode: 'AB3 4EF',
  placement_type: 'U4',
  purge: false,
};
const episode = {
  social_care_episode_id: 'R1',
  referral_date: '2024-05-01',
  referral_source: '1A',
  referral_no_further_action_flag: false,
  purge: false,
  care_worker_details: [{ worker_id: 'SW1', start_date: '2024-05-01' }],
  child_and_family_assessments: [assessment],
  child_in_need_plans: [plan],
  section_47_assessments: [enquiry],
  child_protection_plans: [protection],
  child_looked_after_placements: [placement],
  adoption: { initial_decision_date: '2025-06-01', purge: false },
  care_leavers: { contact_date: '2026-01-01', activity: 'F1', accommodation: 'B', purge: false },
};
const details = {
  unique_pupil_number: 'A123456789012',
  former_unique_pupil_number: 'B123456789012',
  first_name: 'Ann',
  surname: 'Test',
  date_of_birth: '2008-05-05',
  sex: 'F',
  ethnicity: 'WBRI',
  disabilities: ['MOB'],
  postcode: 'AB1 2CD',
  uasc_flag: true,
  uasc_end_date: '2026-01-01',
  purge: false,
};

function payloadOf(changes: Payload = {}, inEpisode: Payload = {}, inDetails: Payload = {}): Payload {
  return {
    la_child_id: 'A',
    mis_child_id: 'LA',
    purge: false,
    child_details: { ...details, ...inDetails },
    health_and_wellbeing: { sdq_assessments: [{ date: '2025-02-02', score: 12 }], purge: false },
    social_care_episodes: [{ ...episode, ...inEpisode }],
    ...changes,
  };
}

function without(payload: Payload, ...keys: readonly string[]): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([key]) => !keys.includes(key)));
}

/** Rows of A with one cell of the first row of a table changed. */
function withCell(table: keyof typeof rowsOfA, column: string, cell: Row[string]): Rows {
  const [first, ...others] = rowsOfA[table];
  return { ...rowsOfA, [table]: [{ ...first, [column]: cell }, ...others] };
}

/** Rows of A and one row more. */
function withRow(table: keyof typeof rowsOfA, row: Row): Rows {
  return { ...rowsOfA, [table]: [...rowsOfA[table], row] };
}

interface Case {
  readonly rows?: Rows;
  readonly cms?: Cms;
  readonly without?: readonly string[];
  readonly payloads?: readonly unknown[];
  readonly findings?: readonly AuditFinding[];
  readonly acknowledged?: readonly unknown[];
  readonly outOfScope?: OutOfScope;
}

function audited(given: Case): Audit {
  return audit({
    ssd: ssdOfRows(given.rows ?? rowsOfA, given.cms, given.without),
    today,
    payloads: given.payloads ?? [payloadOf()],
    findings: given.findings ?? [],
    ...(given.acknowledged === undefined ? {} : { acknowledged: given.acknowledged }),
    ...(given.outOfScope === undefined ? {} : { outOfScope: given.outOfScope }),
  });
}

function finding(table: string, rowId: string | null, column: string): AuditFinding {
  return { rule: 'a-rule', table, rowId, column, found: 'something' };
}

function isClean(given: Case): void {
  const result = audited(given);
  assert.ok(
    result.unexplained.length + result.falsities.length + result.countDifferences.length === 0,
    printed(result),
  );
}

/** The auditor finds that nothing says what became of the row (or of its column). */
function findsSilence(given: Case, table: TableName, rowId: string, column?: string): void {
  const result = audited(given);
  const found = result.unexplained.some(
    (entry) => entry.table === table && entry.rowId === rowId && entry.column === column,
  );
  assert.ok(found, `no silence of ${table} ${rowId} ${column ?? ''}\n${printed(result)}`);
}

function findsFalsity(given: Case, at: RegExp): void {
  const result = audited(given);
  assert.ok(
    result.falsities.some((falsity) => at.test(`${falsity.at}: ${falsity.what}`)),
    `no falsity ${String(at)}\n${printed(result)}`,
  );
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
    test(`finds the silence about ${name}, and none once a finding names it`, () => {
      findsSilence(given, table, rowId, column);
      const named = audited({ ...given, findings: [finding(table, rowId, column ?? 'any')] });
      assert.ok(
        !named.unexplained.some((entry) => entry.table === table && entry.rowId === rowId),
        printed(named),
      );
    });
  }

  const openPlacement = (end: Row[string]) =>
    withCell('ssd_cla_placement', 'clap_cla_placement_end_date', end);
  const otherChild: Rows = {
    ...rowsOfA,
    ssd_person: [...rowsOfA.ssd_person, { pers_person_id: 'B', pers_dob: '2001-01-01' }],
  };
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

  const falsities: readonly [string, Case, RegExp][] = [
    [
      'a name from nowhere',
      { payloads: [payloadOf({}, {}, { surname: 'Smith' })] },
      /child_details\.surname/,
    ],
    [
      'an item from nowhere',
      {
        payloads: [payloadOf({}, { child_in_need_plans: [plan, { ...plan, child_in_need_plan_id: 'P9' }] })],
      },
      /P9.*no row/,
    ],
    [
      'a date that is not the row’s',
      { payloads: [payloadOf({}, { child_in_need_plans: [{ ...plan, start_date: '2024-06-02' }] })] },
      /P1\]\.start_date/,
    ],
    [
      'a placement of another child',
      {
        rows: {
          ...otherChild,
          ssd_cla_placement: [{ ...rowsOfA.ssd_cla_placement[0], clap_person_id: 'B' }],
        },
      },
      /PL1\].*two/,
    ],
    [
      'an adoption by a legacy id',
      { rows: withCell('ssd_permanence', 'perm_cla_id', 'C9') },
      /adoption: no permanence row/,
    ],
    [
      'an open end where the end cannot be read',
      { rows: openPlacement('31/05/2026') },
      /PL1\]\.end_date.*open/,
    ],
    [
      'an open end where the end is a sentinel',
      { rows: openPlacement('1900-01-01') },
      /PL1\]\.end_date.*open/,
    ],
    [
      'an open end where the end is a day that means no date',
      { rows: openPlacement('2999-12-31') },
      /PL1\]\.end_date.*open/,
    ],
    [
      'an end in a day that means no date',
      {
        rows: openPlacement('2999-12-31'),
        payloads: [
          payloadOf({}, { child_looked_after_placements: [{ ...placement, end_date: '2999-12-31' }] }),
        ],
      },
      /PL1\]\.end_date.*comes from nowhere/,
    ],
    [
      'an open end where the end is before the start',
      { rows: openPlacement('2024-12-31') },
      /PL1\]\.end_date.*before the start/,
    ],
    [
      'an open end where the SSD has no such column',
      { without: ['ssd_cla_placement.clap_cla_placement_end_date'] },
      /PL1\]\.end_date.*open/,
    ],
    [
      'no factors where they cannot be read',
      {
        rows: withCell('ssd_assessment_factors', 'cinf_assessment_factors_json', '[{"code":"1A"}]'),
        payloads: [payloadOf({}, { child_and_family_assessments: [{ ...assessment, factors: [] }] })],
      },
      /factors: \[\]/,
    ],
    [
      'no factors where the factor rows join nothing',
      {
        rows: withCell('ssd_assessment_factors', 'cinf_assessment_id', 'AS9'),
        payloads: [payloadOf({}, { child_and_family_assessments: [{ ...assessment, factors: [] }] })],
      },
      /factors: \[\]/,
    ],
    [
      'no disability where the code cannot be read',
      {
        rows: withCell('ssd_disability', 'disa_disability_code', '??'),
        payloads: [payloadOf({}, {}, { disabilities: ['NONE'] })],
      },
      /disabilities: NONE/,
    ],
    [
      'no disability where the SSD has no such table',
      {
        rows: { ...rowsOfA, ssd_disability: [] },
        without: ['ssd_disability'],
        payloads: [payloadOf({}, {}, { disabilities: ['NONE'] })],
      },
      /disabilities: NONE/,
    ],
    [
      'NONE next to another code',
      { payloads: [payloadOf({}, {}, { disabilities: ['MOB', 'NONE'] })] },
      /NONE/,
    ],
    [
      'that a child is not UASC where the end of the status cannot be read',
      {
        rows: withCell('ssd_immigration_status', 'immi_immigration_status_end_date', 'soon'),
        payloads: [payloadOf({ child_details: { ...without(details, 'uasc_end_date'), uasc_flag: false } })],
      },
      /uasc_flag: false/,
    ],
    [
      'no conference where the outcome cannot be read',
      {
        rows: withCell('ssd_s47_enquiry', 's47e_s47_outcome_json', 'ICPC'),
        payloads: [payloadOf({}, { section_47_assessments: [{ ...enquiry, icpc_required_flag: false }] })],
      },
      /icpc_required_flag/,
    ],
    [
      'a guessed code',
      { rows: withCell('ssd_care_leavers', 'clea_care_leaver_accommodation', 'B & B') },
      /accommodation.*guessed/,
    ],
    [
      'a referral source from SystemC’s internal numbers',
      {
        rows: {
          ...rowsOfA,
          ssd_cin_episodes: [
            {
              ...rowsOfA.ssd_cin_episodes[0],
              cine_referral_source_code: '4',
              cine_referral_source_desc: 'Police',
            },
          ],
        },
        payloads: [payloadOf({}, { referral_source: '4' })],
      },
      /referral_source/,
    ],
    [
      'a sentinel date',
      {
        rows: withCell('ssd_cin_plans', 'cinp_cin_plan_start_date', '1900-01-01'),
        payloads: [payloadOf({}, { child_in_need_plans: [{ ...plan, start_date: '1900-01-01' }] })],
      },
      /start_date/,
    ],
    [
      'an item listed twice',
      { payloads: [payloadOf({}, { child_in_need_plans: [plan, plan] })] },
      /listed twice/,
    ],
    ['a child sent twice', { payloads: [payloadOf(), payloadOf()] }, /sent twice/],
    [
      'a child that is not in the SSD',
      { payloads: [payloadOf(), payloadOf({ la_child_id: 'Z' })] },
      /no person/,
    ],
    [
      'a child that is not in the cohort',
      {
        rows: withCell('ssd_person', 'pers_dob', '1990-01-01'),
        payloads: [payloadOf({}, {}, { date_of_birth: '1990-01-01' })],
      },
      /not in the cohort/,
    ],
    [
      'a finding about a row that is not there',
      { findings: [finding('ssd_cla_placement', 'PL1-20250101', 'clap_cla_placement_type')] },
      /PL1-20250101.*not in the SSD/,
    ],
    [
      'a finding about no row',
      { findings: [finding('ssd_disability', null, 'disa_disability_code')] },
      /names no row/,
    ],
    [
      'a purge of an item whose row cannot be read',
      {
        rows: withCell('ssd_cin_plans', 'cinp_cin_plan_end_date', 'soon'),
        payloads: [payloadOf({}, { child_in_need_plans: [{ child_in_need_plan_id: 'P1', purge: true }] })],
        findings: [finding('ssd_cin_plans', 'P1', 'cinp_cin_plan_end_date')],
      },
      /P1\].*purged/,
    ],
    [
      'the removal of a child whose birth cannot be read',
      {
        rows: withCell('ssd_person', 'pers_dob', 'soon'),
        payloads: [{ la_child_id: 'A', mis_child_id: 'LA', purge: true }],
      },
      /purge: removed/,
    ],
  ];
  for (const [name, given, at] of falsities) {
    test(`finds that a payload or finding says ${name}`, () => findsFalsity(given, at));
  }
});

describe('The auditor finds a row’s child', () => {
  test('by the period of care where the person id is missing', () => {
    isClean({ rows: withCell('ssd_cla_placement', 'clap_person_id', null) });
  });

  test('by the person id where ids are numbered per child', () => {
    const rows: Rows = {
      ...rowsOfA,
      ssd_person: [...rowsOfA.ssd_person, { pers_person_id: 'B', pers_dob: '1990-01-01' }],
      ssd_cla_episodes: [
        ...rowsOfA.ssd_cla_episodes,
        { clae_cla_episode_id: 'E9', clae_person_id: 'B', clae_cla_id: 'C1' },
      ],
      // SystemC has no other way to the child of an adoption, and this one leads to two.
      ssd_permanence: [],
    };
    isClean({ rows, payloads: [payloadOf({ social_care_episodes: [without(episode, 'adoption')] })] });
  });

  test('without the blanks behind an id', () => {
    isClean({ rows: withCell('ssd_assessment_factors', 'cinf_assessment_id', 'AS1  ') });
  });

  test('of Mosaic’s factors with the person id in front', () => {
    const rows: Rows = {
      ssd_person: [{ ...rowsOfA.ssd_person[0], pers_sex: 'Female' }],
      ssd_cin_episodes: [{ ...rowsOfA.ssd_cin_episodes[0], cine_referral_source_code: '1A' }],
      ssd_cin_assessments: [{ ...rowsOfA.ssd_cin_assessments[0], cina_assessment_id: 'A77' }],
      ssd_assessment_factors: [{ ...rowsOfA.ssd_assessment_factors[0], cinf_assessment_id: '77' }],
    };
    const sent = {
      ...without(
        episode,
        'care_worker_details',
        'child_in_need_plans',
        'section_47_assessments',
        'child_protection_plans',
        'child_looked_after_placements',
        'adoption',
        'care_leavers',
      ),
      child_and_family_assessments: [{ ...assessment, child_and_family_assessment_id: 'A77' }],
    };
    const child = {
      ...without(payloadOf(), 'health_and_wellbeing'),
      child_details: {
        ...without(details, 'former_unique_pupil_number', 'postcode', 'uasc_end_date'),
        disabilities: ['NONE'],
        uasc_flag: false,
      },
      social_care_episodes: [sent],
    };
    isClean({ rows, cms: 'mosaic', payloads: [child] });
  });

  test('of Eclipse’s enquiries by person and day', () => {
    const rows: Rows = {
      ssd_person: rowsOfA.ssd_person,
      ssd_cin_episodes: [
        { ...rowsOfA.ssd_cin_episodes[0], cine_referral_source_code: '1A' },
        {
          cine_referral_id: 'R2',
          cine_person_id: 'A',
          cine_referral_date: '2025-05-01',
          cine_referral_source_code: '1A',
        },
      ],
      ssd_s47_enquiry: [
        {
          ...rowsOfA.ssd_s47_enquiry[0],
          s47e_referral_id: '44001',
          s47e_s47_outcome_json: '{"OUTCOME_CP_CONFERENCE_FLAG":"Y"}',
        },
      ],
    };
    const bare = {
      social_care_episode_id: 'R1',
      referral_date: '2024-05-01',
      referral_source: '1A',
      referral_no_further_action_flag: false,
      purge: false,
    };
    const later = {
      social_care_episode_id: 'R2',
      referral_date: '2025-05-01',
      referral_source: '1A',
      purge: false,
    };
    const enquired = [without(enquiry, 'icpc_date')];
    const child = (episodes: readonly Payload[]) => ({
      ...without(payloadOf(), 'health_and_wellbeing'),
      child_details: {
        ...without(details, 'former_unique_pupil_number', 'postcode', 'uasc_end_date'),
        disabilities: ['NONE'],
        uasc_flag: false,
      },
      social_care_episodes: episodes,
    });
    isClean({
      rows,
      cms: 'eclipse',
      payloads: [child([{ ...bare, section_47_assessments: enquired }, later])],
    });
    findsFalsity(
      { rows, cms: 'eclipse', payloads: [child([bare, { ...later, section_47_assessments: enquired }])] },
      /S1\].*belongs under the episode R1/,
    );
    const [first] = rows.ssd_cin_episodes ?? [];
    const undated: Rows = {
      ...rows,
      ssd_cin_episodes: [
        { ...first },
        { cine_referral_id: 'R2', cine_person_id: 'A', cine_referral_date: '1900-01-01' },
      ],
    };
    findsFalsity(
      {
        rows: undated,
        cms: 'eclipse',
        payloads: [child([{ ...bare, section_47_assessments: enquired }])],
      },
      /S1\].*belongs under the episode of no key/,
    );
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

describe('On a second night the auditor', () => {
  const unreadable = withCell('ssd_cin_plans', 'cinp_cin_plan_end_date', 'soon');
  const findings = [finding('ssd_cin_plans', 'P1', 'cinp_cin_plan_end_date')];

  test('accepts what DfE had acknowledged in place of what cannot be read any more', () => {
    isClean({ rows: unreadable, findings, acknowledged: [payloadOf()] });
    findsFalsity({ rows: unreadable, findings }, /P1\]\.end_date/);
  });

  test('still wants a finding about it', () => {
    findsSilence(
      { rows: unreadable, acknowledged: [payloadOf()] },
      'ssd_cin_plans',
      'P1',
      'cinp_cin_plan_end_date',
    );
  });
});
