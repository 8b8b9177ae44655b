import type { SsdTable } from '../ssd/tables.js';

/** What may be wrong with a source value; the wording is for the analyst who mends it. */
export const findingRules = {
  'child-id':
    'The child id is missing, longer than 20 characters or holds a character DfE refuses: the child is held.',
  'payload-unfit':
    'The payload breaks a published rule that no other finding names: the child is held. Tell the people who build this system.',
  'item-id': 'The id is missing, too long or holds characters DfE refuses: the item is left out.',
  'duplicate-id': 'Another row has the same id: only one of them is sent.',
  'code-unknown': 'The value is not a national code: it is left out.',
  'text-too-long': 'The text is longer than DfE takes: it is left out, never cut.',
  'text-broken': 'The text holds half a character, as when it was cut to fit: it is left out.',
  'upn-shape': 'The UPN is not 13 letters and digits: it is left out.',
  'postcode-shape': 'The value is not a postcode: it is left out.',
  'flag-unknown': 'The value is neither yes nor no: it is left out.',
  'sdq-score': 'The score is not a whole number from 0 to 40: it is left out.',
  'factors-unreadable': 'The assessment factors cannot be read: they are left out.',
  'factors-too-many': 'There are more assessment factors than DfE takes: the list is left out.',
  'disabilities-too-many': 'There are more disabilities than DfE takes: the list is left out.',
  'outcome-unreadable': 'The outcome cannot be read: the conference flag is left out.',
  'end-before-start': 'The end is before the start: the end is left out.',
  'no-episode': 'The child has no episode in the payload that this could stand under: it is left out.',
} as const;

export type FindingRule = keyof typeof findingRules;

/**
 * A data-quality remark on one source row. It names the place and the rule, never the value.
 * `rowId` is the id of the row in its own table, null when the row has none.
 */
export interface Finding {
  readonly rule: FindingRule;
  readonly table: SsdTable;
  readonly rowId: string | null;
  readonly column: string;
}
