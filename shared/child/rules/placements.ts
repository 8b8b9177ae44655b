import { readable } from '../cells.js';
import { byTexts } from '../ordering.js';
import type { Check } from './check.js';

/**
 * A child is in one place at a time: each placement that has not ended when a later one starts. A move on one day is
 * no overlap.
 */
export const onePlacementAtATime: Check = ({ placements }) => {
  const inOrder = placements
    .map(({ row }) => row)
    .sort(
      byTexts(
        (row) => readable(row.clap_cla_placement_start_date),
        (row) => readable(row.clap_cla_placement_end_date) ?? '9999-12-31',
        (row) => row.clap_cla_placement_id,
      ),
    );
  return inOrder.flatMap((row, index) => {
    const end = readable(row.clap_cla_placement_end_date);
    const next = readable(inOrder[index + 1]?.clap_cla_placement_start_date ?? null);
    if (next === null || (end !== null && end <= next)) return [];
    return [
      {
        rule: 'placements-overlap',
        table: 'ssd_cla_placement',
        row,
        column: 'clap_cla_placement_end_date',
        found:
          end === null ? 'nothing, beside a later placement' : 'a date after the start of a later placement',
      },
    ];
  });
};
