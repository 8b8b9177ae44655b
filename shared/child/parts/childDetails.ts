import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable, type Cell } from '../cells.js';
import { PartlyKnown, unknown, type Drafted, type Maybe } from '../draft.js';
import { classOf } from '../findings.js';
import { isReversed, reportReversed } from '../inTime.js';
import { normalised } from '../codes/localValues.js';
import { byTexts } from '../ordering.js';
import { limits, upnShape, type Child } from '../payload.js';
import { presentText, type Source, type ValueReader } from '../values/valueReader.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';

type Details = Drafted<Child['child_details']>;

/** Attributes 3 to 15. */
export function childDetailsOf(rows: PersonRows, rules: BuildRules, values: ValueReader): Details {
  const { person } = rows;
  const source = values.places.of('ssd_person', person);
  return {
    ...pupilNumbersOf(rows, rules, values),
    first_name: values.name(person.pers_forename, source, 'pers_forename'),
    surname: values.name(person.pers_surname, source, 'pers_surname'),
    date_of_birth: values.date(person.pers_dob, source, 'pers_dob'),
    expected_date_of_birth: values.date(person.pers_expected_dob, source, 'pers_expected_dob'),
    // U is the census code for a sex that is not recorded.
    sex:
      person.pers_sex === null ||
      (!isUnreadable(person.pers_sex) && presentText(person.pers_sex) === undefined)
        ? 'U'
        : values.code('sex', person.pers_sex, null, source, 'pers_sex'),
    ethnicity: values.code('ethnicity', person.pers_ethnicity, null, source, 'pers_ethnicity'),
    disabilities: rules.absentTables.has('ssd_disability')
      ? unknown
      : disabilitiesOf(rows.ssd_disability, values),
    postcode: rules.absentTables.has('ssd_address') ? unknown : postcodeOf(rows.ssd_address, values),
    ...uascOf(rows.ssd_immigration_status, rules, values),
    purge: false,
  };
}

/**
 * UPN, former UPN and the reason why there is none. A UPN column that holds UN1 to UN10 gives the reason and no UPN;
 * UPN and reason are never sent together (CIN census guidance: one or the other).
 */
function pupilNumbersOf(
  rows: PersonRows,
  rules: BuildRules,
  values: ValueReader,
): Pick<
  Details,
  'unique_pupil_number' | 'unique_pupil_number_unknown_reason' | 'former_unique_pupil_number'
> {
  const { person } = rows;
  const source = values.places.of('ssd_person', person);
  const upnText = isUnreadable(person.pers_upn) ? undefined : presentText(person.pers_upn)?.toUpperCase();
  const reasonInUpn =
    upnText !== undefined && rules.codes.uniquePupilNumberUnknownReason.has(upnText) ? upnText : undefined;
  const upn = reasonInUpn === undefined ? values.upn(person.pers_upn, source, 'pers_upn') : undefined;
  const reason = values.code(
    'uniquePupilNumberUnknownReason',
    person.pers_upn_unknown,
    null,
    source,
    'pers_upn_unknown',
  );
  const contradict = reasonInUpn !== undefined && typeof reason === 'string' && reason !== reasonInUpn;
  if (contradict)
    values.leaveOut('codes-contradict', source, 'pers_upn', 'another reason than in its column');
  // A UPN column that cannot be read may hold the reason.
  const told = contradict
    ? unknown
    : (reason ?? reasonInUpn ?? (isUnreadable(person.pers_upn) ? unknown : undefined));
  return {
    ...oneOf(upn, told, () => {
      values.leaveOut('upn-and-reason', source, 'pers_upn_unknown', 'a reason beside a UPN');
    }),
    former_unique_pupil_number: rules.absentTables.has('ssd_linked_identifiers')
      ? unknown
      : formerUpnOf(rows.ssd_linked_identifiers, rules, values),
  };
}

