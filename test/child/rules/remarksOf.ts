import type { BuildRules } from '../../../shared/child/buildRules.js';
import type { PersonRows } from '../../../shared/child/sourceRows.js';
import { aCareEpisode, anEpisode, aPerson } from '../aPerson.js';
import { findingsAndRemarksOf } from '../aPayload.js';

/** `rule: table row column` of each finding. */
export function told(rows: PersonRows, rules?: BuildRules): string[] {
  return findingsAndRemarksOf(rows, rules).map(
    ({ rule, table, rowId, column }) => `${rule}: ${table} ${String(rowId)} ${column}`,
  );
}

/** A person with one open episode and whatever else. */
export function inOneEpisode(rows: Parameters<typeof aPerson>[0] = {}): PersonRows {
  return aPerson({ ssd_cin_episodes: [anEpisode()], ...rows });
}

/** Placements of one period of care under the referral `R1`. */
export function placed(...placements: PersonRows['ssd_cla_placement'][number][]): PersonRows {
  return inOneEpisode({
    ssd_cla_episodes: [aCareEpisode({ clae_cla_placement_id: null })],
    ssd_cla_placement: placements,
  });
}
