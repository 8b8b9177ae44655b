import type { PersonRows, SsdRow } from '../ssd/tables.js';

type Placement = SsdRow<'ssd_cla_placement'>;

/**
 * The same rows, where each placement has an id of its own. Eclipse names a placement by its address, so a child who
 * stays at one address twice has two placements of one id, and DfE could hold only one of them. Ids that several
 * placements of the child share get the placement's first day behind them (`421-20240217`), and the care episodes that
 * name such a placement follow, by the day on which they start. Other ids stay as they are.
 */
export function withPlacementIdsOfTheirOwn(rows: PersonRows): PersonRows {
  const spells = new Map<string, Placement[]>();
  for (const row of rows.ssd_cla_placement) {
    const id = row.clap_cla_placement_id?.trim();
    if (id === undefined || id === '') continue;
    spells.set(id, [...(spells.get(id) ?? []), row]);
  }
  const repeated = new Map([...spells].filter(([, placements]) => startsOf(placements).size > 1));
  if (repeated.size === 0) return rows;

  return {
    ...rows,
    ssd_cla_placement: rows.ssd_cla_placement.map((row) => {
      const id = row.clap_cla_placement_id?.trim() ?? '';
      return repeated.has(id) ? { ...row, clap_cla_placement_id: ownId(id, row) } : row;
    }),
    ssd_cla_episodes: rows.ssd_cla_episodes.map((row) => {
      const id = row.clae_cla_placement_id?.trim() ?? '';
      const from = row.clae_cla_episode_start_date;
      const placement = from === null ? undefined : lastBegunBy(from, repeated.get(id) ?? []);
      return placement === undefined ? row : { ...row, clae_cla_placement_id: ownId(id, placement) };
    }),
  };
}

function startsOf(placements: readonly Placement[]): ReadonlySet<string | null> {
  return new Set(placements.map((row) => row.clap_cla_placement_start_date));
}

function ownId(id: string, { clap_cla_placement_start_date: start }: Placement): string {
  return start === null ? id : `${id}-${start.replaceAll('-', '')}`;
}

/** The placement that had begun last on that day. */
function lastBegunBy(day: string, placements: readonly Placement[]): Placement | undefined {
  const begun = placements.filter(
    ({ clap_cla_placement_start_date: start }) => start !== null && start <= day,
  );
  const last = [...startsOf(begun)].sort().at(-1);
  return begun.find((row) => row.clap_cla_placement_start_date === last);
}
