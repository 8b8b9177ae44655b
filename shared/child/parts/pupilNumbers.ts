import type { BuildRules } from '../buildRules.js';
import { isUnreadable, presentText } from '../cells.js';
import { unknown } from '../draft.js';
import type { Child } from '../payload.js';
import type { SsdRow } from '../sourceRows.js';
import { type ValueReader } from '../values/valueReader.js';
import type { Details } from './childDetails.js';

/**
 * UPN and the reason why there is none. A UPN column that holds UN1 to UN10 gives the reason and no UPN;
 * UPN and reason are never sent together (CIN census guidance: one or the other).
 */
export function pupilNumbersOf(
  person: SsdRow<'ssd_person'>,
  { codes }: BuildRules,
  values: ValueReader,
): Pick<Details, 'unique_pupil_number' | 'unique_pupil_number_unknown_reason'> {
  const source = values.places.of('ssd_person', person);
  const upnText = isUnreadable(person.pers_upn) ? undefined : presentText(person.pers_upn)?.toUpperCase();
  const reasonInUpn =
    upnText !== undefined && codes.uniquePupilNumberUnknownReason.has(upnText) ? upnText : undefined;
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
  const sentReason = contradict
    ? unknown
    : (reason ?? reasonInUpn ?? (isUnreadable(person.pers_upn) ? unknown : undefined));
  const hasUpn = typeof upn === 'string';
  if (hasUpn && typeof sentReason === 'string') {
    values.leaveOut('upn-and-reason', source, 'pers_upn_unknown', 'a reason beside a UPN');
  }
  // A UPN that cannot be read may be there as well as the reason: `withOneOfUpnAndReason` decides by what DfE holds.
  return { unique_pupil_number: upn, unique_pupil_number_unknown_reason: hasUpn ? undefined : sentReason };
}

/** The child with only its UPN, where DfE holds one that can no longer be read and a reason is recorded as well. */
export function withOneOfUpnAndReason(child: Child): Child {
  const { unique_pupil_number_unknown_reason: reason, ...details } = child.child_details;
  if (details.unique_pupil_number === undefined || reason === undefined) return child;
  return { ...child, child_details: details };
}
