import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable, type DateCell } from '../cells.js';
import type { PlainDate } from '../dates.js';
import { PartlyKnown, unknown, type Drafted } from '../draft.js';
import type { ItemOf } from '../lists.js';
import { classOf } from '../findings.js';
import { within } from '../inTime.js';
import { limits } from '../payload.js';
import type { SsdRow } from '../sourceRows.js';
import { factorsIn } from '../values/jsonColumns.js';
import type { Source, ValueReader } from '../values/valueReader.js';
import { notTold, type Building, type ItemReading } from './building.js';

export type Assessment = Drafted<ItemOf<'child_and_family_assessments'>>;

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
    return { is: 'out' };
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
 * If an authorisation that cannot be read were left out, the assessment would look unfinished. A placeholder means
 * that none is recorded (extracts.md: ISNULL(…, '1900-01-01')).
 */
function seemsOpen(authorised: DateCell): boolean {
  return isUnreadable(authorised) && authorised.unreadable !== 'placeholder';
}

/** The factors of an assessment that is not sent are not sent either: a finding names each row. */
export function reportFactors(rows: readonly SsdRow<'ssd_assessment_factors'>[], values: ValueReader): void {
  for (const row of rows) {
    const source = values.places.of('ssd_assessment_factors', row);
    values.leaveOut('parent-left-out', source, 'cinf_assessment_id', 'an assessment that is not sent');
  }
}

/**
 * The distinct factors of all rows of one assessment. An empty list says that there are none, so it is sent only where
 * the source says nothing else. What cannot be read stays out, and the others are added to what DfE holds.
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
