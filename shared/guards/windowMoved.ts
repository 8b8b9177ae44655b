import type { GuardFacts } from './guard.js';

/** What to add where a window that has moved on explains the figures. */
export function windowMoved({ windowStart, windowStartBefore }: GuardFacts): string {
  if (windowStartBefore === undefined || windowStartBefore >= windowStart) return '';
  return ` The window has moved on since the run before, its first day from ${windowStartBefore} to ${windowStart}: around 1 April, or when COHORT_WINDOW_MONTHS is lowered, a year's items and children fall out of it, so that such figures are to be expected.`;
}
