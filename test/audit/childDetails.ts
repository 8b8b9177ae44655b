import { isFormerUpnType, isUascStatus } from './adapter.js';
import type { Account } from './account.js';
import { isWithin } from './calendar.js';
import type { Field } from './fields.js';
import type { Row } from './input.js';
import { recordOf, recordsIn, textIn, type Json } from './json.js';
import { policy } from './policy.js';
import {
  cellOf,
  isPlaceholder,
  postcodeKey,
  rowIdOf,
  saysCode,
  scoreOf,
  textOf,
  valueOf,
  type DateSaid,
} from './values.js';

const upnShape = /^[A-Za-z0-9]{13}$/;

/** Audits everything of a payload but its episodes. */
export function auditPerson(account: Account): void {
  const details = recordOf(account.payload['child_details']) ?? {};
  auditPersonRows(account, details);
  auditDisabilities(account, details);
  auditPostcode(account, details);
  auditUasc(account, details);
  auditFormerUpn(account, details);
  auditScores(account);
  const known = [
    'la_child_id',
    'mis_child_id',
    'purge',
    'child_details',
    'health_and_wellbeing',
    'social_care_episodes',
  ];
  for (const key of Object.keys(account.payload)) {
    if (!known.includes(key))
      account.fault(key, 'a key that the auditor does not know', account.payload[key]);
  }
  for (const key of Object.keys(details)) {
    if (!detailKeys.includes(key))
      account.fault(`child_details.${key}`, 'a key that the auditor does not know', details[key]);
  }
}

const personFields: readonly Field[] = [
  { key: 'first_name', column: 'pers_forename', kind: 'name' },
  { key: 'surname', column: 'pers_surname', kind: 'name' },
  { key: 'date_of_birth', column: 'pers_dob', kind: 'date' },
  { key: 'expected_date_of_birth', column: 'pers_expected_dob', kind: 'date' },
  { key: 'ethnicity', column: 'pers_ethnicity', kind: { code: 'ethnicity' } },
];

const detailKeys: readonly string[] = [
  ...personFields.map(({ key }) => key),
  'sex',
  'unique_pupil_number',
  'former_unique_pupil_number',
  'unique_pupil_number_unknown_reason',
  'disabilities',
  'postcode',
  'uasc_flag',
  'uasc_end_date',
  'purge',
];

function auditPersonRows(account: Account, details: Json): void {
  const table = 'ssd_person';
  const at = 'child_details';
  const rows = account.rows(table);
  const upn = details['unique_pupil_number'];
  const sex = details['sex'];
  const reason = details['unique_pupil_number_unknown_reason'];
  const reasonInUpn =
    typeof reason === 'string' &&
    rows.some(
      (row) =>
        saysCode(account.cms, 'uniquePupilNumberUnknownReason', cellOf(row, 'pers_upn'), reason) === 'yes',
    );
  const fields: Field[] = [...personFields];
  if (upn !== undefined) fields.push({ key: 'unique_pupil_number', column: 'pers_upn', kind: 'upn' });
  if (reason !== undefined) {
    fields.push({
      key: 'unique_pupil_number_unknown_reason',
      column: reasonInUpn ? 'pers_upn' : 'pers_upn_unknown',
      kind: { code: 'uniquePupilNumberUnknownReason' },
    });
  }
  const isUnrecorded = rows.some((row) => textOf(cellOf(row, 'pers_sex')) === undefined);
  if (sex !== 'U' || !isUnrecorded) fields.push({ key: 'sex', column: 'pers_sex', kind: { code: 'sex' } });
  const chosen = account.trace(details, at, table, rows, fields);
  const [row] = chosen;
  if (row === undefined) return;
  if (upn === undefined && reason === undefined) {
    for (const column of ['pers_upn', 'pers_upn_unknown']) {
      const text = valueOf(cellOf(row, column));
      if (text !== undefined) account.silence(table, row, column, `${column} is ${JSON.stringify(text)}`);
    }
  } else if (
    upn !== undefined &&
    reason === undefined &&
    valueOf(cellOf(row, 'pers_upn_unknown')) !== undefined
  ) {
    account.silence(table, row, 'pers_upn_unknown', 'a reason next to a UPN');
  } else if (upn === undefined && !reasonInUpn && valueOf(cellOf(row, 'pers_upn')) !== undefined) {
    account.silence(table, row, 'pers_upn', 'a UPN that is not sent');
  }
  auditIds(account, row);
}

