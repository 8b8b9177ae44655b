import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable, presentText } from '../cells.js';
import { normalised } from '../codes/localValues.js';
import type { PlainDate } from '../dates.js';
import { unknown, type Drafted, type Maybe } from '../draft.js';
import type { ItemOf } from '../lists.js';
import { classOf } from '../findings.js';
import { overlapping, periodOf, within } from '../inTime.js';
import type { SsdRow } from '../sourceRows.js';
import { outcomeIn } from '../values/jsonColumns.js';
import { type Source, type ValueReader } from '../values/valueReader.js';
import { notTold, type Building, type ItemReading } from './building.js';

export type Section47 = Drafted<ItemOf<'section_47_assessments'>>;

/**
 * A section 47 enquiry that overlaps the window, or whose latest initial child protection conference (ICPC) lies in
 * it (attributes 29 to 33).
 * @param hasStrayConferences the child has conferences in the window, and we cannot tell which enquiry they belong to
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
    return { is: 'out' };
  }
  // Read in any case: each value that cannot be read has its finding.
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

/** The conferences of an enquiry that is not sent are not sent either: a finding names each. */
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
