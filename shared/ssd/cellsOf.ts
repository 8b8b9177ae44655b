import { isPlainDate, type PlainDate } from '../child/dates.js';
import { classOf } from '../child/findings.js';
import type { DateCell, TextCell, Unreadable } from '../child/cells.js';
import { withoutPadding } from '../database/idForm.js';

/** Many times what a POST could carry: not worth the memory. */
export const longestText = 4 * 1024 * 1024;

/**
 * A driver's value as text. It never throws: text stays as it is; numbers, flags and documents are written out. What
 * is not text, holds a NUL (which no column of PostgreSQL can) or is too long is unreadable.
 */
export function textCell(value: unknown): TextCell {
  if (value === null || value === undefined) return null;
  const text = textOf(value);
  if (text === undefined) return form('a value that is not text');
  if (text.length > longestText) return form(`a text of more than ${String(longestText)} characters`);
  return text.includes('\0') ? form('a text with a NUL') : text;
}

/** From here on a date says that there is none: 2999-12-31, 9999-12-31. */
const farFuture = '2900-01-01';

const day =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * The day of a driver's value: a `Date` (of the day in UTC), or text that begins as 2026-05-31 does and has a time behind it or
 * nothing. All other forms are unreadable: 03/04/2026 may be March or April.
 * @param placeholders days that mean no day
 */
export function dateCell(value: unknown, placeholders: ReadonlySet<string>): DateCell {
  const text = textCell(value);
  if (typeof text !== 'string') return text;
  if (text.trim() === '') return null;
  const found = dayOf(day.exec(text.trim())?.[1]);
  if (found === undefined) return form(classOf(text));
  return placeholders.has(found) || found >= farFuture
    ? { unreadable: 'placeholder', found: 'a date that stands for none' }
    : found;
}

/** Days that were found to be in the calendar: an SSD has few, and many dates. */
const knownDays = new Map<string, PlainDate>();
const mostDays = 50_000;

function dayOf(text: string | undefined): PlainDate | undefined {
  const known = text === undefined ? undefined : knownDays.get(text);
  if (known !== undefined || text === undefined || !isPlainDate(text)) return known;
  if (knownDays.size >= mostDays) knownDays.clear();
  knownDays.set(text, text);
  return text;
}

/** A driver's value as an id: text without the blanks behind it, null when nothing is left. */
export function idOf(value: unknown): string | null {
  const text = textOf(value);
  if (text === undefined || text.trim() === '') return null;
  // A NUL is replaced, not dropped: without it two ids could become one.
  return withoutPadding(text).replaceAll('\0', '\uFFFD');
}

/** What cannot be written (a document 20,000 levels deep, a date beyond the calendar) is not text. */
function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      try {
        return value === null ? undefined : documentText(value);
      } catch {
        return undefined;
      }
    default:
      return undefined;
  }
}

function documentText(value: object): string | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return undefined;
  const text: unknown = value instanceof Date ? value.toISOString() : JSON.stringify(value);
  return typeof text === 'string' ? text : undefined;
}

function form(found: string): Unreadable {
  return { unreadable: 'form', found };
}
