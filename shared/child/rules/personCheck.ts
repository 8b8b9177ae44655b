import { readable } from '../cells.js';
import type { PlainDate } from '../dates.js';
import type { RemarkRule } from '../findingRules.js';
import type { Check, Facts } from './check.js';

/** A check of the one row of the person. */
export function personCheck(
  rule: RemarkRule,
  column: string,
  found: string,
  isOdd: (
    dates: { readonly birth: PlainDate | null; readonly expected: PlainDate | null },
    facts: Facts,
  ) => boolean,
): Check {
  return (facts) => {
    const { person } = facts;
    const dates = { birth: readable(person.pers_dob), expected: readable(person.pers_expected_dob) };
    if (!isOdd(dates, facts)) return [];
    return [{ rule, table: 'ssd_person', row: person, column, found }];
  };
}
