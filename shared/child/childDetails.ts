import type { BuildRules } from './buildRules.js';
import { classOf } from './findings.js';
import { normalised } from './localValues.js';
import { byTexts } from './ordering.js';
import { limits, type Child } from './payload.js';
import { presentText, type Source, type ValueReader } from './values.js';
import type { PersonRows, SsdRow } from '../ssd/tables.js';

/** Attributes 3 to 15. */
export function childDetailsOf(
  rows: PersonRows,
  rules: BuildRules,
  values: ValueReader,
): Child['child_details'] {
  const { person } = rows;
  const source: Source = { table: 'ssd_person', rowId: person.pers_person_id };
  return {
    ...pupilNumbersOf(rows, rules, values),
    first_name: values.name(person.pers_forename, source, 'pers_forename'),
    surname: values.name(person.pers_surname, source, 'pers_surname'),
    date_of_birth: person.pers_dob ?? undefined,
    expected_date_of_birth: person.pers_expected_dob ?? undefined,
    // U is the census code for a sex that is not recorded.
    sex:
      presentText(person.pers_sex) === undefined
        ? 'U'
        : values.code('sex', person.pers_sex, source, 'pers_sex'),
    ethnicity: values.code('ethnicity', person.pers_ethnicity, source, 'pers_ethnicity'),
    disabilities: disabilitiesOf(rows.ssd_disability, values),
    postcode: postcodeOf(rows.ssd_address, values),
    ...uasc(rows.ssd_immigration_status, rules),
    purge: false,
  };
}

/**
 * UPN, former UPN and the reason why there is none. A UPN column that holds UN1 to UN10 gives the reason and no UPN;
 * UPN and reason are never sent together (CIN census guidance: one or the other).
 */
function pupilNumbersOf(rows: PersonRows, rules: BuildRules, values: ValueReader) {
  const { person } = rows;
  const source: Source = { table: 'ssd_person', rowId: person.pers_person_id };
  const upnText = presentText(person.pers_upn)?.toUpperCase();
  const reasonInUpn =
    upnText !== undefined && rules.codes.uniquePupilNumberUnknownReason.has(upnText) ? upnText : undefined;
  const upn = reasonInUpn === undefined ? values.upn(person.pers_upn, source, 'pers_upn') : undefined;
  const reason = values.code(
    'uniquePupilNumberUnknownReason',
    person.pers_upn_unknown,
    source,
    'pers_upn_unknown',
  );
  return {
    unique_pupil_number: upn,
    former_unique_pupil_number: formerUpnOf(rows.ssd_linked_identifiers, rules, values),
    unique_pupil_number_unknown_reason:
      upn === undefined
        ? (reason ?? reasonInUpn)
        : reason === undefined
          ? undefined
          : values.leaveOut('upn-and-reason', source, 'pers_upn_unknown', classOf(person.pers_upn_unknown)),
  };
}

/** The former UPN with the latest valid-from date. */
function formerUpnOf(
  identifiers: readonly SsdRow<'ssd_linked_identifiers'>[],
  rules: BuildRules,
  values: ValueReader,
): string | undefined {
  const latest = identifiers
    .filter(({ link_identifier_type: type }) => type !== null && rules.formerUpnTypes.has(normalised(type)))
    .sort(
      byTexts(
        (row) => row.link_valid_from_date,
        (row) => row.link_identifier_value,
      ),
    )
    .at(-1);
  if (latest === undefined) return undefined;
  const source: Source = { table: 'ssd_linked_identifiers', rowId: latest.link_table_id };
  return values.upn(latest.link_identifier_value, source, 'link_identifier_value');
}

/**
 * Distinct codes, and never NONE beside another; NONE when nothing is recorded. Disabilities that are recorded and
 * cannot be sent are left out: NONE would say that there are none.
 * Source: CIN census rule 8790.
 */
function disabilitiesOf(
  rows: readonly SsdRow<'ssd_disability'>[],
  values: ValueReader,
): string[] | undefined {
  const recorded = rows.filter(({ disa_disability_code }) => presentText(disa_disability_code) !== undefined);
  const codes = recorded
    .map((row) => {
      const source: Source = { table: 'ssd_disability', rowId: row.disa_table_id };
      return values.code('disability', row.disa_disability_code, source, 'disa_disability_code');
    })
    .filter((code) => code !== undefined);
  if (recorded.length > 0 && codes.length === 0) return undefined;
  const distinct = [...new Set(codes)].filter((code) => code !== 'NONE').sort();
  if (distinct.length <= limits.disabilities) return distinct.length > 0 ? distinct : ['NONE'];
  const source: Source = { table: 'ssd_disability', rowId: null };
  return values.leaveOut(
    'disabilities-too-many',
    source,
    'disa_disability_code',
    `${String(distinct.length)} codes`,
  );
}

/** The current address first (no end date), then the latest start; equal ones by postcode. */
function postcodeOf(addresses: readonly SsdRow<'ssd_address'>[], values: ValueReader): string | undefined {
  const chosen = [...addresses]
    .sort(
      byTexts(
        (row) => (row.addr_address_end_date === null ? '1' : '0'),
        (row) => row.addr_address_start_date,
        (row) => row.addr_address_end_date,
        (row) => row.addr_address_postcode,
      ),
    )
    .at(-1);
  if (chosen === undefined) return undefined;
  const source: Source = { table: 'ssd_address', rowId: chosen.addr_table_id };
  return values.postcode(chosen.addr_address_postcode, source, 'addr_address_postcode');
}

/**
 * Unaccompanied asylum-seeking child: a status that says so and has no end or ends on or after the window's start.
 * Among several the one without an end, then the latest.
 */
function uasc(statuses: readonly SsdRow<'ssd_immigration_status'>[], { window, uascStatuses }: BuildRules) {
  const chosen = statuses
    .filter((row) => {
      const end = row.immi_immigration_status_end_date;
      const status = row.immi_immigration_status;
      return status !== null && uascStatuses.has(normalised(status)) && (end === null || end >= window.start);
    })
    .sort(
      byTexts(
        (row) => (row.immi_immigration_status_end_date === null ? '1' : '0'),
        (row) => row.immi_immigration_status_end_date,
      ),
    )
    .at(-1);
  return {
    uasc_flag: chosen !== undefined,
    uasc_end_date: chosen?.immi_immigration_status_end_date ?? undefined,
  };
}
