import { isUpnPlausible } from '../values/upn.js';
import type { Check } from './check.js';
import { personCheck } from './personCheck.js';

/** CIN rules 1510, 1540 and 1550. */
export const upnIsPlausible = personCheck(
  'upn-check-letter',
  'pers_upn',
  'a UPN that cannot be right',
  (_, { child: { child_details: details } }) =>
    details.unique_pupil_number !== undefined && !isUpnPlausible(details.unique_pupil_number),
);

/** CIN rule 1560Q. */
export const formerUpnIsPlausible: Check = ({ formerUpns, child }) => {
  const upn = child.child_details.former_unique_pupil_number;
  if (upn === undefined || isUpnPlausible(upn)) return [];
  return formerUpns
    .filter(({ item }) => item === upn)
    .map(({ row }) => ({
      rule: 'upn-check-letter',
      table: 'ssd_linked_identifiers',
      row,
      column: 'link_identifier_value',
      found: 'a UPN that cannot be right',
    }));
};

/** CIN rule 8790. NONE is not sent together with another code, but the record contradicts itself. */
export const noneStandsAlone: Check = ({ disabilities, child }) => {
  const codes = child.child_details.disabilities ?? [];
  if (codes.every((code) => code === 'NONE')) return [];
  return disabilities
    .filter(({ item }) => item === 'NONE')
    .map(({ row }) => ({
      rule: 'none-beside-disability',
      table: 'ssd_disability',
      row,
      column: 'disa_disability_code',
      found: 'NONE beside a disability',
    }));
};
