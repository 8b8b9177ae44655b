import type { BuildRules } from '../buildRules.js';
import { isUnreadable, readable, presentText } from '../cells.js';
import { PartlyKnown, unknown, type Maybe } from '../draft.js';
import { classOf } from '../findings.js';
import { anyOf, overlapping, reportReversed, type Answer } from '../inTime.js';
import { isPlaceholder, normalised } from '../codes/localValues.js';
import { byTexts, compareText, groupBy, under } from '../ordering.js';
import { idLength, type Episode } from '../payload.js';
import { type Source, type ValueReader } from '../values/valueReader.js';
import type { PersonRows, SsdRow } from '../sourceRows.js';
import { windowOfPlans } from '../window.js';
import type { Building } from './building.js';

type CareWorker = NonNullable<Episode['care_worker_details']>[number];
type Involvement = SsdRow<'ssd_involvements'>;

/**
 * The care workers of one referral, newest first (attributes 53 to 55): involvements with a registration number that
 * pass the gates that are on: in a reported role; active on a 31 March inside the window, without that gate in the
 * window at all; and only where the referral has a child in need plan that overlaps the window.
 * @param strays what belongs to the child, where we cannot tell to which of its referrals
 */
function careWorkersOf(
  involvements: readonly Involvement[],
  cinPlans: readonly SsdRow<'ssd_cin_plans'>[],
  strays: StraysOfChild,
  rules: BuildRules,
  values: ValueReader,
): Maybe<readonly CareWorker[]> | PartlyKnown {
  const { absentTables, careWorkerGates } = rules;
  if (absentTables.has('ssd_involvements') || absentTables.has('ssd_professionals')) return unknown;
  const plan = careWorkerGates.includes('childInNeedPlan')
    ? planGate(cinPlans, strays.cinPlans, rules)
    : 'yes';
  const workers = new Map<string, CareWorker>();
  let isComplete = !strays.hasWorkers;
  for (const row of involvements) {
    const own = allOf(gatesOf(row, rules));
    const passes = allOf([plan, own]);
    if (passes === 'no') {
      values.outOfScope('ssd_involvements', 'notReported', row);
      continue;
    }
    if (plan === 'unknown' && own === 'yes') {
      const source = values.places.of('ssd_involvements', row);
      values.leaveOut('parent-left-out', source, 'invo_referral_id', 'a plan that may lie in the window');
      continue;
    }
    const worker = workerOf(row, passes, rules, values);
    if (worker === unknown) isComplete = false;
    if (worker === unknown || worker === undefined) continue;
    const key = JSON.stringify(worker);
    if (workers.has(key)) values.outOfScope('ssd_involvements', 'sameAsAnother', row);
    workers.set(key, worker);
  }
  // Without a plan no worker is reported. Where we cannot tell whether there is one, DfE keeps what it has.
  if (plan === 'unknown') return unknown;
  const thenById = byTexts<CareWorker>(
    (worker) => worker.worker_id,
    (worker) => worker.end_date,
  );
  const inOrder = [...workers.values()].sort(
    (a, b) => compareText(b.start_date ?? '', a.start_date ?? '') || thenById(a, b),
  );
  if (!isComplete) {
    return new PartlyKnown((held) => {
      const known = new Set(inOrder.map((worker) => JSON.stringify(worker)));
      return [...inOrder, ...held.filter((one) => !known.has(JSON.stringify(one)))];
    });
  }
  return inOrder.length > 0 ? inOrder : undefined;
}

/** What belongs to the child, and names none of its referrals. */
interface StraysOfChild {
  readonly cinPlans: readonly SsdRow<'ssd_cin_plans'>[];
  /** An involvement that would be reported is among them. */
  readonly hasWorkers: boolean;
}

/** A plan that may be of any referral leaves open whether one without a plan has one. */
function planGate(
  cinPlans: readonly SsdRow<'ssd_cin_plans'>[],
  strays: readonly SsdRow<'ssd_cin_plans'>[],
  { absentTables, window }: BuildRules,
): Answer {
  if (absentTables.has('ssd_cin_plans')) return 'unknown';
  const overlaps = (row: SsdRow<'ssd_cin_plans'>) =>
    overlapping(windowOfPlans(window), row.cinp_cin_plan_start_date, row.cinp_cin_plan_end_date);
  return anyOf([
    ...cinPlans.map(overlaps),
    ...strays.map((row) => (overlaps(row) === 'no' ? 'no' : 'unknown')),
  ]);
}