/** A UPN that cannot be read may still be there beside the reason: `withOneOfUpnAndReason` decides by what DfE holds. */
function oneOf(
  upn: Maybe<string>,
  reason: Maybe<string>,
  both: () => void,
): Pick<Details, 'unique_pupil_number' | 'unique_pupil_number_unknown_reason'> {
  const hasUpn = typeof upn === 'string';
  const hasReason = typeof reason === 'string';
  if (hasUpn && hasReason) both();
  return {
    unique_pupil_number: upn,
    unique_pupil_number_unknown_reason: hasUpn ? undefined : reason,
  };
}

/** The child with its UPN alone, where DfE holds one that cannot be read any more and a reason is recorded besides. */
export function withOneOfUpnAndReason(child: Child): Child {
  const { unique_pupil_number_unknown_reason: reason, ...details } = child.child_details;
  if (details.unique_pupil_number === undefined || reason === undefined) return child;
  return { ...child, child_details: details };
}

/** The former UPN with the latest valid-from date among those that can be one. */
function formerUpnOf(
  identifiers: readonly SsdRow<'ssd_linked_identifiers'>[],
  rules: BuildRules,
  values: ValueReader,
): Maybe<string> {
  const former = identifiers.filter(({ link_identifier_type: type }) => {
    if (isUnreadable(type)) return true;
    return type !== null && rules.formerUpnTypes.has(normalised(type));
  });
  const others = identifiers.filter((row) => !former.includes(row));
  values.outOfScope('ssd_linked_identifiers', 'notReported', ...others);
  const inOrder = [...former].sort(
    byTexts(
      (row) => readable(row.link_valid_from_date),
      (row) => readable(row.link_identifier_value),
      (row) => row.link_table_id,
    ),
  );
  const usable = inOrder.filter((row) => upnShape.test(textOf(row.link_identifier_value) ?? ''));
  let found: Maybe<string>;
  for (const row of inOrder) {
    const source = values.places.of('ssd_linked_identifiers', row);
    if (usable.includes(row)) continue;
    const read = values.upn(row.link_identifier_value, source, 'link_identifier_value');
    if (read === undefined) values.outOfScope('ssd_linked_identifiers', 'notReported', row);
    else found = unknown;
  }
  const latest = usable.at(-1);
  if (latest === undefined) return found;
  const numbers = new Set(usable.map((row) => textOf(row.link_identifier_value)));
  // One that cannot be read may be the latest; one that is no UPN is none.
  const mayBeAnother = former.some(
    (row) => isInDoubt(row.link_identifier_type) || isInDoubt(row.link_identifier_value),
  );
  const isOrderKnown =
    !mayBeAnother &&
    usable.every(
      (row) =>
        !isUnreadable(row.link_identifier_type) &&
        (numbers.size === 1 || !isUnreadable(row.link_valid_from_date)),
    );
  if (!isOrderKnown) {
    for (const row of usable) {
      const source = values.places.of('ssd_linked_identifiers', row);
      values.unreadable(row.link_identifier_type, source, 'link_identifier_type');
      values.unreadable(row.link_valid_from_date, source, 'link_valid_from_date');
      // One whose type or day is not to be read is named, where its column is absent with all the others.
      if (isUnreadable(row.link_identifier_type) || isUnreadable(row.link_valid_from_date)) continue;
      values.outOfScope('ssd_linked_identifiers', 'notChosen', row);
    }
    return unknown;
  }
  const source = values.places.of('ssd_linked_identifiers', latest);
  values.outOfScope('ssd_linked_identifiers', 'notChosen', ...usable.slice(0, -1));
  return values.upn(latest.link_identifier_value, source, 'link_identifier_value');
}

/**
 * Distinct codes, and never NONE beside another; NONE when nothing is recorded. While one disability cannot be read, the
 * others stand beside those that DfE holds, and NONE is not said.
 * Source: CIN census rule 8790.
 */
