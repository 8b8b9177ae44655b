import type { BuildRules } from './buildRules.js';
import { classOf } from './findings.js';
import { normalised } from './localValues.js';
import { byTexts, compareText } from './ordering.js';
import { idLength, type Episode } from './payload.js';
import { presentText, type ValueReader } from './values.js';
import { overlaps } from './window.js';
import type { SsdRow } from '../ssd/tables.js';

export type CareWorker = NonNullable<Episode['care_worker_details']>[number];

/**
 * The care workers of one referral, newest first (attributes 53 to 55): involvements with a registration number that
 * pass the gates that are on: in a reported role; active on a 31 March inside the window, without that gate in the
 * window at all; and only where the referral has a child in need plan that overlaps the window.
 */
export function careWorkersOf(
  involvements: readonly SsdRow<'ssd_involvements'>[],
  cinPlans: readonly SsdRow<'ssd_cin_plans'>[],
  { window, careWorkerRoles, careWorkerGates }: BuildRules,
  values: ValueReader,
): CareWorker[] {
  const hasPlan = cinPlans.some((plan) =>
    overlaps(window, plan.cinp_cin_plan_start_date, plan.cinp_cin_plan_end_date),
  );
  if (careWorkerGates.includes('childInNeedPlan') && !hasPlan) return [];
  const workers = new Map<string, CareWorker>();
  for (const row of involvements) {
    const { invo_involvement_start_date: start, invo_involvement_end_date: end } = row;
    const role = row.invo_professional_role_id;
    const isReported = role !== null && careWorkerRoles.has(normalised(role));
    if (careWorkerGates.includes('role') && !isReported) continue;
    const active = window.censusDates.some(
      (day) => start !== null && start <= day && (end === null || end >= day),
    );
    const counts = careWorkerGates.includes('censusDay') ? active : overlaps(window, start, end);
    if (!counts) continue;
    const source = { table: 'ssd_involvements', rowId: row.invo_involvements_id } as const;
    if (presentText(row.prof_social_worker_registration_no) === undefined) {
      values.leaveOut('worker-unregistered', source, 'invo_professional_id', classOf(null));
      continue;
    }
    const id = values.optionalId(
      row.prof_social_worker_registration_no,
      idLength.worker,
      source,
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
