import { isUnreadable, type DateCell } from './cells.js';
import type { PlainDate } from './dates.js';
import { unknown, type Maybe } from './draft.js';
import type { Source, ValueReader } from './values/valueReader.js';
import type { Window } from './window.js';

/** `unknown`: the source does not say. It is not "no". */
export type Answer = 'yes' | 'no' | 'unknown';

/** `yes` when one says so, else `unknown` when one cannot say. */
export function anyOf(answers: Iterable<Answer>): Answer {
  let found: Answer = 'no';
  for (const answer of answers) {
    if (answer === 'yes') return answer;
    if (answer === 'unknown') found = answer;
  }
  return found;
}

/** Whether a day lies in the window. No day lies in none. */
export function within(window: Window, date: DateCell): Answer {
  if (isUnreadable(date)) return 'unknown';
  return date !== null && date >= window.start && date <= window.end ? 'yes' : 'no';
}

/**
 * Whether a stretch of time overlaps the window: it starts on or before the window's end and has no end, or ends on or
 * after the window's start. Without a readable start, or with an end that cannot be read or is before the start, that
 * may not be known.
 */
export function overlapping(window: Window, from: DateCell, to: DateCell): Answer {
  const start = isUnreadable(from) || from === null ? undefined : from;
  if (start !== undefined && start > window.end) return 'no';
  const isEndKnown = !isUnreadable(to) && !isReversed(from, to);
  if (isEndKnown && to !== null && to < window.start) return 'no';
  if (start === undefined) return 'unknown';
  return isEndKnown || start >= window.start ? 'yes' : 'unknown';
}

/** Where an item is in time. Nothing is sent of one that is `unknown`, except what DfE holds already. */
type Period = InTime | { readonly is: 'out' } | { readonly is: 'unknown' };

export interface InTime {
  readonly is: 'in';
  readonly start: Maybe<PlainDate>;
  readonly end: PlainDate | undefined;
}

/** The columns of an item's start and end. */
export interface PeriodColumns {
  readonly start: string;
  readonly end: string;
}

/**
 * Where an item is in time, with a finding for everything that keeps it, or a part of it, from being sent.
 * Source: cohort-and-mapping.md, "What goes in" and Values 5: without its end an item would say that it is open.
 *
 * @param isIn something else puts the item into the window, as a conference of an enquiry does
 */
export function periodOf(
  window: Window,
  from: DateCell,
  to: DateCell,
  source: Source,
  columns: PeriodColumns,
  values: ValueReader,
  isIn = false,
): Period {
  const answer = overlapping(window, from, to);
  if (answer === 'no' && !isIn) {
    if (isInFuture(window, from)) {
      values.leaveOut('date-in-future', source, columns.start, 'a date after tomorrow');
    } else {
      values.outOfScope(source.table, 'outsideWindow', ...(source.row === undefined ? [] : [source.row]));
    }
    return { is: 'out' };
  }
  const start = values.date(from, source, columns.start);
  const end = endOf(from, to, source, columns, values);
  if (from === null && !isIn) values.leaveOut('date-missing', source, columns.start, 'nothing');
  if (end === unknown || (answer === 'unknown' && !isIn)) return { is: 'unknown' };
  return { is: 'in', start, end };
}

function isInFuture(window: Window, from: DateCell): boolean {
  return from !== null && !isUnreadable(from) && from > window.end;
}

function endOf(
  from: DateCell,
  to: DateCell,
  source: Source,
  columns: PeriodColumns,
  values: ValueReader,
): Maybe<PlainDate> {
  const isKnown = !reportReversed(from, to, source, columns.end, values);
  return isKnown ? values.date(to, source, columns.end) : unknown;
}

/** Whether an end is before its start: which of the two is wrong is not known. */
export function isReversed(from: DateCell, to: DateCell): boolean {
  if (isUnreadable(from) || isUnreadable(to)) return false;
  return from !== null && to !== null && to < from;
}

/** Names an end that is before its start. @returns whether it is */
export function reportReversed(
  from: DateCell,
  to: DateCell,
  source: Source,
  endColumn: string,
  values: ValueReader,
): boolean {
  const isIt = isReversed(from, to);
  if (isIt) values.leaveOut('end-before-start', source, endColumn, 'a date before the start');
  return isIt;
}
