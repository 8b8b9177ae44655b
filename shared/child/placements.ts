import type { PlainDate } from './dates.js';
import { classOf } from './findings.js';
import { byTexts, groupBy, under } from './ordering.js';
import type { Placement } from './payload.js';
import type { Source, ValueReader } from './values.js';
import { overlaps, type Window } from './window.js';
import type { PersonRows, SsdRow } from '../ssd/tables.js';

type CareEpisode = SsdRow<'ssd_cla_episodes'>;

const inTimeOrder = byTexts<CareEpisode>(
  (row) => row.clae_cla_episode_start_date,
  (row) => row.clae_cla_episode_ceased_date ?? '9999-12-31',
  (row) => row.clae_cla_episode_id,
  (row) => row.clae_cla_episode_start_reason,
  (row) => row.clae_cla_episode_ceased_reason,
  (row) => row.clae_referral_id,
);

/**
 * The placements that overlap the window, under the referral of the care episodes they belong to (attributes 37 to 44).
 * Start and end reason come from the placement's own care episodes: the first one's start reason, the last one's
 * ceased reason. Where no care episode names the placement, from those of its period of care.
 * @returns placements by referral id
 */
export function placementsByReferral(
  rows: PersonRows,
  window: Window,
  values: ValueReader,
): Map<string, Placement[]> {
  const ofPlacement = groupBy(rows.ssd_cla_episodes, (row) => row.clae_cla_placement_id);
  const ofPeriod = groupBy(rows.ssd_cla_episodes, (row) => row.clae_cla_id);
  const byReferral = new Map<string, Placement[]>();

  for (const row of rows.ssd_cla_placement) {
    const { clap_cla_placement_id: id, clap_cla_id: period } = row;
    const from = row.clap_cla_placement_start_date;
    const to = row.clap_cla_placement_end_date;
    const source: Source = { table: 'ssd_cla_placement', rowId: id };
    if (from === null) {
      values.leaveOut('date-missing', source, 'clap_cla_placement_start_date', classOf(null));
      continue;
    }
    if (!overlaps(window, from, to) && !endsBeforeStart(from, to, window)) continue;
    // A system may use a placement's id again in another period of care.
    const named = under(ofPlacement, id).filter(
      ({ clae_cla_id }) => period === null || clae_cla_id === null || clae_cla_id.trim() === period.trim(),
    );
    const inPeriod = under(ofPeriod, period);
    const care = [...(named.length > 0 ? named : inPeriod)].sort(inTimeOrder);
    const referral = lastReferral(care) ?? lastReferral([...inPeriod].sort(inTimeOrder));
    if (referral === undefined) {
      values.leaveOut('no-episode', source, 'clap_cla_id', 'a placement without a referral');
      continue;
    }
    const placement = placementOf(row, care, values);
    if (placement === undefined) continue;
    const siblings = byReferral.get(referral);
    if (siblings === undefined) byReferral.set(referral, [placement]);
    else siblings.push(placement);
  }
  return byReferral;
}

function lastReferral(care: readonly CareEpisode[]): string | undefined {
  return care
    .map(({ clae_referral_id }) => clae_referral_id?.trim())
    .findLast((id) => id !== undefined && id !== '');
}

/** An end before the start is no end: the placement counts as open. */
function endsBeforeStart(from: PlainDate | null, to: PlainDate | null, window: Window): boolean {
  return from !== null && to !== null && to < from && overlaps(window, from, null);
}

function placementOf(
  row: SsdRow<'ssd_cla_placement'>,
  care: readonly CareEpisode[],
  values: ValueReader,
): Placement | undefined {
  const source: Source = { table: 'ssd_cla_placement', rowId: row.clap_cla_placement_id };
  const id = values.itemId(row.clap_cla_placement_id, source, 'clap_cla_placement_id');
  if (id === undefined) return undefined;
  const first = care.at(0);
  const last = care.at(-1);
  const from = row.clap_cla_placement_start_date;
  const to = row.clap_cla_placement_end_date;
  const endIsKnown = from === null || to === null || to >= from;
  return {
    child_looked_after_placement_id: id,
    start_date: from ?? undefined,
    start_reason:
      first &&
      values.code(
        'placementStartReason',
        first.clae_cla_episode_start_reason,
        { table: 'ssd_cla_episodes', rowId: first.clae_cla_episode_id },
        'clae_cla_episode_start_reason',
      ),
    postcode: values.postcode(row.clap_cla_placement_postcode, source, 'clap_cla_placement_postcode'),
    placement_type: values.code(
      'placementType',
      row.clap_cla_placement_type,
      source,
      'clap_cla_placement_type',
    ),
    end_date: endIsKnown
      ? (to ?? undefined)
      : values.leaveOut('end-before-start', source, 'clap_cla_placement_end_date', 'a date before the start'),
    end_reason:
      last &&
      values.code(
        'placementEndReason',
        last.clae_cla_episode_ceased_reason,
        { table: 'ssd_cla_episodes', rowId: last.clae_cla_episode_id },
        'clae_cla_episode_ceased_reason',
      ),
    change_reason: values.code(
      'placementChangeReason',
      row.clap_cla_placement_change_reason,
      source,
      'clap_cla_placement_change_reason',
    ),
    purge: false,
  };
}
