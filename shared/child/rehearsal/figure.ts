import type { Category } from '../categories.js';
import type { Child } from '../payload.js';
import type { SsdTable } from '../sourceRows.js';
import type { Window } from '../window.js';
import type { RehearsalDay } from './days.js';

/** A stretch of time. Without an end it is still open. Items of a payload with both dates are such stretches. */
export interface Stretch {
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
}

/** One number that a return of the council to DfE would show, counted from what is sent. */
interface FigureFacts {
  /** For programs. It does not change. */
  readonly code: string;
  readonly title: string;
  /** The children in need census, or the return about children looked after. */
  readonly census: 'CIN' | 'SSDA903';
  /** What is counted, in the plural. */
  readonly unit: string;
  /** How it is counted, in words for a person. */
  readonly counted: string;
  /** How it may differ from what the return shows. */
  readonly differs: string;
  /** Without these categories, or these tables of the SSD, it is not known. */
  readonly categories: readonly Category[];
  readonly tables: readonly SsdTable[];
  /** The first day from which everything that it counts is sent. */
  readonly since: Extract<keyof Window, 'start' | 'plansStart' | 'placementsStart'>;
  /** Which of a child's: each one, or only one, for a figure that counts children. */
  readonly takes: 'each' | 'first' | 'last';
}

/** What is open on the day. The age is that on the day. */
interface FigureOnTheDay extends FigureFacts {
  readonly kind: 'on the day';
  readonly takes: 'each' | 'first';
  readonly stretches: (child: Child) => readonly Stretch[];
}

/** What happened in the year that ends on the day. The age is that when it happened. */
interface FigureInTheYear extends FigureFacts {
  readonly kind: 'in the year to the day';
  readonly dates: (child: Child) => readonly (string | undefined)[];
}

export type Figure = FigureOnTheDay | FigureInTheYear;

/** What of a child is counted on a day: for each, the date at which its age counts. */
type CountedOn = (day: RehearsalDay) => readonly string[];

/**
 * What a figure counts of a child, day by day. Everything that does not depend on the day is done once.
 * @returns `undefined` when it counts nothing of the child on any day
 */
export function countedOf(figure: Figure, child: Child): CountedOn | undefined {
  return figure.kind === 'on the day' ? openOf(figure, child) : happenedOf(figure, child);
}

function openOf({ stretches, takes }: FigureOnTheDay, child: Child): CountedOn | undefined {
  const all = stretches(child);
  if (all.length === 0) return undefined;
  return ({ day }) => {
    const open = all.filter((stretch) => isOpen(stretch, day));
    return (takes === 'first' ? open.slice(0, 1) : open).map(() => day);
  };
}

/** Whether it has begun and has not ended by the end of the day. */
function isOpen({ start_date: start, end_date: end }: Stretch, day: string): boolean {
  return start !== undefined && start <= day && (end === undefined || end > day);
}

function happenedOf({ dates, takes }: FigureInTheYear, child: Child): CountedOn | undefined {
  const all = dates(child)
    .filter((date) => date !== undefined)
    .sort();
  if (all.length === 0) return undefined;
  return ({ day, yearStart }) => {
    const inYear = all.filter((date) => date >= yearStart && date <= day);
    if (takes === 'each') return inYear;
    return takes === 'first' ? inYear.slice(0, 1) : inYear.slice(-1);
  };
}
