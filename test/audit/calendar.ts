import type { DateSaid } from './values.js';

/** The window of a run, by the specification: inclusive at both ends. */
export interface Window {
  readonly start: string;
  readonly end: string;
  /** Every 31 March inside it. */
  readonly censusDays: readonly string[];
}

const millisecondsPerDay = 86_400_000;

export function windowOf(today: string): Window {
  const end = new Date(Date.parse(`${today}T00:00:00Z`) + millisecondsPerDay).toISOString().slice(0, 10);
  const year = Number(today.slice(0, 4)) - 2;
  const start = `${String(today.slice(5) < '04-01' ? year - 1 : year)}-04-01`;
  const censusDays: string[] = [];
  for (let census = Number(start.slice(0, 4)); census <= Number(end.slice(0, 4)); census += 1) {
    const day = `${String(census)}-03-31`;
    if (day >= start && day <= end) censusDays.push(day);
  }
  return { start, end, censusDays };
}

/** The day on which someone has lived so many years, close enough for comparing with a first of April. */
export function yearsAfter(date: string, years: number): string {
  return `${String(Number(date.slice(0, 4)) + years).padStart(4, '0')}${date.slice(4)}`;
}

export type Tri = 'yes' | 'no' | 'unknown';

export function isWithin(window: Window, said: DateSaid): Tri {
  if (said.is === 'unreadable') return 'unknown';
  if (said.is === 'none') return 'no';
  return said.date >= window.start && said.date <= window.end ? 'yes' : 'no';
}

/** Whether something with these dates overlaps the window. An end before the start cannot be read as an end. */
export function overlaps(window: Window, start: DateSaid, end: DateSaid): Tri {
  if (start.is === 'date' && start.date > window.end) return 'no';
  if (start.is !== 'date') return end.is === 'date' && end.date < window.start ? 'no' : 'unknown';
  if (end.is === 'none') return 'yes';
  if (end.is === 'unreadable' || end.date < start.date) return 'unknown';
  return end.date >= window.start ? 'yes' : 'no';
}

export function any(answers: readonly Tri[]): Tri {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

export function all(answers: readonly Tri[]): Tri {
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}
