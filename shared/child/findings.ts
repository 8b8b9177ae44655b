import type { FindingRule, Severity } from './findingRules.js';
import type { SsdTable } from './sourceRows.js';

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
  /** The child the row belongs to, and the id it had in an earlier system; null where it belongs to no child. */
  readonly childId?: string | null;
  readonly legacyId?: string | null;
  /** The record the row belongs to: the referral, the period of care, the assessment, the enquiry. */
  readonly parentId?: string | null;
  /** Who can correct it: of the row, else of its referral, else of the newest involvement. */
  readonly team?: string | null;
  readonly worker?: string | null;
  /** Only where the council has changed the rule; otherwise that of the rule. */
  readonly severity?: Severity;
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
