import type { BuildRules } from '../buildRules.js';
import { isUnreadable, presentText } from '../cells.js';
import { unknown, type Drafted } from '../draft.js';
import type { Child } from '../payload.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import { type ValueReader } from '../values/valueReader.js';
import type { Built } from './building.js';
import { disabilitiesOf } from './disabilities.js';
import { formerUpnOf } from './formerUpn.js';
import { postcodeOf } from './postcode.js';
import { pupilNumbersOf } from './pupilNumbers.js';
import { unaccompaniedOf } from './unaccompanied.js';

export type Details = Drafted<Child['child_details']>;

/** Attributes 3 to 15, and rows that they are made of. */
export interface ChildDetailsBuilt {
  readonly sent: Details;
  /** Each row of a former UPN that can be one. */
  readonly formerUpns: readonly Built<SsdRow<'ssd_linked_identifiers'>, string>[];
  /** Each row with a code that can be read. */
  readonly disabilities: readonly Built<SsdRow<'ssd_disability'>, string>[];
}

/** In the order of the payload, as findings are. */
export function childDetailsOf(rows: PersonRows, rules: BuildRules, values: ValueReader): ChildDetailsBuilt {
  const { person } = rows;
  const source = values.places.of('ssd_person', person);
  const upn = pupilNumbersOf(person, rules, values);
  const formerUpn = formerUpnOf(rows.ssd_linked_identifiers, rules, values);
  const own: Omit<Details, 'purge'> = {
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
  };
  const disabilities = disabilitiesOf(rows.ssd_disability, rules, values);
  const sent: Details = {
    ...upn,
    former_unique_pupil_number: formerUpn.sent,
    ...own,
    disabilities: disabilities.sent,
    postcode: rules.absentTables.has('ssd_address') ? unknown : postcodeOf(rows.ssd_address, values),
    ...unaccompaniedOf(rows.ssd_immigration_status, rules, values),
    purge: false,
  };
  return { sent, formerUpns: formerUpn.read, disabilities: disabilities.read };
}
