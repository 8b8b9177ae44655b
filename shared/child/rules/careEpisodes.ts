import { isUnreadable, readable, type DateCell } from '../cells.js';
import type { PlainDate } from '../dates.js';
import { byTexts, groupBy, under } from '../ordering.js';
import type { EpisodesBuilt } from '../parts/episodes.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import type { ValueReader } from '../values/valueReader.js';

type PlacementRow = SsdRow<'ssd_cla_placement'>;

/** An episode of the return on looked-after children (SSDA903): a row of ssd_cla_episodes with its placement. */
export interface CareEpisode {
  readonly row: SsdRow<'ssd_cla_episodes'>;
  /** DECOM; null where the SSD has none or it cannot be read. */
  readonly start: PlainDate | null;
  /** DEC; `undefined` where it cannot be read. */
  readonly end: PlainDate | null | undefined;
  /** RNE and REC; `undefined` where no code can be read. */
  readonly startReason: string | undefined;
  readonly endReason: string | undefined;
  /** The placement that it is spent in; absent where none can be told. */
  readonly placement?: PlacementRow;
  /** PLACE. */
  readonly type: string | undefined;
  /** The placement is sent. */
  readonly isSent: boolean;
}

const inTimeOrder = byTexts<CareEpisode>(
  ({ start }) => start,
  ({ end }) => end ?? '9999-12-31',
  ({ row }) => textOf(row),
  ({ row }) => row.clae_referral_id,
);

/** What a row says apart from its referral: the same care episode may be there once for each referral. */
function textOf(row: SsdRow<'ssd_cla_episodes'>): string {
  return JSON.stringify({ ...row, clae_referral_id: null });
}

/**
 * Every care episode of a child, in order of time; none for a child without a placement that is sent. Its placement is
 * the one for which it gives the reasons (`parts/placements.ts`), and of several the one that the day leads to.
 */
export function careEpisodesOf(
  rows: PersonRows,
  sent: EpisodesBuilt['placements'],
  values: ValueReader,
): readonly CareEpisode[] {
  if (sent.length === 0) return [];
  const isSent = new Set(sent.map(({ row }) => row));
  const byId = groupBy(rows.ssd_cla_placement, (row) => row.clap_cla_placement_id);
  const byPeriod = groupBy(rows.ssd_cla_placement, (row) => row.clap_cla_id);
  return rows.ssd_cla_episodes
    .map((row): CareEpisode => {
      const start = readable(row.clae_cla_episode_start_date);
      const end = endOf(row.clae_cla_episode_ceased_date);
      const named = under(byId, row.clae_cla_placement_id).filter(
        ({ clap_cla_id: period }) =>
          period === null || row.clae_cla_id === null || period === row.clae_cla_id,
      );
      const isNamed = row.clae_cla_placement_id !== null;
      const placement = isNamed
        ? begunBy(named, start, isSent)
        : within(under(byPeriod, row.clae_cla_id), start);
      return {
        row,
        start,
        end,
        startReason: values.codeSaid('placementStartReason', row.clae_cla_episode_start_reason, start),
        endReason: values.codeSaid('placementEndReason', row.clae_cla_episode_ceased_reason, end ?? start),
        ...(placement === undefined ? {} : { placement }),
        type:
          placement &&
          values.codeSaid(
            'placementType',
            placement.clap_cla_placement_type,
            readable(placement.clap_cla_placement_start_date),
          ),
        isSent: placement !== undefined && isSent.has(placement),
      };
    })
    .sort(inTimeOrder)
    .filter(({ row }, index, all) => {
      const before = all[index - 1]?.row;
      return (
        before?.clae_cla_episode_start_date !== row.clae_cla_episode_start_date ||
        textOf(before) !== textOf(row)
      );
    });
}

/**
 * Whether we can tell which care episode is before which: each has a start that can be read, and of two that start on
 * one day each has an end that can be read.
 */
export function isOrderTold(careEpisodes: readonly CareEpisode[]): boolean {
  return careEpisodes.every(({ start, end }, index) => {
    const before = careEpisodes[index - 1];
    return start !== null && (before?.start !== start || (end !== undefined && before.end !== undefined));
  });
}

function endOf(cell: DateCell): PlainDate | null | undefined {
  return isUnreadable(cell) ? undefined : cell;
}

/** Of placements with one id the one that had begun last; of equal ones the one that is sent. */
function begunBy(
  placements: readonly PlacementRow[],
  day: PlainDate | null,
  isSent: ReadonlySet<PlacementRow>,
): PlacementRow | undefined {
  if (placements.length < 2) return placements[0];
  const starts = placements.map((row) => readable(row.clap_cla_placement_start_date));
  if (day === null || starts.includes(null)) return undefined;
  return placements
    .filter((_, index) => (starts[index] ?? '') <= day)
    .toSorted(
      byTexts(
        (row) => readable(row.clap_cla_placement_start_date),
        (row) => (isSent.has(row) ? '1' : '0'),
        (row) => JSON.stringify(row),
      ),
    )
    .at(-1);
}

/** The only placement that a day falls into. */
function within(placements: readonly PlacementRow[], day: PlainDate | null): PlacementRow | undefined {
  if (day === null) return undefined;
  const found = placements.filter((row) => {
    const start = readable(row.clap_cla_placement_start_date);
    const end = row.clap_cla_placement_end_date;
    return start !== null && start <= day && !isUnreadable(end) && (end === null || day < end);
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The types of temporary placements. */
export const temporary: ReadonlySet<string | undefined> = new Set(['T0', 'T1', 'T2', 'T3', 'T4']);

/** The types of placements for adoption, and the reasons for an end by adoption. */
export const forAdoption: ReadonlySet<string | undefined> = new Set(['A3', 'A4', 'A5', 'A6']);
export const adopted: ReadonlySet<string | undefined> = new Set(['E11', 'E12']);

/**
 * The care episodes whose placement is sent, with those before and after; none where a date that cannot be read leaves
 * their order open.
 */
export function sentWithNeighbours({ careEpisodes }: { readonly careEpisodes: readonly CareEpisode[] }): readonly {
  readonly one: CareEpisode;
  readonly before: CareEpisode | undefined;
  readonly next: CareEpisode | undefined;
}[] {
  if (!isOrderTold(careEpisodes)) return [];
  return careEpisodes.flatMap((one, index) => {
    const [before, next] = [careEpisodes[index - 1], careEpisodes[index + 1]];
    return one.isSent ? [{ one, before, next }] : [];
  });
}
