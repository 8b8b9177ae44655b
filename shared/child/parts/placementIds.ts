import type { BuildRules } from '../buildRules.js';
import { readable } from '../cells.js';
import { groupBy } from '../ordering.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';

type Placement = SsdRow<'ssd_cla_placement'>;

/**
 * The ids under which placements are sent that share their own. Eclipse names a placement by its address, so a child who
 * stays at one address twice has two placements of one id, and DfE could hold only one of them. Ids that several
 * placements of the child share get the placement's first day behind them (`421-20240217`). Other ids stay as they are,
 * and a finding names the row by the id it has in the SSD.
 */
export function ownPlacementIds(
  rows: PersonRows,
  { placementIdsRepeat }: Pick<BuildRules, 'placementIdsRepeat'>,
): ReadonlyMap<Placement, string> {
  const own = new Map<Placement, string>();
  if (!placementIdsRepeat) return own;
  for (const [id, placements] of groupBy(rows.ssd_cla_placement, (row) => row.clap_cla_placement_id)) {
    if (id === '') continue;
    const starts = new Set(placements.map((row) => readable(row.clap_cla_placement_start_date)));
    if (starts.size < 2) continue;
    for (const row of placements) {
      const start = readable(row.clap_cla_placement_start_date);
      if (start !== null) own.set(row, `${id}-${start.replaceAll('-', '')}`);
    }
  }
  return own;
}

/** The id that the row of a sent placement has in the SSD. */
export function ownIdOfPlacement(sentId: string, item: object): string {
  const start: unknown = Reflect.get(item, 'start_date');
  const ending = typeof start === 'string' ? `-${start.replaceAll('-', '')}` : '';
  return ending !== '' && sentId.endsWith(ending) ? sentId.slice(0, -ending.length) : sentId;
}
