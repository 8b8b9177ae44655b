import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable, type DateCell } from '../cells.js';
import {
  PartlyKnown,
  unknown,
  type Drafted,
  type ItemOf,
  type Maybe,
  type NestedList,
  type UnknownItems,
} from '../draft.js';
import { classOf } from '../findings.js';
import { overlapping, periodOf, within, type InTime, type PeriodColumns } from '../inTime.js';
import { factorsIn, outcomeIn } from '../values/jsonColumns.js';
import { normalised } from '../codes/localValues.js';
import { limits } from '../payload.js';
import { presentText, type Source, type ValueReader } from '../values/valueReader.js';
import type { SsdRow } from '../sourceRows.js';
import type { PlainDate } from '../dates.js';

export type Assessment = Drafted<ItemOf<'child_and_family_assessments'>>;
export type CinPlan = Drafted<ItemOf<'child_in_need_plans'>>;
export type Section47 = Drafted<ItemOf<'section_47_assessments'>>;
export type CpPlan = Drafted<ItemOf<'child_protection_plans'>>;

/** An item that lies in the window, one that is known not to, or one of which that, or what it says, cannot be told. */
export type ItemReading<Item> =
  { readonly is: 'in'; readonly item: Item } | { readonly is: 'out' } | { readonly is: 'unknown' };

const out = { is: 'out' } as const;

/** What the items of one child are built with, besides their rows. */
export interface Building {
  readonly rules: BuildRules;
  readonly values: ValueReader;
  /** Gathers the items of which it cannot be told whether, or with what, they are there. */
  readonly unknownItems: UnknownItems;
}

/** An assessment started or authorised in the window (attributes 22 to 25). */
export function assessmentOf(
  row: SsdRow<'ssd_cin_assessments'>,
  factorRows: readonly SsdRow<'ssd_assessment_factors'>[],
  { rules, values, unknownItems }: Building,
): ItemReading<Assessment> {
  const { cina_assessment_start_date: start, cina_assessment_auth_date: authorised } = row;
  const source = values.places.of('ssd_cin_assessments', row);
  const id = row.cina_assessment_id;
  const leftOut = (itsId: string | null) => {
    reportFactors(factorRows, values);
    return notTold('child_and_family_assessments', itsId, unknownItems);
  };
  const answers = [within(rules.window, start), within(rules.window, authorised)];
  if (start === null && authorised === null) {
    values.leaveOut('date-missing', source, 'cina_assessment_start_date', classOf(null));
    return leftOut(id);
  }
  if (!answers.includes('yes') && !answers.includes('unknown')) {
    if (start !== null && !isUnreadable(start) && start > rules.window.end) {
      values.leaveOut('date-in-future', source, 'cina_assessment_start_date', 'a date after tomorrow');
      reportFactors(factorRows, values);
    } else {
      values.outOfScope('ssd_cin_assessments', 'outsideWindow', row);
      values.outOfScope('ssd_assessment_factors', 'outsideWindow', ...factorRows);
    }
    return out;
  }
  const startDate = values.date(start, source, 'cina_assessment_start_date');
  const authorisation = values.date(authorised, source, 'cina_assessment_auth_date');
  if (!answers.includes('yes') || seemsOpen(authorised)) return leftOut(id);
  const sendable = values.itemId(id, source, 'cina_assessment_id');
  if (sendable === null) return leftOut(null);
  values.inScope(...factorRows);
  const item: Assessment = {
    child_and_family_assessment_id: sendable,
    start_date: startDate,
    authorisation_date: authorisation,
    factors: factorsOf(factorRows, readable(authorised) ?? readable(start), rules, values),
    purge: false,
  };
  return { is: 'in', item };
}

/**
 * Without an authorisation that is there and cannot be read, the assessment would say that it goes on. A placeholder
 * stands where none is recorded (extracts.md: ISNULL(…, '1900-01-01')).
 */
function seemsOpen(authorised: DateCell): boolean {
  return isUnreadable(authorised) && authorised.unreadable !== 'placeholder';
}

/** The factors of an assessment that is not sent go with it: each row is named. */
export function reportFactors(rows: readonly SsdRow<'ssd_assessment_factors'>[], values: ValueReader): void {
  for (const row of rows) {
    const source = values.places.of('ssd_assessment_factors', row);
    values.leaveOut('parent-left-out', source, 'cinf_assessment_id', 'an assessment that is not sent');
  }
}

/**
 * The distinct factors of all rows of one assessment. An empty list says that there are none, so it is sent only where
 * the source says nothing else. What cannot be read stays out, and the others stand beside what DfE holds.
 */
