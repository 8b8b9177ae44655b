import { randomFrom } from './random.js';
import * as stories from './stories.js';

export interface Persona {
  readonly name: string;
  /** How many of 1,000 children. */
  readonly share: number;
  /** Whether the default rules (D2I v0.4.8) put the child in the cohort on the day the SSD is made for. */
  readonly inCohort: boolean;
  /** Came without a family: shares no surname or address with anyone. */
  readonly alone: boolean;
  readonly story: stories.Story;
}

function kind(
  name: string,
  share: number,
  cohort: 'in' | 'out',
  story: stories.Story,
  alone = false,
): Persona {
  return { name, share, inCohort: cohort === 'in', alone, story };
}

/**
 * The kinds of children, relative to `today` and to the window's first day (the 1 April on or before today
 * minus 24 months).
 *
 * | persona | cohort | story |
 * |---|---|---|
 * | referralOnly | in | one referral in the window, no further action, closed within days |
 * | waiting | in | referred in the last fortnight, no assessment yet |
 * | assessed | in | referral, one authorised assessment with factors, closed with RC8 or RC9 in the window |
 * | childInNeed | in | assessment, sometimes a section 47 enquiry without conference, CIN plans; open or closed |
 * | disabled | in | as childInNeed, open for up to eight years, yearly assessments, one to three disability codes |
 * | childProtection | in | section 47 enquiry, conference, child protection plan, then CIN plan and closure |
 * | lookedAfter | in | one placement, open or ended in the window; SDQ each year |
 * | lookedAfterMoved | in | three to six placements, changes of legal status, care episodes S … X1, P/L/T/B … E |
 * | lookedAfterClosedReferral | in | still looked after, under a referral that closed before the window |
 * | reReferred | in | two to four episodes, the last one open |
 * | careLeaver | in | 18 to 25, left care at 18, contacts in the window, the episode still open |
 * | adoption | in | decision, match, placement, order, each if it has happened yet |
 * | unborn | out | no date of birth, expected after tomorrow |
 * | unbornDue | in | no date of birth, expected between three weeks ago and tomorrow |
 * | unaccompanied | in | arrived alone at 15 to 17, looked after, immigration status U, later perhaps REF |
 * | unaccompaniedEstimatedAge | out | the same with an estimated age: no date of birth, "expected" 15 to 18 years ago |
 * | deceased | in | died in the window, closed with RC2 |
 * | closedBefore | out | everything ended before the window |
 * | over25 | out | 29 or older, closed as a child |
 * | noEpisode | out | known by name only |
 *
 * Parents are in `ssd_person` too, without any other row (persona `parent`, out).
 */
export const personas: readonly Persona[] = [
  kind('referralOnly', 200, 'in', stories.referralOnly),
  kind('waiting', 30, 'in', stories.waiting),
  kind('assessed', 200, 'in', stories.assessed),
  kind('childInNeed', 150, 'in', stories.childInNeed),
  kind('disabled', 40, 'in', stories.disabled),
  kind('childProtection', 80, 'in', stories.childProtection),
  kind('lookedAfter', 35, 'in', stories.lookedAfter),
  kind('lookedAfterMoved', 45, 'in', stories.lookedAfterMoved),
  kind('lookedAfterClosedReferral', 5, 'in', stories.lookedAfterClosedReferral),
  kind('reReferred', 60, 'in', stories.reReferred),
  kind('careLeaver', 35, 'in', stories.careLeaver),
  kind('adoption', 10, 'in', stories.adoption),
  kind('unborn', 10, 'out', stories.unborn),
  kind('unbornDue', 5, 'in', stories.unbornDue),
  kind('unaccompanied', 15, 'in', stories.unaccompanied, true),
  kind('unaccompaniedEstimatedAge', 5, 'out', stories.unaccompaniedEstimatedAge, true),
  kind('deceased', 3, 'in', stories.deceased),
  kind('closedBefore', 42, 'out', stories.closedBefore),
  kind('over25', 15, 'out', stories.over25),
  kind('noEpisode', 15, 'out', stories.noEpisode),
];

/** A child who first appears on a later night: referred that day, whatever became of others with its number. */
export const arrival: Persona = {
  name: 'arrival',
  share: 0,
  inCohort: true,
  alone: false,
  story: stories.referredToday,
};

const shares = personas.map((each): [Persona, number] => [each, each.share]);

/** The persona of a child: as likely as its share, decided by the seed and the child's number alone. */
export function persona(seed: string, index: number): Persona {
  return randomFrom(seed, 'persona', index).weighted(shares);
}
