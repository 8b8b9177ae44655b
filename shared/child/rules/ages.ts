import { readable } from '../cells.js';
import type { PlainDate } from '../dates.js';
import { birthday } from './censusDays.js';
import type { Facts } from './facts.js';

/** Whether a day is before the birthday on which a child becomes so many years old; false where either is not known. */
export function isYounger({ person }: Facts, years: number, day: PlainDate | null | undefined): boolean {
  const birth = readable(person.pers_dob);
  return birth !== null && day !== null && day !== undefined && day < birthday(birth, years);
}

/** Whether a day is on that birthday or after it; false where either is not known. */
export function isOlder({ person }: Facts, years: number, day: PlainDate | null | undefined): boolean {
  const birth = readable(person.pers_dob);
  return birth !== null && day !== null && day !== undefined && day >= birthday(birth, years);
}
