import { describe, test } from 'node:test';
import type { Row } from './input.js';
import {
  type Rows,
  rowsOfA,
  assessment,
  plan,
  enquiry,
  placement,
  details,
  payloadOf,
  without,
  withCell,
  type Case,
  finding,
  findsFalsity,
} from './auditedCase.js';

describe('The auditor', () => {
  const openPlacement = (end: Row[string]) =>
    withCell('ssd_cla_placement', 'clap_cla_placement_end_date', end);
  const otherChild: Rows = {
    ...rowsOfA,
    ssd_person: [...rowsOfA.ssd_person, { pers_person_id: 'B', pers_dob: '2001-01-01' }],
  };
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
    test(`reports a payload or finding that says ${name}`, () => findsFalsity(given, at));
  }
});
