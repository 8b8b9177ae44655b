import type { BuildRules } from '../buildRules.js';
import { isInDoubt, isUnreadable, readable } from '../cells.js';
import { normalised } from '../codes/localValues.js';
import { unknown, type Maybe } from '../draft.js';
import { byTexts } from '../ordering.js';
import { upnShape, type Child } from '../payload.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import { presentText, readableText, type ValueReader } from '../values/valueReader.js';
import type { Details } from './childDetails.js';

/**
 * UPN, former UPN and the reason why there is none. A UPN column that holds UN1 to UN10 gives the reason and no UPN;
 * UPN and reason are never sent together (CIN census guidance: one or the other).
 */
export function pupilNumbersOf(
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
  const usable = inOrder.filter((row) => upnShape.test(readableText(row.link_identifier_value) ?? ''));
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
  const numbers = new Set(usable.map((row) => readableText(row.link_identifier_value)));
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
