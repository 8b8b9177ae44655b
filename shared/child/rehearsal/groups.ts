import { ageBands, sexes } from './bands.js';
import type { FiguresOfDay } from './rehearsal.js';

/** One group of what a figure counts: all, an age group or a sex. */
export interface Group {
  readonly split: 'total' | 'age' | 'sex';
  readonly name: string;
}

export const all: Group = { split: 'total', name: 'all' };

export const groups: readonly Group[] = [
  all,
  ...ageBands.map((name) => ({ split: 'age', name }) as const),
  ...sexes.map((name) => ({ split: 'sex', name }) as const),
];

/** How many of a figure are in a group; `undefined` when it is not known, or the version that counted did not have it. */
export function numberIn(figures: FiguresOfDay, code: string, { split, name }: Group): number | undefined {
  const counted = figures[code];
  if (counted === undefined || 'notKnown' in counted) return undefined;
  if (split === 'total') return counted.total;
  return (split === 'age' ? counted.ages : counted.sexes)[name] ?? 0;
}
