import type { Clock } from '../../shared/deployment/patience.js';

/** A clock that only waiting moves on, at once. */
export function aClock(start = 0): Clock {
  let now = start;
  return { now: () => now, wait: (milliseconds) => Promise.resolve((now += milliseconds)) };
}
