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
  /** The first day for plans, and for placements: the start, or later where fewer months of them are agreed. */
  readonly plansStart: PlainDate;
  readonly placementsStart: PlainDate;
}

/** Source: DfE early adopter specification; D2I's builder has it as its variable `@months_back`. */
export const defaultWindowMonths = 24;

/** How far the window goes back at least, in months. Plans and placements go back as far as the rest unless it is said. */
export interface WindowMonths {
  readonly months: number;
  readonly plans?: number | undefined;
  readonly placements?: number | undefined;
}

/**
 * The window of a run.
 * Source: DfE early adopter specification as Data to Insight's builder v0.4.8 applies it, except the census dates:
 * every 31 March inside the window counts, not only those of the years of its two ends.
 */
export function windowOf(
  today: PlainDate,
  { months, plans = months, placements = months }: WindowMonths = { months: defaultWindowMonths },
): Window {
  const start = startOf(today, months);
  const end = addToDate(today, { days: 1 });
  const censusDates: PlainDate[] = [];
  for (let census = addToDate(addToDate(start, { years: 1 }), { days: -1 }); census <= end;) {
    censusDates.push(census);
    census = addToDate(census, { years: 1 });
  }
  return {
    today,
    start,
    end,
    censusDates,
    plansStart: startOf(today, plans),
    placementsStart: startOf(today, placements),
  };
}

/** The 1 April on or before the day that lies so many months back. */
function startOf(today: PlainDate, months: number): PlainDate {
  const anchor = addToDate(today, { months: -months });
  const year = Number(anchor.slice(0, 4));
  return plainDate(`${String(anchor.slice(5) < '04-01' ? year - 1 : year)}-04-01`);
}

/** The window of child in need plans and child protection plans. */
export function windowOfPlans(window: Window): Window {
  return { ...window, start: window.plansStart };
}

export function windowOfPlacements(window: Window): Window {
  return { ...window, start: window.placementsStart };
}
