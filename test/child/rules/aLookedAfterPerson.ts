import type { PlainDate } from '../../../shared/child/dates.js';
import type { PersonRows, SsdRow } from '../../../shared/child/sourceRows.js';
import { aCareEpisode, anEpisode, anInvolvement, aPerson, aPlacement } from '../aPerson.js';

/** A placement and its care episode. */
export interface Stay {
  readonly from: PlainDate;
  /** `null` while the child is there. */
  readonly to: PlainDate | null;
  readonly type: string;
  readonly postcode: string | null;
  readonly change: string | null;
  /** The reasons for the start and the end of the care episode. */
  readonly start: string | null;
  readonly end: string | null;
}

type SomeStay = Partial<Stay> & Pick<Stay, 'from'>;
type SomeRows = NonNullable<Parameters<typeof aPerson>[0]>;

const temporary = /^T[0-4]$/;

/** A UPN with the right check letter, of an authority that there is. */
export const soundUpn = 'G383200001001';

/**
 * A looked-after person about whom no rule asks, with one stay after another: `L1` with `E1`, `L2` with `E2`. What is not
 * said is sound: a stay ends when the next one begins, with a reason for the change unless one of the two is temporary.
 * The period of care is `K1`, and another one wherever a stay starts with S.
 */
export function lookedAfter(stays: readonly SomeStay[], { person, ...more }: SomeRows = {}): PersonRows {
  let period = 0;
  const rows = stays.map((stay, index) => {
    const next = stays[index + 1];
    const start = stay.start === undefined ? (index === 0 ? 'S' : 'P') : stay.start;
    if (start === 'S' || period === 0) period += 1;
    const to = stay.to === undefined ? (next?.from ?? null) : stay.to;
    const type = stay.type ?? usualType(stays, index);
    const moves = to !== null && next !== undefined && next.start !== 'S';
    const isAway = temporary.test(type) || temporary.test(next?.type ?? '');
    const change = moves && !isAway ? 'PLACE' : null;
    const end = to === null ? null : moves ? 'X1' : 'E4A';
    const number = String(index + 1);
    const ids = { placement: `L${number}`, period: `K${String(period)}` };
    return {
      care: aCareEpisode({
        clae_cla_episode_id: `E${number}`,
        clae_cla_id: ids.period,
        clae_cla_placement_id: ids.placement,
        clae_cla_episode_start_date: stay.from,
        clae_cla_episode_start_reason: start,
        clae_cla_episode_ceased_date: to,
        clae_cla_episode_ceased_reason: stay.end === undefined ? end : stay.end,
      }),
      placement: aPlacement({
        clap_cla_placement_id: ids.placement,
        clap_cla_id: ids.period,
        clap_cla_placement_start_date: stay.from,
        clap_cla_placement_end_date: to,
        clap_cla_placement_type: type,
        clap_cla_placement_postcode: stay.postcode === undefined ? 'BD1 1HX' : stay.postcode,
        clap_cla_placement_change_reason: stay.change === undefined ? change : stay.change,
      }),
    };
  });
  return aPerson({
    person: { pers_upn: soundUpn, ...person },
    ssd_cin_episodes: [anEpisode()],
    ssd_cla_episodes: rows.map(({ care }) => care),
    ssd_cla_placement: rows.map(({ placement }) => placement),
    ...more,
  });
}

/** After a temporary placement the child is back in the usual one. */
function usualType(stays: readonly SomeStay[], index: number): string {
  const usual = stays.slice(0, index).findLast(({ type }) => type !== undefined && !temporary.test(type));
  return usual?.type ?? 'U4';
}

/** Other values in one care episode. */
export function withCareEpisode(
  rows: PersonRows,
  id: string,
  values: Partial<SsdRow<'ssd_cla_episodes'>>,
): PersonRows {
  return {
    ...rows,
    ssd_cla_episodes: rows.ssd_cla_episodes.map((row) =>
      row.clae_cla_episode_id === id ? { ...row, ...values } : row,
    ),
  };
}

/** Other values in one placement. */
export function withPlacement(
  rows: PersonRows,
  id: string,
  values: Partial<SsdRow<'ssd_cla_placement'>>,
): PersonRows {
  return {
    ...rows,
    ssd_cla_placement: rows.ssd_cla_placement.map((row) =>
      row.clap_cla_placement_id === id ? { ...row, ...values } : row,
    ),
  };
}

/** Social workers one after another: `I1`, `I2`. */
export function workers(
  ...involvements: readonly Partial<SsdRow<'ssd_involvements'>>[]
): SsdRow<'ssd_involvements'>[] {
  return involvements.map((row, index) => {
    const number = String(index + 1);
    return anInvolvement({
      invo_involvements_id: `I${number}`,
      invo_professional_id: `W${number}`,
      prof_social_worker_registration_no: `SW10000${number}`,
      ...row,
    });
  });
}