function disabilitiesOf(
  rows: readonly SsdRow<'ssd_disability'>[],
  values: ValueReader,
): Details['disabilities'] {
  let isComplete = true;
  const codes = new Set<string>();
  for (const row of rows) {
    const source = values.places.of('ssd_disability', row);
    const code = values.code('disability', row.disa_disability_code, null, source, 'disa_disability_code');
    if (code === undefined) {
      values.leaveOut('code-unknown', source, 'disa_disability_code', classOf(null));
      isComplete = false;
    } else if (code === unknown) isComplete = false;
    else if (codes.has(code)) values.outOfScope('ssd_disability', 'sameAsAnother', row);
    else codes.add(code);
  }
  const distinct = [...codes].filter((code) => code !== 'NONE').sort();
  if (distinct.length > limits.disabilities) {
    const source: Source = { table: 'ssd_disability', rowId: null };
    const found = `${String(distinct.length)} codes`;
    return values.leaveOut('disabilities-too-many', source, 'disa_disability_code', found);
  }
  if (isComplete) return distinct.length > 0 ? distinct : ['NONE'];
  return new PartlyKnown((held) => {
    const others = held.filter((code) => distinct.length === 0 || code !== 'NONE');
    return [...new Set([...others, ...distinct])].sort();
  });
}

/**
 * The current address first (no end date), then the latest start; equal ones by postcode. An address whose end cannot be
 * read may be the current one: where it started last, which one the child lives at is not known.
 */
function postcodeOf(addresses: readonly SsdRow<'ssd_address'>[], values: ValueReader): Maybe<string> {
  const hasDoubtfulEnd = ({
    addr_address_start_date: start,
    addr_address_end_date: end,
  }: SsdRow<'ssd_address'>) => isInDoubt(end) || isReversed(start, end);
  const mayBeCurrent = (row: SsdRow<'ssd_address'>) =>
    row.addr_address_end_date === null || hasDoubtfulEnd(row);
  const inOrder = [...addresses].sort(
    byTexts(
      (row) => (mayBeCurrent(row) ? '1' : '0'),
      (row) => readable(row.addr_address_start_date),
      (row) => readable(row.addr_address_end_date),
      // Of several of the same days the one that cannot be read counts: it may be the one.
      ({ addr_address_postcode: postcode }) => (isUnreadable(postcode) ? '\uffff' : postcode),
      (row) => row.addr_table_id,
    ),
  );
  const chosen = inOrder.at(-1);
  if (chosen === undefined) return undefined;
  const source = values.places.of('ssd_address', chosen);
  const isTwin = (row: SsdRow<'ssd_address'>) => placeAndTimeOf(row) === placeAndTimeOf(chosen);
  for (const row of inOrder.slice(0, -1)) {
    values.outOfScope('ssd_address', isTwin(row) ? 'sameAsAnother' : 'notChosen', row);
  }
  for (const row of inOrder) {
    const place = values.places.of('ssd_address', row);
    const { addr_address_start_date: start, addr_address_end_date: end } = row;
    values.unreadable(end, place, 'addr_address_end_date');
    reportReversed(start, end, place, 'addr_address_end_date', values);
  }
  const isCurrent = chosen.addr_address_end_date === null;
  const rivals = isCurrent ? inOrder.filter(mayBeCurrent) : inOrder;
  for (const row of rivals) {
    const place = values.places.of('ssd_address', row);
    values.unreadable(row.addr_address_start_date, place, 'addr_address_start_date');
  }
  const postcodes = new Set(rivals.map((row) => textOf(row.addr_address_postcode)));
  const isOrderKnown =
    !hasDoubtfulEnd(chosen) && rivals.every((row) => !isInDoubt(row.addr_address_start_date));
  if (postcodes.size > 1 && !isOrderKnown) {
    values.outOfScope('ssd_address', 'notChosen', chosen);
    return unknown;
  }
  return values.postcode(chosen.addr_address_postcode, source, 'addr_address_postcode');
}

function placeAndTimeOf(row: SsdRow<'ssd_address'>): string {
  return JSON.stringify([row.addr_address_postcode, row.addr_address_start_date, row.addr_address_end_date]);
}

/** Unreadable in this row; a column that is not there leaves the order to the others. */
function isInDoubt(cell: Cell<string>): boolean {
  return isUnreadable(cell) && cell.unreadable !== 'absent';
}

