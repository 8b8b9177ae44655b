import type { WindowMonths } from '../child/window.js';
import { count } from './scalars.js';

/** How many months of history a run goes back. */
export const monthsSchema = {
  windowMonths: count,
  plansMonths: count.optional().describe('The same for plans, where fewer months of them are agreed.'),
  placementsMonths: count
    .optional()
    .describe('The same for placements, where fewer months of them are agreed.'),
};

export interface Months {
  readonly windowMonths: number;
  readonly plansMonths?: number | undefined;
  readonly placementsMonths?: number | undefined;
}

export function monthsOf({ months, plans, placements }: WindowMonths): Months {
  return {
    windowMonths: months,
    ...(plans === undefined ? {} : { plansMonths: plans }),
    ...(placements === undefined ? {} : { placementsMonths: placements }),
  };
}

/** Without what else is known of the run. */
export function onlyMonths({ windowMonths: months, plansMonths, placementsMonths }: Months): Months {
  return monthsOf({ months, plans: plansMonths, placements: placementsMonths });
}

/** Whether any of it goes back further. */
export function isLonger(one: Months, other: Months): boolean {
  const { windowMonths, plansMonths = windowMonths, placementsMonths = windowMonths } = other;
  return (
    one.windowMonths > windowMonths ||
    (one.plansMonths ?? one.windowMonths) > plansMonths ||
    (one.placementsMonths ?? one.windowMonths) > placementsMonths
  );
}
