import { isNationalCode, describes, mappedCode, isConferenceOutcome, type CodedField } from './adapter.js';
import type { Cell, Cms, Row } from './input.js';
import { policy } from './policy.js';

/*
 * What a cell of the SSD says, by the specification's rules for values (cohort-and-mapping.md, "Values"), written anew.
 */

/** The text without blanks around it; `undefined` when there is none. */
export function textOf(cell: Cell | undefined): string | undefined {
  if (cell === null || cell === undefined) return undefined;
  const text = String(cell).trim();
  return text === '' ? undefined : text;
}

export function isPlaceholder(text: string): boolean {
  return policy.placeholders.some((placeholder) => placeholder.toUpperCase() === text.toUpperCase());
}

/** The text, unless it is missing or a placeholder. */
export function valueOf(cell: Cell | undefined): string | undefined {
  const text = textOf(cell);
  return text === undefined || isPlaceholder(text) ? undefined : text;
}

/** An id as it is compared: without the blanks behind it. */
export function keyOf(cell: Cell | undefined): string | undefined {
  if (cell === null || cell === undefined) return undefined;
  const key = String(cell).trimEnd();
  return key.trim() === '' || isPlaceholder(key.trim()) ? undefined : key;
}

/** An id as a finding names it: without the blanks behind it, whatever it is. */
export function rowIdOf(cell: Cell | undefined): string | undefined {
  if (cell === null || cell === undefined) return undefined;
  const id = String(cell).trimEnd();
  return id === '' ? undefined : id;
}

export type DateSaid =
  { readonly is: 'none' } | { readonly is: 'date'; readonly date: string } | { readonly is: 'unreadable' };

const isoDate =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?$/i;

/**
 * What a date cell says. A sentinel, a day so far away that it means no date, and a text that is not an ISO date are
 * unreadable; so is a column that is absent.
 */
export function dateOf(cell: Cell | undefined, columnExists: boolean): DateSaid {
  if (!columnExists) return { is: 'unreadable' };
  const text = textOf(cell);
  if (text === undefined) return { is: 'none' };
  const date = isoDate.exec(text)?.[1];
  if (
    date === undefined ||
    !isCalendarDay(date) ||
    date >= policy.farFuture ||
    policy.sentinelDates.some((sentinel) => sentinel === date)
  )
    return { is: 'unreadable' };
  return { is: 'date', date };
}

export function isCalendarDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

function normalise(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/[‐-―−]/g, '-')
    .replace(/\s+/g, ' ');
}

/** Whether a cell says this code, and by what. */
export function saysCode(
  cms: Cms,
  field: CodedField,
  cell: Cell | undefined,
  code: string,
): 'yes' | 'guessed' | 'no' {
  const value = valueOf(cell);
  if (value === undefined || !isNationalCode(field, code)) return 'no';
  const text = normalise(value);
  if (text === code || mappedCode(cms, field, text) === code) return 'yes';
  if (field === 'careLeaverAccommodation' && new RegExp(`^${code}[12]$`).test(text)) return 'yes';
  if (!text.startsWith(code)) return 'no';
  const rest = text.slice(code.length);
  if (/^ ?[-:)]/.test(rest)) return 'yes';
  if (!rest.startsWith(' ')) return 'no';
  // Before a blank alone, a letter or a number is as likely the beginning of a word or a count.
  const looksLikeCode = /[A-Z]/.test(code) && /\d/.test(code);
  return looksLikeCode || describes(cms, field, rest, code) ? 'yes' : 'guessed';
}

/** Whether any code at all can be read in the cell: what need not be read need not be sent. */
export function flagOf(cell: Cell | undefined): boolean | undefined {
  const text = valueOf(cell)?.toUpperCase();
  if (text === undefined) return undefined;
  if (['Y', 'T', '1', 'TRUE', 'YES'].includes(text)) return true;
  if (['N', 'F', '0', 'FALSE', 'NO'].includes(text)) return false;
  return undefined;
}

export function postcodeKey(text: string): string {
  return text.toUpperCase().replace(/\s/g, '');
}

/** What the cell of one factor row says. */
interface FactorsSaid {
  readonly codes: ReadonlySet<string>;
  /** Every element could be read, so that a code that is not there is positively not there. */
  readonly isComplete: boolean;
  /** The cell holds nothing at all. */
  readonly isEmpty: boolean;
}

const longestCell = 5_000_000;