function auditIds(account: Account, row: Row): void {
  const id = account.payload['la_child_id'];
  if (id !== rowIdOf(cellOf(row, 'pers_person_id')))
    account.fault('la_child_id', `${JSON.stringify(id)} is not how the SSD writes the id`, id);
  const legacy = valueOf(cellOf(row, 'pers_legacy_id'));
  const sent = account.payload['mis_child_id'];
  if (sent === undefined) {
    if (legacy !== undefined)
      account.silence('ssd_person', row, 'pers_legacy_id', 'the legacy id is not sent');
  } else if (sent !== legacy)
    account.fault('mis_child_id', `${JSON.stringify(sent)} comes from nowhere`, sent);
}

function auditDisabilities(account: Account, details: Json): void {
  const table = 'ssd_disability';
  const at = 'child_details.disabilities';
  const rows = account.rows(table);
  const value = details['disabilities'];
  const sent: readonly unknown[] = Array.isArray(value) ? value : [];
  const saidBy = (row: Row, code: string) =>
    saysCode(account.cms, 'disability', cellOf(row, 'disa_disability_code'), code);
  for (const row of rows) {
    if (sent.some((code) => typeof code === 'string' && saidBy(row, code) === 'yes'))
      account.sent(table, row);
    else if (value === undefined && valueOf(cellOf(row, 'disa_disability_code')) === undefined)
      account.sent(table, row, 'it says nothing');
    else account.mustBeNamed(table, row, 'its code is not in the payload');
  }
  for (const code of sent) {
    if (typeof code !== 'string') account.fault(at, `${JSON.stringify(code)} is no code`, value);
    else if (code !== 'NONE' || rows.length > 0) {
      const answers = rows.map((row) => saidBy(row, code));
      if (!answers.includes('yes'))
        account.fault(
          at,
          `${code} ${answers.includes('guessed') ? 'is guessed' : 'comes from nowhere'}`,
          value,
        );
    }
  }
  if (value !== undefined && sent.length === 0) account.fault(at, '[] is sent', value);
  if (!sent.includes('NONE')) return;
  if (sent.length > 1) account.fault(at, 'NONE next to another code', value);
  if (
    !account.owners.hasColumn(table, 'disa_disability_code') ||
    !account.owners.hasColumn(table, 'disa_person_id')
  )
    account.fault(at, 'NONE although the SSD has no disabilities to read', value);
  else if (rows.some((row) => saidBy(row, 'NONE') !== 'yes'))
    account.fault(
      at,
      'NONE although a disability row says something else, or nothing that can be read',
      value,
    );
  else if (rows.length === 0 && !policy.noDisabilityRowIsNone) account.fault(at, 'NONE without a row', value);
}

interface Ranked {
  readonly row: Row;
  /** The current one comes first. */
  readonly end: DateSaid;
  readonly start: DateSaid;
}

/** Whether `a` is chosen before `b` whatever their unreadable dates may be. */
function isBefore(a: Ranked, b: Ranked): boolean {
  if (a.end.is === 'unreadable') return false;
  const laterStart =
    a.start.is === 'date' &&
    (b.start.is === 'none' || (b.start.is === 'date' && b.start.date < a.start.date));
  if (a.end.is === 'none') return b.end.is === 'date' || laterStart;
  return b.end.is === 'date' && laterStart;
}

