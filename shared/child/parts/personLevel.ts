import { isUnreadable, readable, type DateCell } from '../cells.js';
import { unknown, type Drafted, type EpisodeDraft, type Maybe } from '../draft.js';
import { anyOf, within } from '../inTime.js';
import type { Building } from './nestedItems.js';
import { byTexts } from '../ordering.js';
import type { Episode } from '../payload.js';
import type { ValueReader } from '../values/valueReader.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';

/*
 * Adoption and care leaver data hang on the person in the SSD, while the payload wants them under an episode.
 * They go on one episode, never on several: a second copy could not be told from a second event.
 */

type AdoptionRow = SsdRow<'ssd_permanence'>;
type CareLeaverRow = SsdRow<'ssd_care_leavers'>;
export type Adoption = Drafted<NonNullable<Episode['adoption']>>;
export type CareLeaver = Drafted<NonNullable<Episode['care_leavers']>>;

/** A block of the payload, and the row it is made of. */
export interface BuiltBlock<Row, Item> {
  readonly row: Row;
  readonly item: Item;
}

/** The episode a block may go on: what is known of it before its blocks are. */
export type Home = Pick<EpisodeDraft, 'social_care_episode_id' | 'referral_date' | 'closure_date'>;

const inReferralOrder = byTexts<Home>(
  (episode) => textOf(episode.referral_date),
  (episode) => textOf(episode.social_care_episode_id),
);

function textOf(value: Maybe<string>): string | undefined {
  return value === unknown ? undefined : value;
}

function latest(episodes: readonly Home[]): Home | undefined {
  return [...episodes].sort(inReferralOrder).at(-1);
}

/** Which of several episodes is open, or the latest, rests on their dates. */
function isLatestTold(episodes: readonly Home[]): boolean {
  if (episodes.length < 2) return true;
  return episodes.every((episode) => episode.referral_date !== unknown && episode.closure_date !== unknown);
}

/** What belongs on the episodes: by episode, or not to be told for any of them. */
export type OnEpisodes<Row, Item> = ReadonlyMap<Home, BuiltBlock<Row, Item>> | typeof unknown;

/**
 * The latest adoption with a date in the window on the episode of its period of care, else on the latest one
 * (attributes 47 to 49).
 */
export function adoptionsOn(
  episodes: readonly Home[],
  rows: PersonRows,
  { rules, values }: Building,
): OnEpisodes<AdoptionRow, Adoption> {
  const on = new Map<Home, BuiltBlock<AdoptionRow, Adoption>>();
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

/** The latest contact with a care leaver on the open episode, else on the latest one (attributes 50 to 52). */
export function careLeaverOn(
  episodes: readonly Home[],
  leavers: readonly CareLeaverRow[],
  { rules, values }: Building,
): OnEpisodes<CareLeaverRow, CareLeaver> {
  if (rules.absentTables.has('ssd_care_leavers')) return unknown;
  const chosen = [...leavers]
    .sort(
      byTexts(
        (row) => readable(row.clea_care_leaver_latest_contact),
        (row) => readable(row.clea_care_leaver_activity),
        (row) => readable(row.clea_care_leaver_accommodation),
        (row) => row.clea_table_id,
      ),
    )
    .at(-1);
  if (chosen === undefined) return new Map();

  const undated = leavers.filter((row) => isUnreadable(row.clea_care_leaver_latest_contact));
  const isContactTold = leavers.length === 1 || undated.length === 0;
  for (const row of leavers) {
    if (undated.includes(row)) careLeaverOf(row, values);
    else if (row !== chosen || !isContactTold) {
      values.outOfScope('ssd_care_leavers', isSame(row, chosen) ? 'sameAsAnother' : 'notChosen', row);
    }
  }
  // Read whatever comes of the rest: each value that cannot be read has its finding.
  const item = careLeaverOf(chosen, values);
  if (!isContactTold) return unknown;

  const source = values.places.of('ssd_care_leavers', chosen);
  if (!isLatestTold(episodes)) {
    values.leaveOut('parent-left-out', source, 'clea_person_id', 'an episode that cannot be chosen');
    return unknown;
  }
  const home = latest(episodes.filter((episode) => episode.closure_date === undefined)) ?? latest(episodes);
  if (home === undefined) {
    values.leaveOut('no-episode', source, 'clea_person_id', 'a child without an episode');
    return new Map();
  }
  return new Map([[home, { row: chosen, item }]]);
}

function isSame(one: CareLeaverRow, other: CareLeaverRow): boolean {
  return (
    one !== other &&
    one.clea_care_leaver_latest_contact === other.clea_care_leaver_latest_contact &&
    one.clea_care_leaver_activity === other.clea_care_leaver_activity &&
    one.clea_care_leaver_accommodation === other.clea_care_leaver_accommodation
  );
}

function careLeaverOf(row: CareLeaverRow, values: ValueReader): CareLeaver {
  const source = values.places.of('ssd_care_leavers', row);
  const contact = row.clea_care_leaver_latest_contact;
  return {
    contact_date: values.date(contact, source, 'clea_care_leaver_latest_contact'),
    activity: values.code(
      'careLeaverActivity',
      row.clea_care_leaver_activity,
      contact,
      source,
      'clea_care_leaver_activity',
    ),
    accommodation: values.code(
      'careLeaverAccommodation',
      row.clea_care_leaver_accommodation,
      contact,
      source,
      'clea_care_leaver_accommodation',
    ),
    purge: false,
  };
}