export function factorsOf(cell: Cell | undefined, columnExists: boolean): FactorsSaid {
  const codes = new Set<string>();
  const text = columnExists ? textOf(cell) : undefined;
  if (text === undefined || text.toLowerCase() === 'null') {
    return { codes, isComplete: columnExists && policy.emptyFactorCellIsNone, isEmpty: true };
  }
  const unreadable = { codes, isComplete: false, isEmpty: false };
  if (text.length > longestCell) return unreadable;
  if (!/^[[{"]/.test(text)) {
    const isComplete = text.split(',').every((part) => addFactor(codes, part));
    return { codes, isComplete, isEmpty: false };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable;
  }
  if (typeof json === 'string') return { codes, isComplete: addFactor(codes, json), isEmpty: false };
  if (Array.isArray(json)) {
    const elements: readonly unknown[] = json;
    let isComplete = true;
    for (const element of elements) if (!addFactor(codes, element)) isComplete = false;
    return { codes, isComplete, isEmpty: false };
  }
  if (typeof json !== 'object' || json === null) return unreadable;
  let isComplete = true;
  for (const [key, flag] of Object.entries(json)) {
    const said = factorFlag(flag);
    if (said === undefined) isComplete = false;
    if (said === true && !addFactor(codes, key)) isComplete = false;
  }
  return { codes, isComplete, isEmpty: false };
}

/** @returns false when there is something and it is not a factor */
function addFactor(codes: Set<string>, element: unknown): boolean {
  if (element === null || element === undefined) return true;
  if (typeof element !== 'string' && typeof element !== 'number') return false;
  const text = normalise(String(element));
  if (text === '') return true;
  const code = /^([A-Z0-9]+)(?: ?[-:)].*| .*)?$/.exec(text)?.[1] ?? '';
  if (!isNationalCode('assessmentFactor', code)) return false;
  codes.add(code);
  return true;
}

function factorFlag(flag: unknown): boolean | undefined {
  if (flag === null) return false;
  if (typeof flag === 'string' && flag.trim() === '') return false;
  if (typeof flag === 'string' || typeof flag === 'number' || typeof flag === 'boolean') return flagOf(flag);
  return undefined;
}

/** What the outcome of a section 47 enquiry says about a conference. */
type OutcomeSaid = 'yes' | 'no' | 'perhaps yes' | 'nothing' | 'unreadable';

const conferenceFlags = ['CP_CONFERENCE_FLAG', 'OUTCOME_CP_CONFERENCE_FLAG'];

export function outcomeOf(cms: Cms, cell: Cell | undefined, columnExists: boolean): OutcomeSaid {
  if (!columnExists) return 'unreadable';
  const text = textOf(cell);
  if (text === undefined) return 'nothing';
  if (text.startsWith('{')) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return 'unreadable';
    }
    if (typeof json !== 'object' || json === null) return 'unreadable';
    const flags: readonly (readonly [string, unknown])[] = Object.entries(json);
    const found = flags.filter(([key, flag]) => conferenceFlags.includes(key.toUpperCase()) && flag !== null);
    const [first] = found;
    if (first === undefined) return 'nothing';
    const [, flag] = first;
    if (typeof flag !== 'string' && typeof flag !== 'number' && typeof flag !== 'boolean')
      return 'unreadable';
    if (textOf(flag) === undefined) return 'nothing';
    const said = flagOf(flag);
    return said === undefined ? 'unreadable' : said ? 'yes' : 'no';
  }
  // A comma list of outcomes in words is Mosaic's alone.
  if (cms !== 'mosaic' || isPlaceholder(text)) return 'unreadable';
  if (text.split(',').some((part) => isConferenceOutcome(cms, part))) return 'yes';
  const words = normalise(text);
  if (/^\W*(N\/?A|NULL|NONE|UNKNOWN)?\W*$/.test(words) || text.startsWith('[')) return 'unreadable';
  if (/CONFERENCE|ICPC|\bCPC\b/.test(words)) return 'perhaps yes';
  return 'no';
}

/** The number of a score cell, when it is one from 0 to 40. */
export function scoreOf(cell: Cell | undefined): number | undefined {
  const text = valueOf(cell);
  if (text === undefined || !/^\d+(\.0+)?$/.test(text)) return undefined;
  const score = Number(text);
  return score <= 40 ? score : undefined;
}

export function cellOf(row: Row, column: string): Cell | undefined {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}