function auditPostcode(account: Account, details: Json): void {
  const table = 'ssd_address';
  const at = 'child_details.postcode';
  const ranked = account.rows(table).map((row): Ranked => {
    const start = account.date(table, row, 'addr_address_start_date');
    // Without the column the latest start decides, as in D2I's minimal SSD.
    const end: DateSaid = account.owners.hasColumn(table, 'addr_address_end_date')
      ? account.date(table, row, 'addr_address_end_date')
      : { is: 'none' };
    const isReversed = start.is === 'date' && end.is === 'date' && end.date < start.date;
    return { row, start, end: isReversed ? { is: 'unreadable' } : end };
  });
  const contenders = ranked.filter((one) => !ranked.some((other) => isBefore(other, one)));
  // The row whose days cannot be told is the one that is named.
  const isTold = ({ start, end }: Ranked) => start.is !== 'unreadable' && end.is !== 'unreadable';
  const hangsOnAnother = (one: Ranked) => isTold(one) && contenders.some((other) => !isTold(other));
  const sent = textIn(details['postcode']);
  const says = (row: Row) => valueOf(cellOf(row, 'addr_address_postcode'));
  const chosen = contenders.filter(({ row }) => {
    const text = says(row);
    return sent === undefined
      ? text === undefined
      : text !== undefined && postcodeKey(text) === postcodeKey(sent);
  });
  if (sent !== undefined && chosen.length === 0) {
    account.fault(at, `${sent} is not the postcode of the current address`, sent);
  }
  for (const { row } of chosen)
    account.establish(
      table,
      row,
      sent === undefined
        ? // Next to another of the same days it may be counted as the one that is not chosen.
          { isSent: true, rules: contenders.length > 1 ? ['notChosen'] : [], why: 'it says nothing' }
        : { isSent: true, rules: [], why: 'in the payload' },
    );
  for (const one of ranked) {
    const isBeaten = !contenders.includes(one);
    const isTied = chosen.length > 0 && isTold(one) && sent !== undefined;
    if (isBeaten || isTied || (sent === undefined && hangsOnAnother(one)))
      account.outOfScope(table, one.row, ['notChosen'], 'another address is the current one');
    else account.mustBeNamed(table, one.row, 'it may be the current address, and is not in the payload');
  }
}

function auditUasc(account: Account, details: Json): void {
  const table = 'ssd_immigration_status';
  const at = 'child_details.uasc_flag';
  const flag = details['uasc_flag'];
  const endSent = details['uasc_end_date'];
  const said = account.rows(table).map((row) => {
    const text = valueOf(cellOf(row, 'immi_immigration_status'));
    const start = account.date(table, row, 'immi_immigration_status_start_date');
    const end = account.date(table, row, 'immi_immigration_status_end_date');
    const isReversed = start.is === 'date' && end.is === 'date' && end.date < start.date;
    const isUasc = text === undefined ? undefined : isUascStatus(account.cms, text);
    const isOver = end.is === 'date' && !isReversed && end.date < account.window.start;
    return { row, text, isUasc, end, isUnknown: end.is === 'unreadable' || isReversed, isOver };
  });
  const reported = said.filter(({ isUasc, isOver, isUnknown }) => isUasc === true && !isOver && !isUnknown);
  const doubtful = said.filter(
    ({ isUasc, isUnknown, isOver }) => !isOver && (isUasc === undefined || (isUasc && isUnknown)),
  );
  const latest = reported
    .flatMap(({ end }) => (end.is === 'date' ? [end.date] : []))
    .sort()
    .at(-1);
  const chosen = reported.some(({ end }) => end.is === 'none')
    ? reported.filter(({ end }) => end.is === 'none')
    : reported.filter(({ end }) => end.is === 'date' && end.date === latest);
  const wantedEnd = chosen.some(({ end }) => end.is === 'none') ? undefined : latest;
  // Another status that cannot be read may be the one that ends last.
  const isEndInDoubt = endSent === undefined && doubtful.length > 0;
  const isSent = flag === true && (endSent === wantedEnd || isEndInDoubt) && chosen.length > 0;

  for (const one of said) {
    if (isSent && chosen[0] === one) account.sent(table, one.row);
    else if (isSent && reported.includes(one))
      account.outOfScope(table, one.row, ['notChosen'], 'another status is sent');
    else if (one.isUasc === false || one.isOver)
      account.outOfScope(table, one.row, ['notReported'], 'not UASC, or over before the window');
    else if (one.isUasc === undefined && isSent)
      account.outOfScope(table, one.row, ['notReported'], 'no status');
    else account.mustBeNamed(table, one.row, 'may be UASC, and is not in the payload');
  }
  if (flag === true && !isSent) {
    const ends = chosen.map(({ row }) =>
      JSON.stringify(cellOf(row, 'immi_immigration_status_end_date') ?? null),
    );
    account.fault(
      at,
      chosen.length === 0
        ? 'true comes from nowhere'
        : `true with an end that is not the source's (${ends.join(', ')})`,
      flag,
    );
  }
  if (flag !== true && endSent !== undefined)
    account.fault('child_details.uasc_end_date', 'an end without the flag', endSent);
  if (flag !== false) return;
  const hasColumns = ['immi_person_id', 'immi_immigration_status'].every((column) =>
    account.owners.hasColumn(table, column),
  );
  if (!hasColumns) account.fault(at, 'false although the SSD has no immigration status to read', flag);
  else if (chosen.length > 0) account.fault(at, 'false although a status says UASC', flag);
  else if (doubtful.length > 0)
    account.fault(at, 'false although a status, or its end, cannot be read', flag);
}

