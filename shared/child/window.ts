import { addToDate, plainDate, type PlainDate } from './dates.js';

/** The rolling period a run reports on. Both ends are inside. */
export interface Window {
  readonly today: PlainDate;
  /** The 1 April on or before today minus the months of the window. */
  readonly start: PlainDate;
  /** Tomorrow. */
  readonly end: PlainDate;
  /** Every 31 March inside the window, in order: the census days on which care workers are reported. */
  readonly censusDates: readonly PlainDate[];
}

/** Source: DfE early adopter specification; D2I's builder has it as its variable `@months_back`. */
export const defaultWindowMonths = 24;

/**
 * The window of a run.
 * Source: DfE early adopter specification as Data to Insight's builder v0.4.8 applies it, except the census dates:
 * every 31 March inside the window counts, not only those of the years of its two ends.
 * @param months how far it goes back at least: 24 to 36
 */
export function windowOf(today: PlainDate, months = defaultWindowMonths): Window {
  const anchor = addToDate(today, { months: -months });
  const year = Number(anchor.slice(0, 4));
  const start = plainDate(`${String(anchor.slice(5) < '04-01' ? year - 1 : year)}-04-01`);
  const end = addToDate(today, { days: 1 });
  const censusDates: PlainDate[] = [];
  for (let census = addToDate(addToDate(start, { years: 1 }), { days: -1 }); census <= end;) {
    censusDates.push(census);
    census = addToDate(census, { years: 1 });
  }
  return { today, start, end, censusDates };
}