function gatesOf(row: Involvement, rules: BuildRules): Answer[] {
  const { window, careWorkerRoles, careWorkerGates } = rules;
  const { invo_professional_role_id: role } = row;
  const { invo_involvement_start_date: from, invo_involvement_end_date: to } = row;
  const isReported: Answer =
    isUnreadable(role) || saysNothing(row, rules)
      ? 'unknown'
      : role !== null && careWorkerRoles.has(normalised(role))
        ? 'yes'
        : 'no';
  const isActive = careWorkerGates.includes('censusDay')
    ? anyOf(window.censusDates.map((day) => overlapping({ ...window, start: day, end: day }, from, to)))
    : overlapping(window, from, to);
  return careWorkerGates.includes('role') ? [isReported, isActive] : [isActive];
}

function saysNothing(
  { invo_professional_role_id: role }: Involvement,
  { placeholders }: BuildRules,
): boolean {
  return !isUnreadable(role) && role !== null && isPlaceholder(placeholders, role);
}

/** Whether an involvement is one that would be reported on its referral. */
function isReported(row: Involvement, rules: BuildRules): boolean {
  return allOf(gatesOf(row, rules)) === 'yes';
}

function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

/** @returns `unknown` when DfE may hold this worker and we cannot tell how; `undefined` when there is none to send */
function workerOf(
  row: Involvement,
  passes: Answer,
  rules: BuildRules,
  values: ValueReader,
): Maybe<CareWorker> {
  const source = values.places.of('ssd_involvements', row);
  const { invo_involvement_start_date: from, invo_involvement_end_date: to } = row;
  if (passes === 'unknown') {
    values.unreadable(row.invo_professional_role_id, source, 'invo_professional_role_id');
    const { invo_professional_role_id: role } = row;
    if (!isUnreadable(role) && saysNothing(row, rules) && rules.careWorkerGates.includes('role')) {
      values.leaveOut('placeholder', source, 'invo_professional_role_id', classOf(role));
    }
    if (from === null) values.leaveOut('date-missing', source, 'invo_involvement_start_date', classOf(null));
    values.unreadable(from, source, 'invo_involvement_start_date');
    values.unreadable(to, source, 'invo_involvement_end_date');
    reportReversed(from, to, source, 'invo_involvement_end_date', values);
    return unknown;
  }
  const id = registrationOf(row, source, rules, values);
  if (id === undefined || id === unknown) return id;
  const end = values.date(to, source, 'invo_involvement_end_date');
  const isEndWrong = reportReversed(from, to, source, 'invo_involvement_end_date', values);
  if (isEndWrong || end === unknown) return unknown;
  return { worker_id: id, start_date: readable(from) ?? undefined, end_date: end };
}

function registrationOf(
  row: Involvement,
  source: Source,
  rules: BuildRules,
  values: ValueReader,
): Maybe<string> {
  const { prof_social_worker_registration_no: registration, invo_professional_id: worker } = row;
  const isMissing =
    registration === null || (!isUnreadable(registration) && presentText(registration) === undefined);
  if (!isMissing) {
    return values.optionalId(registration, idLength.worker, source, 'prof_social_worker_registration_no');
  }
  if (rules.unregisteredWorkers === 'sendWorkerId' && worker !== null) {
    return values.optionalId(worker, idLength.worker, source, 'invo_professional_id');
  }
  values.leaveOut('worker-unregistered', source, 'invo_professional_id', classOf(null));
  return undefined;
}

/** The care workers of each episode that is sent; involvements that are on none are counted or named. */
export function careWorkersByReferral(
  rows: PersonRows,
  sent: ReadonlySet<string>,
  known: ReadonlySet<string>,
  { rules, values, unknownItems }: Building,
) {
  const plans = groupBy(rows.ssd_cin_plans, (row) => row.cinp_referral_id);
  const involvements = groupBy(rows.ssd_involvements, (row) => row.invo_referral_id);
  let hasWorkers = false;
  for (const row of rows.ssd_involvements) {
    const referral = row.invo_referral_id;
    if (referral !== null && sent.has(referral)) continue;
    const hasReferral = referral !== null && presentText(referral) !== undefined;
    const isKnown = referral !== null && known.has(referral);
    // An episode that is known to lie outside the window has no workers; one that is only not sent has.
    const isOutside = isKnown && !unknownItems.has('social_care_episodes', referral);
    if (!hasReferral || isOutside || !isReported(row, rules)) {
      values.outOfScope('ssd_involvements', 'notReported', row);
      continue;
    }
    const source = values.places.of('ssd_involvements', row);
    if (isKnown)
      values.leaveOut('parent-left-out', source, 'invo_referral_id', 'an episode that is not sent');
    else {
      values.leaveOut('no-episode', source, 'invo_referral_id', 'a referral that is none of this child');
      hasWorkers = true;
    }
  }
  const cinPlans = rows.ssd_cin_plans.filter(
    ({ cinp_referral_id: referral }) => referral === null || !known.has(referral),
  );
  const strays = { cinPlans, hasWorkers };
  return (id: string) => careWorkersOf(under(involvements, id), under(plans, id), strays, rules, values);
}
