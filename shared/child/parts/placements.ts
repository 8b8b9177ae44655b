import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable, type DateCell, type TextCell } from '../cells.js';
import type { CodedField } from '../codes/codeLists.js';
import { unknown, type Drafted, type Maybe } from '../draft.js';
import type { ItemOf } from '../lists.js';
import { classOf } from '../findings.js';
import { overlapping } from '../inTime.js';
import { stretchOf, type Building, type ItemReading } from './building.js';
import { byTexts, groupBy, under } from '../ordering.js';
import type { ValueReader } from '../values/valueReader.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import { windowOfPlacements } from '../window.js';

type CareEpisode = SsdRow<'ssd_cla_episodes'>;
type PlacementRow = SsdRow<'ssd_cla_placement'>;
export type Placement = Drafted<ItemOf<'child_looked_after_placements'>>;

const inTimeOrder = byTexts<CareEpisode>(
  (row) => readable(row.clae_cla_episode_start_date),
  (row) => readable(row.clae_cla_episode_ceased_date) ?? '9999-12-31',
  (row) => row.clae_cla_episode_id,
  (row) => readable(row.clae_cla_episode_start_reason),
  (row) => readable(row.clae_cla_episode_ceased_reason),
  (row) => row.clae_referral_id,
);

/**
 * How the placements of a child are read (attributes 37 to 44). A placement belongs under the referral of its care
 * episodes. Start and end reason come from the placement's own care episodes: the first one's start reason, the last
 * one's ceased reason. Where no care episode names the placement, from those of its period of care.
 * @param sentIds the id under which each row is sent, where that is not its own (`placementIds.ts`)
 */
export function placementReader(
  rows: PersonRows,
  sentIds: ReadonlyMap<PlacementRow, string>,
  building: Building,
) {
  const { rules, values } = building;
  const careOf = careEpisodesIn(rows, rules);
  const idOf = (row: PlacementRow) => sentIds.get(row) ?? row.clap_cla_placement_id;

  const read = (row: PlacementRow): ItemReading<Placement> => {
    const source = values.places.of('ssd_cla_placement', row);
    const { clap_cla_placement_start_date: from, clap_cla_placement_end_date: to } = row;
    const found = stretchOf(
      'child_looked_after_placements',
      { source, id: idOf(row), from, to },
      {
        id: 'clap_cla_placement_id',
        start: 'clap_cla_placement_start_date',
        end: 'clap_cla_placement_end_date',
      },
      building,
    );
    if (found.is === 'out') return found;
    const { care } = careOf(row);
    // Read with any dates: each value that cannot be read has its finding.
    const others: Omit<Placement, 'child_looked_after_placement_id' | 'start_date' | 'end_date' | 'purge'> = {
      start_reason: reasonOf(care, firstOf, start, values),
      postcode: values.postcode(row.clap_cla_placement_postcode, source, 'clap_cla_placement_postcode'),
      placement_type: values.code(
        'placementType',
        row.clap_cla_placement_type,
        row.clap_cla_placement_start_date,
        source,
        'clap_cla_placement_type',
      ),
      end_reason: reasonOf(care, lastOf, end, values),
      change_reason: values.code(
        'placementChangeReason',
        row.clap_cla_placement_change_reason,
        row.clap_cla_placement_end_date ?? row.clap_cla_placement_start_date,
        source,
        'clap_cla_placement_change_reason',
      ),
    };
    if (found.is === 'unknown') return found;
    const item: Placement = {
      child_looked_after_placement_id: found.id,
      start_date: found.start,
      end_date: found.end,
      ...others,
      purge: false,
    };
    return { is: 'in', item };
  };
  return {
    read,
    idOf,
    referralOf: (row: PlacementRow) => careOf(row).referral ?? null,
    mayBeUnder: (row: PlacementRow) => careOf(row).mayBeUnder,
  };
}

/** The care episodes of a placement in order of time, and the referral they belong to. */
function careEpisodesIn(rows: PersonRows, { placementIdsRepeat }: BuildRules) {
  const ofPlacement = groupBy(rows.ssd_cla_episodes, (row) => row.clae_cla_placement_id);
  const ofPeriod = groupBy(rows.ssd_cla_episodes, (row) => row.clae_cla_id);
  return (row: PlacementRow) => {
    const { clap_cla_placement_id: id, clap_cla_id: period } = row;
    // A system may use a placement's id again in another period of care.
    const named = under(ofPlacement, id).filter(
      ({ clae_cla_id }) => period === null || clae_cla_id === null || clae_cla_id === period,
    );
    const inPeriod = under(ofPeriod, period);
    const care = [
      ...(named.length > 0 ? (placementIdsRepeat ? duringStay(named, row, rows) : named) : inPeriod),
    ].sort(inTimeOrder);
    const referrals = new Set(care.flatMap((one) => one.clae_referral_id ?? []));
    // Which referral is the last rests on the order of the care episodes.
    const isTold = referrals.size < 2 || !care.some(isUndated);
    const referral = isTold
      ? (lastReferral(care) ?? lastReferral([...inPeriod].sort(inTimeOrder)))
      : undefined;
    return { care, referral, mayBeUnder: isTold ? [] : [...referrals] };
  };
}

