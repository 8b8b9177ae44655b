import { addToDate, plainDate, type PlainDate } from '../dates.js';
import type { Window } from '../window.js';

/** A day on which figures are counted, and the first day of the year that it ends. */
export interface RehearsalDay {
  readonly day: PlainDate;
  readonly yearStart: PlainDate;
}

export function rehearsalDay(day: PlainDate): RehearsalDay {
  return { day, yearStart: addToDate(addToDate(day, { days: 1 }), { years: -1 }) };
}

/** The same point of the year before: the day before the year of a day begins. */
export function aYearBefore(day: PlainDate): PlainDate {
  return addToDate(rehearsalDay(day).yearStart, { days: -1 });
}

/** Three years of months: a longer window does not make the figures of a run larger. */
const mostDays = 37;

/**
 * The days on which the figures of a run are counted: the last day of each month, from the first 31 March that has a
 * whole year of the window before it to the first 31 March on or after the date of the run.
 */
export function rehearsalDays({ start, today }: Window): readonly RehearsalDay[] {
  const firstOfMonths: PlainDate[] = [];
  const next = nextCensus(today);
  for (let day = addToDate(start, { years: 1 }); addToDate(day, { days: -1 }) <= next;) {
    firstOfMonths.push(day);
    day = addToDate(day, { months: 1 });
  }
  return firstOfMonths.slice(-mostDays).map((first) => rehearsalDay(addToDate(first, { days: -1 })));
}

/** The first 31 March on or after a date. */
function nextCensus(date: PlainDate): PlainDate {
  const census = plainDate(`${date.slice(0, 4)}-03-31`);
  return date <= census ? census : addToDate(census, { years: 1 });
}

/** `2026-12` */
export function monthOf(day: PlainDate): string {
  return day.slice(0, 7);
}
