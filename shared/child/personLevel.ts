import type { BuildRules } from './buildRules.js';
import { byTexts } from './ordering.js';
import type { Episode } from './payload.js';
import type { Source, ValueReader } from './values.js';
import { isWithin } from './window.js';
import type { PersonRows, SsdRow } from '../ssd/tables.js';

/*
 * Adoption and care leaver data hang on the person in the SSD, while the payload wants them under an episode.
 * They go on one episode, never on several: a second copy could not be told from a second event.
 */

const inReferralOrder = byTexts<Episode>(
  (episode) => episode.referral_date,
  (episode) => episode.social_care_episode_id,
);

function latest(episodes: readonly Episode[]): Episode | undefined {
  return [...episodes].sort(inReferralOrder).at(-1);
}

/**
 * Puts the latest adoption with a date in the window on the episode of its period of care, else on the latest one
 * (attributes 47 to 49).
 */
export function withAdoption(
  episodes: readonly Episode[],
  rows: PersonRows,
  { window }: BuildRules,
  values: ValueReader,
): readonly Episode[] {
  const chosen = rows.ssd_permanence
    .filter(
      (row) =>
        isWithin(window, row.perm_adm_decision_date) ||
        isWithin(window, row.perm_matched_date) ||
        isWithin(window, row.perm_placed_for_adoption_date),
    )
    .sort(
      byTexts(
        (row) => row.perm_placed_for_adoption_date ?? row.perm_matched_date ?? row.perm_adm_decision_date,
        (row) => row.perm_matched_date,
        (row) => row.perm_adm_decision_date,
        (row) => row.perm_table_id,
      ),
    )
    .at(-1);
  if (chosen === undefined) return episodes;

  const home = episodeOfPeriod(episodes, rows, chosen.perm_cla_id) ?? latest(episodes);
  if (home === undefined) {
    const source: Source = { table: 'ssd_permanence', rowId: chosen.perm_table_id };
    values.leaveOut('no-episode', source, 'perm_person_id', 'a child without an episode');
    return episodes;
  }
  const adoption = {
    initial_decision_date: chosen.perm_adm_decision_date ?? undefined,
    matched_date: chosen.perm_matched_date ?? undefined,
    placed_date: chosen.perm_placed_for_adoption_date ?? undefined,
    purge: false as const,
  };
  return episodes.map((episode) => (episode === home ? { ...episode, adoption } : episode));
}

/** The latest episode that the care episodes of a period of care belong to. */
function episodeOfPeriod(
  episodes: readonly Episode[],
  rows: PersonRows,
  period: string | null,
): Episode | undefined {
  if (period === null) return undefined;
  const referrals = new Set(
    rows.ssd_cla_episodes
      .filter((row) => row.clae_cla_id?.trim() === period.trim())
      .map((row) => row.clae_referral_id?.trim()),
  );
  return latest(episodes.filter((episode) => referrals.has(episode.social_care_episode_id)));
}

/** Puts the latest contact with a care leaver on the open episode, else on the latest one (attributes 50 to 52). */
export function withCareLeaver(
  episodes: readonly Episode[],
  rows: readonly SsdRow<'ssd_care_leavers'>[],
  values: ValueReader,
): readonly Episode[] {
  const chosen = [...rows]
    .sort(
      byTexts(
        (row) => row.clea_care_leaver_latest_contact,
        (row) => row.clea_care_leaver_activity,
        (row) => row.clea_care_leaver_accommodation,
        (row) => row.clea_table_id,
      ),
    )
    .at(-1);
  if (chosen === undefined) return episodes;

  const source: Source = { table: 'ssd_care_leavers', rowId: chosen.clea_table_id };
  const home = latest(episodes.filter((episode) => episode.closure_date === undefined)) ?? latest(episodes);
  if (home === undefined) {
    values.leaveOut('no-episode', source, 'clea_person_id', 'a child without an episode');
    return episodes;
  }
  const careLeavers = {
    contact_date: chosen.clea_care_leaver_latest_contact ?? undefined,
    activity: values.code(
      'careLeaverActivity',
      chosen.clea_care_leaver_activity,
      source,
      'clea_care_leaver_activity',
    ),
    accommodation: values.code(
      'careLeaverAccommodation',
      chosen.clea_care_leaver_accommodation,
      source,
      'clea_care_leaver_accommodation',
    ),
    purge: false as const,
  };
  return episodes.map((episode) => (episode === home ? { ...episode, care_leavers: careLeavers } : episode));
}
