import type { Child } from '../payload.js';

type Details = Child['child_details'];

/** The ages in years at which a band begins. */
const bands = [
  [0, 'under 1'],
  [1, '1 to 4'],
  [5, '5 to 9'],
  [10, '10 to 15'],
  [16, '16 to 17'],
  [18, '18 and over'],
] as const;

/** The age groups of the statistics, and what they leave out. */
export const ageBands = ['unborn', ...bands.map(([, name]) => name), 'not known'] as const;
export type AgeBand = (typeof ageBands)[number];

/** The codes of the collection, and children without one. */
export const sexes = ['M', 'F', 'U', 'not known'] as const;
type Sex = (typeof sexes)[number];

/** In words for a person. */
export const sexTexts: Readonly<Record<Sex, string>> = {
  M: 'male',
  F: 'female',
  U: 'unknown to the council',
  'not known': 'not known',
};

/** The age group of a child at a date. */
export function ageBandOn(
  {
    date_of_birth: birth,
    expected_date_of_birth: expected,
  }: Pick<Details, 'date_of_birth' | 'expected_date_of_birth'>,
  date: string,
): AgeBand {
  if (birth === undefined) return expected === undefined ? 'not known' : 'unborn';
  if (birth > date) return 'unborn';
  const age = ageOn(birth, date);
  return bands.findLast(([from]) => age >= from)?.[1] ?? 'not known';
}

/** In whole years. A child born on 29 February has its birthday on 1 March in other years. */
function ageOn(birth: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birth.slice(0, 4));
  return date.slice(5) < birth.slice(5) ? years - 1 : years;
}

export function sexOf({ sex }: Pick<Details, 'sex'>): Sex {
  return sexes.find((code) => code === sex) ?? 'not known';
}
