import type { SsdTable } from '../ssd/tables.js';

/** How much of a child's record a finding costs. */
export type Severity = 'child held' | 'item left out' | 'value left out' | 'remark';

/** What is wrong, and what the analyst does about it at the source. */
export interface FindingRuleText {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
}

/**
 * What may be wrong with a source value. The codes are stable: reports and downloads refer to them.
 * `docs/findings.md` is made from this by `npm run docs:findings`.
 */
export const findingRules = {
  'child-id': {
    severity: 'child held',
    meaning: 'The child id is missing, longer than 20 characters or holds a character DfE refuses.',
    remedy: 'Give the child an id of at most 20 letters, digits, - and _, without 0x before digits.',
  },
  'payload-unfit': {
    severity: 'child held',
    meaning: 'The payload breaks a published rule that no other finding names.',
    remedy: 'Tell the people who build this system; nothing at the source is known to be wrong.',
  },
  'item-id': {
    severity: 'item left out',
    meaning: 'The id is missing, longer than DfE takes or holds a character DfE refuses.',
    remedy:
      'Give the row an id of at most 36 letters, digits, - and _ (a worker 12), without 0x before digits.',
  },
  'duplicate-id': {
    severity: 'item left out',
    meaning: 'Another row has the same id and says something else: only one of them is sent.',
    remedy: 'Remove the row that is wrong, or give it an id of its own.',
  },
  'no-episode': {
    severity: 'item left out',
    meaning: 'The payload wants this under an episode of the child, and there is none it could stand under.',
    remedy: 'Link the row to a referral of this child.',
  },
  'code-unknown': {
    severity: 'value left out',
    meaning: 'The value is not a national code, and no value map of the profile knows it.',
    remedy: 'Use a national code at the source, or add the value to the value map of the profile.',
  },
  'text-too-long': {
    severity: 'value left out',
    meaning: 'The text is longer than DfE takes; it is never cut.',
    remedy: 'Shorten it to at most 128 characters.',
  },
  'text-broken': {
    severity: 'value left out',
    meaning: 'The text holds half a character, as when it was cut to fit.',
    remedy: 'Enter the text again.',
  },
  'upn-shape': {
    severity: 'value left out',
    meaning: 'The UPN is not 13 letters and digits.',
    remedy: 'Enter the UPN as the school has it, or the reason why there is none (UN1 to UN10).',
  },
  'postcode-shape': {
    severity: 'value left out',
    meaning: 'The value is not a postcode.',
    remedy: 'Enter the whole postcode, or leave it empty.',
  },
  'flag-unknown': {
    severity: 'value left out',
    meaning: 'The value is neither yes nor no.',
    remedy: 'Use Y or N.',
  },
  'sdq-score': {
    severity: 'item left out',
    meaning: 'The score is not a whole number from 0 to 40.',
    remedy: 'Enter the total difficulties score, or remove the row.',
  },
  'factors-unreadable': {
    severity: 'value left out',
    meaning: 'The assessment factors are no list that can be read.',
    remedy: 'Store them as a JSON array of codes, such as ["1A","2B"].',
  },
  'factors-too-many': {
    severity: 'value left out',
    meaning: 'There are more assessment factors than the 41 that DfE takes; the whole list is left out.',
    remedy: 'Record the factors that were found, not every one there is.',
  },
  'disabilities-too-many': {
    severity: 'value left out',
    meaning: 'There are more disabilities than the 12 that DfE takes; the whole list is left out.',
    remedy: 'Record each disability once.',
  },
  'outcome-unreadable': {
    severity: 'value left out',
    meaning:
      'The outcome of the section 47 enquiry cannot be read, so whether a conference is required is not known.',
    remedy: 'Store the outcome as the SSD specifies it.',
  },
  'end-before-start': {
    severity: 'value left out',
    meaning: 'The end is before the start; the end is left out, and what it ends counts as open.',
    remedy: 'Correct the start or the end.',
  },
} as const satisfies Record<string, FindingRuleText>;

export type FindingRule = keyof typeof findingRules;

/**
 * A data-quality remark on one source row. It names the place and the rule, never the value.
 * `rowId` is the id of the row in its own table, null when the row has none; `found` is the class of the value: its
 * length and what it is made of.
 */
export interface Finding {
  readonly rule: FindingRule;
  readonly table: SsdTable;
  readonly rowId: string | null;
  readonly column: string;
  readonly found: string;
}

const makings: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['letters', /\p{L}/u],
  ['digits', /\p{N}/u],
  ['blanks', /\s/u],
  ['signs', /[^\p{L}\p{N}\s]/u],
];

/** What a value is like, without what it is: `13 characters: letters, digits`. */
export function classOf(value: string | null): string {
  if (value === null) return 'nothing';
  if (value.trim() === '') return value === '' ? 'an empty text' : 'only blanks';
  const madeOf = makings.filter(([, pattern]) => pattern.test(value)).map(([name]) => name);
  return `${String(value.length)} character${value.length === 1 ? '' : 's'}: ${madeOf.join(', ')}`;
}
