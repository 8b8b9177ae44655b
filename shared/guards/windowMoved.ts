import type { GuardFacts } from './guard.js';

/** What to add where a window that has moved on explains the figures. */
export function windowMoved({ windowStart, windowStartBefore }: GuardFacts): string {
  if (windowStartBefore === undefined || windowStartBefore >= windowStart) return '';
  return ` The window has moved since the run before: its first day was ${windowStartBefore} and is now ${windowStart}. Around 1 April, or when COHORT_WINDOW_MONTHS is lowered, a year's items and children leave the window, so expect figures like these.`;
}
