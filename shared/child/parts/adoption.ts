import { isUnreadable, readable, type DateCell } from '../cells.js';
import { unknown, type Drafted, type Maybe } from '../draft.js';
import { anyOf, within } from '../inTime.js';
import { byTexts } from '../ordering.js';
import type { Episode } from '../payload.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import type { Building, Built } from './building.js';
import { isLatestTold, latest, type Home, type OnEpisodes } from './homeEpisode.js';

type AdoptionRow = SsdRow<'ssd_permanence'>;
export type Adoption = Drafted<NonNullable<Episode['adoption']>>;

/**
 * The latest adoption with a date in the window on the episode of its period of care, else on the latest one
 * (attributes 47 to 49).
 */
export function adoptionsOn(
  episodes: readonly Home[],
  rows: PersonRows,
  { rules, values }: Building,
): OnEpisodes<AdoptionRow, Adoption> {
  const on = new Map<Home, Built<AdoptionRow, Adoption>>();
  if (rules.absentTables.has('ssd_permanence')) return unknown;
  let isTold = true;
  const dated = rows.ssd_permanence.filter((row) => datesOf(row).some((date) => date !== null));
  const isOrderTold = dated.length < 2 || !dated.some((row) => datesOf(row).some(isUnreadable));
  const inOrder = [...rows.ssd_permanence].sort(
    byTexts(
      (row) =>
        readable(row.perm_placed_for_adoption_date) ??
        readable(row.perm_matched_date) ??
        readable(row.perm_adm_decision_date),
      (row) => readable(row.perm_matched_date),
      (row) => readable(row.perm_adm_decision_date),
      (row) => row.perm_table_id,
    ),
  );
  // The latest first: it has the place.
  for (const row of inOrder.reverse()) {
    const source = values.places.of('ssd_permanence', row);
    const answer = anyOf(datesOf(row).map((date) => within(rules.window, date)));
    if (answer === 'no') {
      values.outOfScope('ssd_permanence', 'outsideWindow', row);
      continue;
    }
    const item: Adoption = {
      initial_decision_date: values.date(row.perm_adm_decision_date, source, 'perm_adm_decision_date'),
      matched_date: values.date(row.perm_matched_date, source, 'perm_matched_date'),
      placed_date: values.date(row.perm_placed_for_adoption_date, source, 'perm_placed_for_adoption_date'),
      purge: false,
    };
    if (answer === 'unknown') {
      isTold = false;
      continue;
    }
    const candidates = episodesOfPeriod(episodes, rows, row.perm_cla_id);
    const ofPeriod = latest(candidates);
    // The period of care may belong to any of them while its care episodes are not there.
    const mayBeElsewhere =
      row.perm_cla_id !== null && rules.absentTables.has('ssd_cla_episodes') && episodes.length > 1;
    const isHomeTold =
      ofPeriod === undefined ? !mayBeElsewhere && isLatestTold(episodes) : isLatestTold(candidates);
    if (!isHomeTold) {
      values.leaveOut('parent-left-out', source, 'perm_cla_id', 'an episode that cannot be chosen');
      isTold = false;
      continue;
    }
    const home = ofPeriod ?? latest(episodes);
    if (home === undefined) {
      values.leaveOut('no-episode', source, 'perm_person_id', 'a child without an episode');
      continue;
    }
    const first = on.get(home);
    if (first === undefined) on.set(home, { row, item });
    else if (saysTheSame(first.row, row)) values.outOfScope('ssd_permanence', 'sameAsAnother', row);
    else values.leaveOut('second-adoption', source, 'perm_cla_id', 'an adoption beside a later one');
  }
  if (isOrderTold && isTold) return on;
  // Which of several is the latest depends on dates that cannot be read: their rows are named.
  values.outOfScope('ssd_permanence', 'notChosen', ...[...on.values()].map(({ row }) => row));
  return unknown;
}

function datesOf(row: AdoptionRow): readonly DateCell[] {
  return [row.perm_adm_decision_date, row.perm_matched_date, row.perm_placed_for_adoption_date];
}

function saysTheSame(one: AdoptionRow, other: AdoptionRow): boolean {
  return (
    one.perm_adm_decision_date === other.perm_adm_decision_date &&
    one.perm_matched_date === other.perm_matched_date &&
    one.perm_placed_for_adoption_date === other.perm_placed_for_adoption_date
  );
}

/** The episodes that the care episodes of a period of care belong to. */
function episodesOfPeriod(
  episodes: readonly Home[],
  rows: PersonRows,
  period: string | null,
): readonly Home[] {
  if (period === null) return [];
  const referrals = new Set<Maybe<string>>(
    rows.ssd_cla_episodes
      .filter((row) => row.clae_cla_id === period && row.clae_referral_id !== null)
      .map((row) => row.clae_referral_id ?? undefined),
  );
  return episodes.filter((episode) => referrals.has(episode.social_care_episode_id));
}
