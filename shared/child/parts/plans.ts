import type { Drafted } from '../draft.js';
import type { ItemOf } from '../lists.js';
import type { SsdRow } from '../sourceRows.js';
import { stretchOf, type Building, type ItemReading } from './building.js';

export type CinPlan = Drafted<ItemOf<'child_in_need_plans'>>;
export type CpPlan = Drafted<ItemOf<'child_protection_plans'>>;

/** A child in need plan that overlaps the window (attributes 26 to 28). */
export function cinPlanOf(row: SsdRow<'ssd_cin_plans'>, building: Building): ItemReading<CinPlan> {
  const source = building.values.places.of('ssd_cin_plans', row);
  const found = stretchOf(
    'child_in_need_plans',
    { source, id: row.cinp_cin_plan_id, from: row.cinp_cin_plan_start_date, to: row.cinp_cin_plan_end_date },
    { id: 'cinp_cin_plan_id', start: 'cinp_cin_plan_start_date', end: 'cinp_cin_plan_end_date' },
    building,
  );
  if (found.is !== 'in') return found;
  const item: CinPlan = {
    child_in_need_plan_id: found.id,
    start_date: found.start,
    end_date: found.end,
    purge: false,
  };
  return { is: 'in', item };
}

/** A child protection plan that overlaps the window (attributes 34 to 36). */
export function cpPlanOf(row: SsdRow<'ssd_cp_plans'>, building: Building): ItemReading<CpPlan> {
  const source = building.values.places.of('ssd_cp_plans', row);
  const found = stretchOf(
    'child_protection_plans',
    { source, id: row.cppl_cp_plan_id, from: row.cppl_cp_plan_start_date, to: row.cppl_cp_plan_end_date },
    { id: 'cppl_cp_plan_id', start: 'cppl_cp_plan_start_date', end: 'cppl_cp_plan_end_date' },
    building,
  );
  if (found.is !== 'in') return found;
  const item: CpPlan = {
    child_protection_plan_id: found.id,
    start_date: found.start,
    end_date: found.end,
    purge: false,
  };
  return { is: 'in', item };
}
