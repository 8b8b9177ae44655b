import type { BuildRules } from './buildRules.js';
import type { PlainDate } from './dates.js';
import { classOf } from './findings.js';
import { factorsIn, outcomeFlagIn } from './jsonColumns.js';
import { normalised } from './localValues.js';
import { limits, type Episode } from './payload.js';
import type { Source, ValueReader } from './values.js';
import { isWithin, overlaps, type Window } from './window.js';
import type { SsdRow } from '../ssd/tables.js';

export type Assessment = NonNullable<Episode['child_and_family_assessments']>[number];
export type CinPlan = NonNullable<Episode['child_in_need_plans']>[number];
export type Section47 = NonNullable<Episode['section_47_assessments']>[number];
export type CpPlan = NonNullable<Episode['child_protection_plans']>[number];

/** An assessment started or authorised in the window (attributes 22 to 25). */
export function assessmentOf(
  row: SsdRow<'ssd_cin_assessments'>,
  factorRows: readonly SsdRow<'ssd_assessment_factors'>[],
  { window }: BuildRules,
  values: ValueReader,
): Assessment | undefined {
  const { cina_assessment_start_date: start, cina_assessment_auth_date: authorised } = row;
  const source: Source = { table: 'ssd_cin_assessments', rowId: row.cina_assessment_id };
  if (start === null && authorised === null) {
    return values.leaveOut('date-missing', source, 'cina_assessment_start_date', classOf(null));
  }
  if (!isWithin(window, start) && !isWithin(window, authorised)) return undefined;
  const id = values.itemId(row.cina_assessment_id, source, 'cina_assessment_id');
  if (id === undefined) return undefined;
  return {
    child_and_family_assessment_id: id,
    start_date: start ?? undefined,
    authorisation_date: authorised ?? undefined,
    factors: factorsOf(factorRows, values),
    purge: false,
  };
}

/**
 * The distinct factors of all rows of one assessment. An empty list says that there are none, so it is sent only where
 * the source says nothing else: factors that cannot be sent are left out, and DfE keeps what it has.
 */
function factorsOf(
  rows: readonly SsdRow<'ssd_assessment_factors'>[],
  values: ValueReader,
): string[] | undefined {
  const codes = new Set<string>();
  let isComplete = true;
  for (const row of rows) {
    const source: Source = { table: 'ssd_assessment_factors', rowId: row.cinf_table_id };
    const found = factorsIn(row.cinf_assessment_factors_json);
    if (found === undefined) {
      const text = row.cinf_assessment_factors_json;
      values.leaveOut('factors-unreadable', source, 'cinf_assessment_factors_json', classOf(text));
    }
    const sendable = values.codes('assessmentFactor', found ?? [], source, 'cinf_assessment_factors_json');
    if (found === undefined || (found.length > 0 && sendable.length === 0)) isComplete = false;
    for (const code of sendable) codes.add(code);
  }
  if (codes.size > limits.factors) {
    const source: Source = { table: 'ssd_assessment_factors', rowId: rows[0]?.cinf_table_id ?? null };
    return values.leaveOut(
      'factors-too-many',
      source,
      'cinf_assessment_factors_json',
      `${String(codes.size)} codes`,
    );
  }
  return codes.size > 0 || isComplete ? [...codes].sort() : undefined;
}

/** A child in need plan that overlaps the window (attributes 26 to 28). */
export function cinPlanOf(
  row: SsdRow<'ssd_cin_plans'>,
  { window }: BuildRules,
  values: ValueReader,
): CinPlan | undefined {
  const { cinp_cin_plan_start_date: start, cinp_cin_plan_end_date: end } = row;
  const source: Source = { table: 'ssd_cin_plans', rowId: row.cinp_cin_plan_id };
  if (start === null)
    return values.leaveOut('date-missing', source, 'cinp_cin_plan_start_date', classOf(null));
  if (!overlaps(window, start, end))
    return reportContradiction(start, end, window, source, 'cinp_cin_plan_end_date', values);
  const id = values.itemId(row.cinp_cin_plan_id, source, 'cinp_cin_plan_id');
  if (id === undefined) return undefined;
  return {
    child_in_need_plan_id: id,
    start_date: start,
    end_date: end ?? undefined,
    purge: false,
  };
}

