import type { PlainDate } from '../../../shared/child/dates.js';
import { rehearsalDay } from '../../../shared/child/rehearsal/days.js';
import { countedOf } from '../../../shared/child/rehearsal/figure.js';
import { figures } from '../../../shared/child/rehearsal/figures.js';
import type { Child, Episode, Placement } from '../../../shared/child/payload.js';

/** A child born in 2012 with these episodes. */
export function aChild(episodes: readonly Episode[], details: Partial<Child['child_details']> = {}): Child {
  return {
    la_child_id: '1001',
    purge: false,
    child_details: { date_of_birth: '2012-06-15', sex: 'F', ...details, purge: false },
    social_care_episodes: [...episodes],
  };
}

/** A referral of 2020 that is still open. */
export function anEpisode(more: Partial<Episode> = {}): Episode {
  return { social_care_episode_id: 'R1', referral_date: '2020-01-01', ...more, purge: false };
}

export function aPlacement(more: Partial<Placement> = {}): Placement {
  return { child_looked_after_placement_id: 'P1', ...more, purge: false };
}

/** A child with these placements. */
export function aChildIn(...placements: readonly Partial<Placement>[]): Child {
  return aChild([anEpisode({ child_looked_after_placements: placements.map(aPlacement) })]);
}

/** What a child counts of a figure on a day, 31 March 2026 unless said. */
export function counted(code: string, child: Child, day: PlainDate = '2026-03-31'): number {
  const figure = figures.find((one) => one.code === code);
  if (figure === undefined) throw new RangeError(`there is no figure ${code}`);
  return countedOf(figure, child)?.(rehearsalDay(day)).length ?? 0;
}
