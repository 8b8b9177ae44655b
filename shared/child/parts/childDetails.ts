import type { BuildRules } from '../buildRules.js';
import { isUnreadable } from '../cells.js';
import { unknown, type Drafted } from '../draft.js';
import type { Child } from '../payload.js';
import type { PersonRows } from '../sourceRows.js';
import { presentText, type ValueReader } from '../values/valueReader.js';
import { disabilitiesOf } from './disabilities.js';
import { postcodeOf } from './postcode.js';
import { pupilNumbersOf } from './pupilNumbers.js';
import { unaccompaniedOf } from './unaccompanied.js';

export type Details = Drafted<Child['child_details']>;

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
    ...unaccompaniedOf(rows.ssd_immigration_status, rules, values),
    purge: false,
  };
}