/**
 * A section 47 enquiry that overlaps the window, or whose latest initial child protection conference (ICPC) lies in
 * it (attributes 29 to 33).
 */
export function section47Of(
  row: SsdRow<'ssd_s47_enquiry'>,
  conferences: readonly SsdRow<'ssd_initial_cp_conference'>[],
  rules: BuildRules,
  values: ValueReader,
): Section47 | undefined {
  const { window } = rules;
  const { s47e_s47_start_date: start, s47e_s47_end_date: end } = row;
  const source: Source = { table: 'ssd_s47_enquiry', rowId: row.s47e_s47_enquiry_id };
  const conference = conferences
    .map(({ icpc_icpc_date }) => icpc_icpc_date)
    .filter((date) => date !== null)
    .sort()
    .at(-1);
  if (!overlaps(window, start, end) && !isWithin(window, conference ?? null)) {
    if (start === null) values.leaveOut('date-missing', source, 's47e_s47_start_date', classOf(null));
    return reportContradiction(start, end, window, source, 's47e_s47_end_date', values);
  }
  const id = values.itemId(row.s47e_s47_enquiry_id, source, 's47e_s47_enquiry_id');
  if (id === undefined) return undefined;
  return {
    section_47_assessment_id: id,
    start_date: start ?? undefined,
    icpc_required_flag: conferenceFlagOf(row, rules, source, values),
    icpc_date: conference,
    end_date: end ?? undefined,
    purge: false,
  };
}

function conferenceFlagOf(
  row: SsdRow<'ssd_s47_enquiry'>,
  { conferenceFlagKeys, conferenceOutcomes }: BuildRules,
  source: Source,
  values: ValueReader,
): boolean | undefined {
  const text = row.s47e_s47_outcome_json;
  const flag = outcomeFlagIn(text, conferenceFlagKeys);
  if (flag !== undefined) return values.flag(flag, source, 's47e_s47_outcome_json');
  if (text !== null && conferenceOutcomes.size > 0 && !text.trim().startsWith('{')) {
    // A list of all outcomes: one that does not name a conference says that there is none.
    return text.split(',').some((outcome) => conferenceOutcomes.has(normalised(outcome)));
  }
  return values.leaveOut('outcome-unreadable', source, 's47e_s47_outcome_json', classOf(text));
}

/** A child protection plan that overlaps the window (attributes 34 to 36). */
export function cpPlanOf(
  row: SsdRow<'ssd_cp_plans'>,
  { window }: BuildRules,
  values: ValueReader,
): CpPlan | undefined {
  const { cppl_cp_plan_start_date: start, cppl_cp_plan_end_date: end } = row;
  const source: Source = { table: 'ssd_cp_plans', rowId: row.cppl_cp_plan_id };
  if (start === null)
    return values.leaveOut('date-missing', source, 'cppl_cp_plan_start_date', classOf(null));
  if (!overlaps(window, start, end))
    return reportContradiction(start, end, window, source, 'cppl_cp_plan_end_date', values);
  const id = values.itemId(row.cppl_cp_plan_id, source, 'cppl_cp_plan_id');
  if (id === undefined) return undefined;
  return {
    child_protection_plan_id: id,
    start_date: start,
    end_date: end ?? undefined,
    purge: false,
  };
}

/** What would fall into the window but for an end before its start is left out, and said to be. */
function reportContradiction(
  start: PlainDate | null,
  end: PlainDate | null,
  window: Window,
  source: Source,
  column: string,
  values: ValueReader,
): undefined {
  const contradicts = start !== null && end !== null && end < start && overlaps(window, start, null);
  return contradicts
    ? values.leaveOut('dates-contradict', source, column, 'a date before the start')
    : undefined;
}