function auditFormerUpn(account: Account, details: Json): void {
  const table = 'ssd_linked_identifiers';
  const sent = textIn(details['former_unique_pupil_number']);
  const former = account.rows(table).map((row) => {
    const type = valueOf(cellOf(row, 'link_identifier_type'));
    const value = valueOf(cellOf(row, 'link_identifier_value'));
    return {
      row,
      isFormer: type !== undefined && isFormerUpnType(account.cms, type),
      value,
      isPlaceholder: value === undefined || isPlaceholder(value),
      isUsable: value !== undefined && upnShape.test(value),
      from: account.date(table, row, 'link_valid_from_date'),
    };
  });
  const usable = former.filter(({ isFormer, isUsable }) => isFormer && isUsable);
  const latest = usable
    .flatMap(({ from }) => (from.is === 'date' ? [from.date] : []))
    .sort()
    .at(-1);
  const contenders = usable.filter(
    ({ from }) =>
      latest === undefined || from.is === 'unreadable' || (from.is === 'date' && from.date === latest),
  );
  // Which is the latest hangs on another whose day cannot be read: that one is named.
  const isOrderInDoubt = usable.some(({ from }) => from.is === 'unreadable');
  const chosen = contenders.filter(({ value }) => value === sent);
  if (sent !== undefined && chosen.length === 0)
    account.fault('child_details.former_unique_pupil_number', `${sent} is not the latest former UPN`, sent);
  for (const one of former) {
    if (!one.isFormer) account.outOfScope(table, one.row, ['notReported'], 'no former UPN');
    else if (chosen.includes(one)) account.sent(table, one.row);
    else if (!one.isUsable && one.isPlaceholder)
      account.outOfScope(table, one.row, ['notReported', 'notChosen'], 'a placeholder');
    else if ((sent !== undefined || (one.isUsable && isOrderInDoubt)) && one.from.is !== 'unreadable')
      account.outOfScope(table, one.row, ['notChosen'], 'another former UPN is sent');
    else account.mustBeNamed(table, one.row, 'a former UPN that is not in the payload');
  }
}

function auditScores(account: Account): void {
  const table = 'ssd_sdq_scores';
  const health = recordOf(account.payload['health_and_wellbeing']);
  const items = health?.['purge'] === true ? [] : recordsIn(health?.['sdq_assessments']);
  for (const item of items) {
    const at = `health_and_wellbeing.sdq_assessments[${JSON.stringify(item)}]`;
    const rows = account.rows(table).filter((row) => {
      const day = account.date(table, row, 'csdq_sdq_completed_date');
      return (
        day.is === 'date' &&
        day.date === item['date'] &&
        scoreOf(cellOf(row, 'csdq_sdq_score')) === item['score']
      );
    });
    if (rows.length === 0) account.fault(at, 'no score of the child says this', item);
    for (const row of rows) {
      account.sent(table, row);
      if (isWithin(account.window, account.date(table, row, 'csdq_sdq_completed_date')) === 'no')
        account.fault(at, 'outside the window', item);
    }
  }
  for (const row of account.rows(table)) {
    const day = account.date(table, row, 'csdq_sdq_completed_date');
    if (day.is === 'date' && isWithin(account.window, day) === 'no')
      account.outOfScope(table, row, ['outsideWindow'], 'its day is outside the window');
    else account.mustBeNamed(table, row, 'its day or score cannot be read, or is not in the payload');
  }
}