function factorsOf(
  rows: readonly SsdRow<'ssd_assessment_factors'>[],
  on: PlainDate | null,
  rules: BuildRules,
  values: ValueReader,
): Assessment['factors'] {
  if (rules.absentTables.has('ssd_assessment_factors')) return unknown;
  if (rows.length === 0) return rules.factorsMayBeMissing ? unknown : [];
  const column = 'cinf_assessment_factors_json';
  const codes = new Set<string>();
  let isComplete = true;
  for (const row of rows) {
    const source = values.places.of('ssd_assessment_factors', row);
    const cell = row.cinf_assessment_factors_json;
    const list = factorsIn(cell);
    if (list.is === 'unreadable') {
      isComplete = false;
      if (isUnreadable(cell)) values.unreadable(cell, source, column);
      else values.leaveOut('factors-unreadable', source, column, classOf(cell));
      continue;
    }
    for (const entry of list.entries) {
      const code = values.code('assessmentFactor', entry, on, source, column);
      if (typeof code === 'string') codes.add(code);
      else isComplete = false;
    }
  }
  if (codes.size > limits.factors) {
    const found = `${String(codes.size)} codes`;
    return values.leaveOut('factors-too-many', placeOfFirst(rows, values), column, found);
  }
  const known = [...codes].sort();
  if (isComplete) return known;
  return new PartlyKnown((held) => [...new Set([...held, ...known])].sort());
}

function placeOfFirst(rows: readonly SsdRow<'ssd_assessment_factors'>[], values: ValueReader): Source {
  const [first] = rows;
  return first === undefined
    ? { table: 'ssd_assessment_factors', rowId: null }
    : values.places.of('ssd_assessment_factors', first);
}

/** The id and the dates of an item that stretches over time. */
interface Stretch {
  readonly source: Source;
  readonly id: string | null;
  readonly from: DateCell;
  readonly to: DateCell;
}

/**
 * Where an item that stretches over time stands, and the id it is sent under. What keeps it back is named, and DfE keeps
 * what it has of it.
 */
export function stretchOf(
  list: NestedList,
  { source, id, from, to }: Stretch,
  columns: PeriodColumns & { readonly id: string },
  { rules, values, unknownItems }: Building,
): (InTime & { readonly id: string }) | { readonly is: 'out' } | { readonly is: 'unknown' } {
  const period = periodOf(rules.window, from, to, source, columns, values);
  if (period.is === 'out') return out;
  if (period.is === 'unknown') return notTold(list, id, unknownItems);
  const sendable = values.itemId(id, source, columns.id);
  return sendable === null ? notTold(list, null, unknownItems) : { ...period, id: sendable };
}

/** A child in need plan that overlaps the window (attributes 26 to 28). */
export function cinPlanOf(row: SsdRow<'ssd_cin_plans'>, building: Building): ItemReading<CinPlan> {
  const source = building.values.places.of('ssd_cin_plans', row);
  const found = stretchOf(
    'child_in_need_plans',
    { source, id: row.cinp_cin_plan_id, from: row.cinp_cin_plan_start_date, to: row.cinp_cin_plan_end_date },
    { id: 'cinp_cin_plan_id', start: 'cinp_cin_plan_start_date', end: 'cinp_cin_plan_end_date' },
    building,
  );
  if (found.is !== 'in') return found;
  const item: CinPlan = {
    child_in_need_plan_id: found.id,
    start_date: found.start,
    end_date: found.end,
    purge: false,
  };
  return { is: 'in', item };
}

/** A child protection plan that overlaps the window (attributes 34 to 36). */
export function cpPlanOf(row: SsdRow<'ssd_cp_plans'>, building: Building): ItemReading<CpPlan> {
  const source = building.values.places.of('ssd_cp_plans', row);
  const found = stretchOf(
    'child_protection_plans',
    { source, id: row.cppl_cp_plan_id, from: row.cppl_cp_plan_start_date, to: row.cppl_cp_plan_end_date },
    { id: 'cppl_cp_plan_id', start: 'cppl_cp_plan_start_date', end: 'cppl_cp_plan_end_date' },
    building,
  );
  if (found.is !== 'in') return found;
  const item: CpPlan = {
    child_protection_plan_id: found.id,
    start_date: found.start,
    end_date: found.end,
    purge: false,
  };
  return { is: 'in', item };
}

/** @param id null when the row may be any item of the list */
export function notTold(
  list: NestedList,
  id: string | null,
  unknownItems: UnknownItems,
): { readonly is: 'unknown' } {
  if (id === null || id === '') unknownItems.addAny(list);
  else unknownItems.add(list, id);
  return { is: 'unknown' };
}

/**
 * A section 47 enquiry that overlaps the window, or whose latest initial child protection conference (ICPC) lies in
 * it (attributes 29 to 33).
 * @param hasStrayConferences the child has conferences in the window of which it is not known to which enquiry they belong
 */
