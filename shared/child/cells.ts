import type { PlainDate } from './dates.js';

/**
 * What is in a column and cannot be read. It is neither a value nor "nothing": DfE keeps what it holds of it.
 *
 * - `absent`: the SSD does not have the column. Preflight says so; no finding names a row for it.
 * - `contradictory`: two rows of one record say different things.
 * - `placeholder`: a date that means no date, such as 1900-01-01.
 * - `form`: something that is not of the kind the column is for.
 */
export interface Unreadable {
  readonly unreadable: 'absent' | 'contradictory' | 'placeholder' | 'form';
  /** The class of what is there, see `classOf`; never the value. */
  readonly found: string;
  /** The values of a contradiction, for a decision that comes out the same with each of them. Never sent, never shown. */
  readonly either?: readonly (string | null)[];
}

/** One column of one row: a value, nothing (the source says that there is none), or what cannot be read. */
export type Cell<Value> = Value | null | Unreadable;

export type TextCell = Cell<string>;
export type DateCell = Cell<PlainDate>;

/** The cell of every row in a column that the SSD does not have. */
export const absentColumn: Unreadable = { unreadable: 'absent', found: 'a column that is not there' };

export function isUnreadable(cell: Cell<string>): cell is Unreadable {
  return typeof cell === 'object' && cell !== null;
}

/** The value, or null when there is none or it cannot be read: for putting rows in order, never for sending. */
export function readable<Value extends string>(cell: Cell<Value>): Value | null {
  return isUnreadable(cell) ? null : cell;
}

/** Unreadable in this row; a column that is not there leaves the order to the others. */
export function isInDoubt(cell: Cell<string>): boolean {
  return isUnreadable(cell) && cell.unreadable !== 'absent';
}

/** The text without blanks around it; `undefined` when nothing is left. */
export function presentText(value: string | null): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

/** The same of a cell; `undefined` also when it cannot be read. */
export function readableText(cell: TextCell): string | undefined {
  return presentText(readable(cell));
}