/** Where several placements share an id, each care episode is of the one that had begun last when it started. */
function duringStay(
  named: readonly CareEpisode[],
  row: PlacementRow,
  rows: PersonRows,
): readonly CareEpisode[] {
  const stays = rows.ssd_cla_placement.filter(
    (other) => other.clap_cla_placement_id === row.clap_cla_placement_id,
  );
  const starts = [...new Set(stays.map((stay) => readable(stay.clap_cla_placement_start_date)))]
    .filter((day) => day !== null)
    .sort();
  const start = readable(row.clap_cla_placement_start_date);
  if (starts.length < 2 || start === null) return named;
  return named.filter((care) => {
    const from = readable(care.clae_cla_episode_start_date);
    return from !== null && starts.findLast((day) => day <= from) === start;
  });
}

function isUndated(row: CareEpisode): boolean {
  return [row.clae_cla_episode_start_date, row.clae_cla_episode_ceased_date].some(isUnreadable);
}

function lastReferral(care: readonly CareEpisode[]): string | undefined {
  return care
    .map(({ clae_referral_id }) => clae_referral_id)
    .findLast((id): id is string => id !== null && id !== '');
}

interface Reason {
  readonly field: CodedField;
  readonly column: 'clae_cla_episode_start_reason' | 'clae_cla_episode_ceased_reason';
  readonly on: (row: CareEpisode) => DateCell;
}

const start: Reason = {
  field: 'placementStartReason',
  column: 'clae_cla_episode_start_reason',
  on: (row) => row.clae_cla_episode_start_date,
};
const end: Reason = {
  field: 'placementEndReason',
  column: 'clae_cla_episode_ceased_reason',
  on: (row) => row.clae_cla_episode_ceased_date ?? row.clae_cla_episode_start_date,
};

const startOf = (row: CareEpisode) => readable(row.clae_cla_episode_start_date);
const firstOf = (care: readonly CareEpisode[]) => care.at(0);
const lastOf = (care: readonly CareEpisode[]) => care.at(-1);

/** The reason of the first or last care episode; if their order is unknown, the one that all agree on. */
function reasonOf(
  care: readonly CareEpisode[],
  chosenOf: (care: readonly CareEpisode[]) => CareEpisode | undefined,
  { field, column, on }: Reason,
  values: ValueReader,
): Maybe<string> {
  const chosen = chosenOf(care);
  if (chosen === undefined) return undefined;
  const reasons = new Set(care.map((row) => shown(row[column])));
  // Of those that start on one day the end decides.
  const hasRival = (row: CareEpisode) =>
    care.some((other) => other !== row && startOf(other) === startOf(row));
  const undated = care.filter(
    (row) =>
      isUnreadable(row.clae_cla_episode_start_date) ||
      (isUnreadable(row.clae_cla_episode_ceased_date) && hasRival(row)),
  );
  if (care.length > 1 && undated.length > 0 && reasons.size > 1) {
    for (const row of undated) {
      const source = values.places.of('ssd_cla_episodes', row);
      values.unreadable(row.clae_cla_episode_start_date, source, 'clae_cla_episode_start_date');
      values.unreadable(row.clae_cla_episode_ceased_date, source, 'clae_cla_episode_ceased_date');
    }
    return unknown;
  }
  const source = values.places.of('ssd_cla_episodes', chosen);
  return values.code(field, chosen[column], on(chosen), source, column);
}

function shown(cell: TextCell): string | null {
  return isUnreadable(cell) ? cell.unreadable : cell;
}

/**
 * A care episode that names a placement which is not in the SSD: SystemC's extract leaves out some types. What DfE holds
 * of it stays. All other care episodes give reasons and links.
 */
export function reportCareEpisodes(rows: PersonRows, { rules, values, unknownItems }: Building): void {
  const there = new Set(rows.ssd_cla_placement.map((row) => row.clap_cla_placement_id));
  for (const row of rows.ssd_cla_episodes) {
    const { clae_cla_placement_id: placement } = row;
    const isThere = placement === null || placement === '' || there.has(placement);
    const isOutside =
      overlapping(
        windowOfPlacements(rules.window),
        row.clae_cla_episode_start_date,
        row.clae_cla_episode_ceased_date,
      ) === 'no';
    const isNotRead = rules.absentTables.has('ssd_cla_placement') || rules.leftOut.includes('placements');
    if (isThere || isOutside || isNotRead) {
      values.outOfScope('ssd_cla_episodes', 'context', row);
      continue;
    }
    const source = values.places.of('ssd_cla_episodes', row);
    values.leaveOut('no-placement', source, 'clae_cla_placement_id', classOf(placement));
    unknownItems.add('child_looked_after_placements', placement);
  }
}