export function section47Of(
  row: SsdRow<'ssd_s47_enquiry'>,
  conferences: readonly SsdRow<'ssd_initial_cp_conference'>[],
  hasStrayConferences: boolean,
  { rules, values, unknownItems }: Building,
): ItemReading<Section47> {
  const source = values.places.of('ssd_s47_enquiry', row);
  const dates = conferences.map((conference) => conference.icpc_icpc_date);
  const latest = dates
    .map(readable)
    .filter((date) => date !== null)
    .sort()
    .at(-1);
  const byConference = within(rules.window, latest ?? null);
  const mayBeIn = byConference === 'no' && dates.some(isUnreadable);
  const id = row.s47e_s47_enquiry_id;
  const isOutByItself = overlapping(rules.window, row.s47e_s47_start_date, row.s47e_s47_end_date) === 'no';
  if (isOutByItself && mayBeIn) {
    const found = 'a conference whose date cannot be read';
    values.leaveOut('date-missing', source, 's47e_s47_start_date', found);
    reportConferences(conferences, values);
    return notTold('section_47_assessments', id, unknownItems);
  }
  const period = periodOf(
    rules.window,
    row.s47e_s47_start_date,
    row.s47e_s47_end_date,
    source,
    { start: 's47e_s47_start_date', end: 's47e_s47_end_date' },
    values,
    byConference === 'yes',
  );
  if (period.is === 'out') {
    values.outOfScope('ssd_initial_cp_conference', 'outsideWindow', ...conferences);
    // A conference that is not seen, or has lost its enquiry, may be why DfE holds it.
    const mayHaveConference = rules.absentTables.has('ssd_initial_cp_conference') || hasStrayConferences;
    if (conferences.length === 0 && mayHaveConference && id !== null) {
      unknownItems.add('section_47_assessments', id);
    }
    return out;
  }
  // Read whatever comes of the rest: each value that cannot be read has its finding.
  const flag = conferenceFlagOf(row, rules, source, values);
  const sendable = period.is === 'unknown' ? null : values.itemId(id, source, 's47e_s47_enquiry_id');
  if (period.is === 'unknown' || sendable === null) {
    reportConferences(conferences, values);
    return notTold('section_47_assessments', period.is === 'unknown' ? id : null, unknownItems);
  }
  const item: Section47 = {
    section_47_assessment_id: sendable,
    start_date: period.start,
    icpc_required_flag: flag,
    icpc_date:
      conferences.length === 0 && hasStrayConferences
        ? unknown
        : conferenceDateOf(conferences, latest, rules, values),
    end_date: period.end,
    purge: false,
  };
  return { is: 'in', item };
}

/** The conferences of an enquiry that is not sent go with it: each is named. */
export function reportConferences(
  conferences: readonly SsdRow<'ssd_initial_cp_conference'>[],
  values: ValueReader,
): void {
  for (const row of conferences) {
    const source = values.places.of('ssd_initial_cp_conference', row);
    values.leaveOut('parent-left-out', source, 'icpc_s47_enquiry_id', 'an enquiry that is not sent');
  }
}

function conferenceDateOf(
  conferences: readonly SsdRow<'ssd_initial_cp_conference'>[],
  latest: PlainDate | undefined,
  { absentTables }: BuildRules,
  values: ValueReader,
): Maybe<PlainDate> {
  if (absentTables.has('ssd_initial_cp_conference')) return unknown;
  let isKnown = true;
  let isSent = false;
  for (const conference of conferences) {
    const { icpc_icpc_date: date } = conference;
    const place = values.places.of('ssd_initial_cp_conference', conference);
    if (isUnreadable(date)) {
      values.unreadable(date, place, 'icpc_icpc_date');
      isKnown = false;
    } else if (date === null) {
      values.leaveOut('date-missing', place, 'icpc_icpc_date', classOf(null));
    } else if (date !== latest) values.outOfScope('ssd_initial_cp_conference', 'notChosen', conference);
    else if (isSent) values.outOfScope('ssd_initial_cp_conference', 'sameAsAnother', conference);
    else {
      values.inScope(conference);
      isSent = true;
    }
  }
  return isKnown ? latest : unknown;
}

function conferenceFlagOf(
  row: SsdRow<'ssd_s47_enquiry'>,
  rules: BuildRules,
  source: Source,
  values: ValueReader,
): Maybe<boolean> {
  const column = 's47e_s47_outcome_json';
  const cell = row.s47e_s47_outcome_json;
  if (isUnreadable(cell)) return values.unreadable(cell, source, column);
  const text = presentText(cell);
  if (text === undefined) return undefined;
  switch (outcomeIn(text, rules, normalised).is) {
    case 'nothing':
      return undefined;
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'flag-unknown':
      return values.leaveOut('flag-unknown', source, column, classOf(text));
    case 'unreadable':
      return values.leaveOut('outcome-unreadable', source, column, classOf(text));
  }
}
