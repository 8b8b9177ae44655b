import type { Child } from '../child/payload.js';
import type { Window } from '../child/window.js';
import type { OwnFigures } from '../records/figures.js';

/** Counts the referrals from before the window, by the rule by which each is sent. */
export function addOlderReferrals(figures: OwnFigures, child: Child, { start }: Window): void {
  for (const { referral_date: begun, closure_date: closed } of child.social_care_episodes ?? []) {
    if (begun === undefined || begun >= start) continue;
    if (closed === undefined) figures.olderReferralsOpen += 1;
    else if (closed >= start) figures.olderReferralsClosedInWindow += 1;
    else figures.olderReferralsWithItemInWindow += 1;
  }
}
