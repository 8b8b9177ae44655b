/** A day as the number of days since 1 January 1970: cheap to add to, which a long history needs. */
export type Day = number;

const millisecondsPerDay = 86_400_000;
const dateShape = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * @param date `yyyy-MM-dd`
 * @throws RangeError when it is not such a date
 */
export function dayOf(date: string): Day {
  const [, year, month, day] = dateShape.exec(date) ?? [];
  const days = Date.UTC(Number(year), Number(month) - 1, Number(day)) / millisecondsPerDay;
  if (Number.isNaN(days) || dateOf(days) !== date) throw new RangeError(`"${date}" is not a date yyyy-MM-dd`);
  return days;
}

const written = new Map<Day, string>();

/** The day as `yyyy-MM-dd`. */
export function dateOf(day: Day): string {
  let date = written.get(day);
  if (date === undefined) {
    date = new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
    written.set(day, date);
  }
  return date;
}

/** The day on which someone born on `birth` turns `age`. Born on 29 February: 1 March of a common year. */
export function birthday(birth: Day, age: number): Day {
  const born = new Date(birth * millisecondsPerDay);
  return Date.UTC(born.getUTCFullYear() + age, born.getUTCMonth(), born.getUTCDate()) / millisecondsPerDay;
}

/** The first day of the reporting window: the 1 April on or before the day 24 months before `today`. */
export function windowStartOf(today: Day): Day {
  const date = dateOf(today);
  const year = Number(date.slice(0, 4)) - 2;
  return dayOf(`${date.slice(5) < '04-01' ? year - 1 : year}-04-01`);
}

/** That day, or the Monday after it. Day 0 was a Thursday. */
export function onWeekday(day: Day): Day {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 6 ? day + 2 : weekday === 0 ? day + 1 : day;
}
