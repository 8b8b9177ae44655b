import type { PersonRows } from '../../../shared/child/sourceRows.js';
import type { RuleCode } from '../../../shared/child/rules/catalogue.js';

/**
 * One change to a person about whom no rule asks, after which a rule asks. A theme has a list of them, one or more for each
 * rule: `breaking/` has a file a theme.
 */
export interface Breaking {
  /** What is broken, as the name of a test. */
  readonly name: string;
  readonly rule: RuleCode;
  /** Rules that follow by logic: none of these two can be broken alone in this way. */
  readonly follows?: readonly RuleCode[];
  /** The person that it begins with. */
  readonly sound: PersonRows;
  readonly broken: (rows: PersonRows) => PersonRows;
}