/**
 * Unaccompanied asylum-seeking child: a status that says so and has no end or ends on or after the window's start.
 * Among several the one without an end, then the latest. A status that seems to say so in other words, or cannot be read,
 * leaves it open.
 */
function uascOf(
  statuses: readonly SsdRow<'ssd_immigration_status'>[],
  { window, uascStatuses, absentTables }: BuildRules,
  values: ValueReader,
): Pick<Details, 'uasc_flag' | 'uasc_end_date'> {
  const notTold: Pick<Details, 'uasc_flag' | 'uasc_end_date'> = {
    uasc_flag: unknown,
    uasc_end_date: unknown,
  };
  if (absentTables.has('ssd_immigration_status')) return notTold;
  let isTold = true;
  const matching: SsdRow<'ssd_immigration_status'>[] = [];
  for (const row of statuses) {
    const { immi_immigration_status: status, immi_immigration_status_start_date: start } = row;
    const { immi_immigration_status_end_date: end } = row;
    const source = values.places.of('ssd_immigration_status', row);
    const isEndWrong = reportReversed(start, end, source, 'immi_immigration_status_end_date', values);
    if (!isEndWrong && end !== null && !isUnreadable(end) && end < window.start) {
      values.outOfScope('ssd_immigration_status', 'notReported', row);
      continue;
    }
    const text = values.text(status, source, 'immi_immigration_status');
    if (text === unknown) isTold = false;
    else if (text === undefined) {
      values.leaveOut('status-unclear', source, 'immi_immigration_status', classOf(null));
      isTold = false;
    } else if (uascStatuses.has(normalised(text))) matching.push(row);
    else if (seemsUnaccompanied.test(text) || saysNothing.test(text)) {
      values.leaveOut('status-unclear', source, 'immi_immigration_status', classOf(text));
      isTold = false;
    } else values.outOfScope('ssd_immigration_status', 'notReported', row);
  }
  const inOrder = matching.sort(
    byTexts(
      (row) => (row.immi_immigration_status_end_date === null ? '1' : '0'),
      (row) => readable(row.immi_immigration_status_end_date),
      (row) => row.immi_immigration_status_id,
    ),
  );
  const chosen = inOrder.at(-1);
  if (chosen === undefined) return isTold ? { uasc_flag: false, uasc_end_date: undefined } : notTold;
  const isOpen = chosen.immi_immigration_status_end_date === null;
  const undated = inOrder.filter(
    ({ immi_immigration_status_start_date: start, immi_immigration_status_end_date: end }) =>
      isUnreadable(end) || isReversed(start, end),
  );
  for (const row of undated) {
    const source = values.places.of('ssd_immigration_status', row);
    values.unreadable(row.immi_immigration_status_end_date, source, 'immi_immigration_status_end_date');
  }
  values.outOfScope('ssd_immigration_status', 'notChosen', ...inOrder.slice(0, -1));
  const readEnds = inOrder.length - undated.length;
  // With an end that cannot be read it is not known whether it lay before the window.
  if (undated.length > 0 && !isOpen)
    return { uasc_flag: readEnds > 0 ? true : unknown, uasc_end_date: unknown };
  // A status that cannot be read may be the one that ends last.
  if (!isTold && !isOpen) return { uasc_flag: true, uasc_end_date: unknown };
  const source = values.places.of('ssd_immigration_status', chosen);
  return {
    uasc_flag: true,
    uasc_end_date: values.date(
      chosen.immi_immigration_status_end_date,
      source,
      'immi_immigration_status_end_date',
    ),
  };
}

/** An answer, or a word for none: it names no status. */
const saysNothing =
  /^(?:[^\p{L}]*|y|yes|t|true|n\/?a|none|other|unknown|refused|to be confirmed|tbc|not (?:known|recorded|stated|available|obtained|yet obtained))$/iu;

const seemsUnaccompanied = /unaccompanied|\bUASC\b|\bUAM\b/i;

function textOf(cell: Cell<string>): string | undefined {
  return presentText(readable(cell));
}
