import { isUnreadable, readable } from '../cells.js';
import { unknown, type Drafted } from '../draft.js';
import { byTexts } from '../ordering.js';
import type { Episode } from '../payload.js';
import type { SsdRow } from '../sourceRows.js';
import type { ValueReader } from '../values/valueReader.js';
import type { Building } from './building.js';
import { isLatestTold, latest, type Home, type OnEpisodes } from './homeEpisode.js';

type CareLeaverRow = SsdRow<'ssd_care_leavers'>;
export type CareLeaver = Drafted<NonNullable<Episode['care_leavers']>>;

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
  // Read in any case: each value that cannot be read has its finding.
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
