import type { BuildRules } from './buildRules.js';
import { byTexts, compareText } from './ordering.js';
import { idLength, type Episode } from './payload.js';
import { presentText, type ValueReader } from './values.js';
import { overlaps } from './window.js';
import type { SsdRow } from '../ssd/tables.js';

export type CareWorker = NonNullable<Episode['care_worker_details']>[number];

/**
 * The care workers of one referral, newest first (attributes 53 to 55): involvements in a reported role, with a
 * registration number, active on a 31 March inside the window, and only where the referral has a child in need plan
 * that overlaps the window.
 */
export function careWorkersOf(
  involvements: readonly SsdRow<'ssd_involvements'>[],
  cinPlans: readonly SsdRow<'ssd_cin_plans'>[],
  { window, careWorkerRoles }: BuildRules,
  values: ValueReader,
): CareWorker[] {
  const hasPlan = cinPlans.some((plan) =>
    overlaps(window, plan.cinp_cin_plan_start_date, plan.cinp_cin_plan_end_date),
  );
  if (!hasPlan) return [];
  const workers = new Map<string, CareWorker>();
  for (const row of involvements) {
    const { invo_involvement_start_date: start, invo_involvement_end_date: end } = row;
    const role = presentText(row.invo_professional_role_id)?.toUpperCase();
    if (role === undefined || !careWorkerRoles.has(role)) continue;
    const active = window.censusDates.some(
      (day) => start !== null && start <= day && (end === null || end >= day),
    );
    if (!active) continue;
    const id = values.optionalId(
      row.prof_social_worker_registration_no,
      idLength.worker,
      { table: 'ssd_involvements', rowId: row.invo_involvements_id },
      'prof_social_worker_registration_no',
    );
    if (id === undefined) continue;
    const worker = { worker_id: id, start_date: start ?? undefined, end_date: end ?? undefined };
    workers.set(JSON.stringify(worker), worker);
  }
  const thenById = byTexts<CareWorker>(
    (worker) => worker.worker_id,
    (worker) => worker.end_date,
  );
  return [...workers.values()].sort(
    (a, b) => compareText(b.start_date ?? '', a.start_date ?? '') || thenById(a, b),
  );
}
