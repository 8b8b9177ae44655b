import { z } from 'zod';
import { collectionYearOf, type CollectionYear } from '../codes/codeLists.js';
import { addToDate, isPlainDate, plainDate, type PlainDate } from '../dates.js';
import bankHolidays from './bankHolidays.json';

/**
 * The days by which the rules judge: as if the return were made of the day of the run. What the specifications call the
 * reference date is `today`; the collection year is the one that `today` is in.
 */
export interface CensusDays {
  readonly today: PlainDate;
  readonly year: CollectionYear;
  /** 1 April. */
  readonly yearStart: PlainDate;
  /** 31 March. */
  readonly yearEnd: PlainDate;
  /** 31 August of the collection year, and of the year before. */
  readonly schoolDay: PlainDate;
  readonly schoolDayBefore: PlainDate;
  readonly days15Ago: PlainDate;
  readonly days45Ago: PlainDate;
}

const holidays: ReadonlySet<string> = new Set(
  z.array(z.string().refine(isPlainDate, 'must be a day')).parse(bankHolidays.days),
);

let newest: CensusDays | undefined;

/** Made once for all children of a run. */
export function censusDays(today: PlainDate): CensusDays {
  if (newest?.today !== today) newest = daysOf(today);
  return newest;
}

function daysOf(today: PlainDate): CensusDays {
  const year = collectionYearOf(today);
  const yearStart = plainDate(`${year.slice(0, 4)}-04-01`);
  const schoolDay = addToDate(yearStart, { months: 4, days: 30 });
  return {
    today,
    year,
    yearStart,
    yearEnd: addToDate(addToDate(yearStart, { years: 1 }), { days: -1 }),
    schoolDay,
    schoolDayBefore: addToDate(schoolDay, { years: -1 }),
    days15Ago: workingDaysBefore(today, 15),
    days45Ago: workingDaysBefore(today, 45),
  };
}

/** The day that lies so many working days of England before another. */
export function workingDaysBefore(day: PlainDate, workingDays: number): PlainDate {
  let [left, at] = [workingDays, day];
  while (left > 0) {
    at = addToDate(at, { days: -1 });
    if (!isWeekend(at) && !holidays.has(at)) left -= 1;
  }
  return at;
}

export function isWeekend(day: PlainDate): boolean {
  const weekday = new Date(day).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** The days from one date to another; exact, for both count from midnight UTC. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

/**
 * The day on which somebody born on a day becomes so many years old; for one born on 29 February it is the 28th where
 * there is none. It takes any date that may be in a source: one near the end of the calendar stays there. Without
 * Temporal, as the rules ask for it often.
 */
export function birthday(birth: PlainDate, years: number): PlainDate {
  const year = Math.min(Number(birth.slice(0, 4)) + years, 9999);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const day = birth.endsWith('-02-29') && !isLeap ? '-02-28' : birth.slice(4);
  const text = `${String(year).padStart(4, '0')}${day}`;
  return isDay(text) ? text : birth;
}

function isDay(text: string): text is PlainDate {
  return text.length === 10;
}
