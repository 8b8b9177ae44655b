import { findingRules } from '../child/findingRules.js';
import { ofRequest } from './runEvents.js';
import { type AppEvent, type Telemetry, reportedFiguresSchema } from './events.js';
import { changedSeverity } from '../records/changedRules.js';
import { severityOf } from '../records/findingsOfRun.js';
import type { Figures } from '../records/figures.js';
import type { Plan } from '../records/plan.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import type { Summary } from '../records/summary.js';
import { UnreadableRecordError } from '../records/record.js';
import type { ReportedPart } from '../records/reports.js';
import type { RunStore } from '../records/runStore.js';

export interface ReportDependencies {
  readonly runs: RunStore;
  readonly telemetry: Telemetry;
}

/**
 * Reports a run to Application Insights: what it found and whether it is paused, once there is a plan, and how it
 * ended. It reads only the run's records, and marks there what has arrived, so that nothing is lost when the process
 * is killed at any point; after a kill between sending and marking, it is reported twice.
 *
 * Never fails: what could not be reported is reported by the next call, at the latest by the one of
 * `reportNewestRuns`.
 * @returns whether all that can be reported was reported
 */
export async function reportRun(runId: RunId, { runs, telemetry }: ReportDependencies): Promise<boolean> {
  try {
    const request = await runs.request.read(runId);
    if (request === undefined) return true;
    const [plan, summary, reported] = await Promise.all([
      runs.plan.read(runId),
      runs.summary.read(runId),
      runs.reports.read(runId),
    ]);
    const due: { readonly part: ReportedPart; readonly events: readonly AppEvent[] }[] = [];
    if (plan !== undefined && !reported.has('plan'))
      due.push({ part: 'plan', events: ofPlan(request, plan) });
    if (summary !== undefined && !reported.has('end')) {
      due.push({ part: 'end', events: [ofEnd(request, plan, summary)] });
    }
    if (due.length === 0) return true;
    for (const event of due.flatMap(({ events }) => events)) telemetry.record(event);
    await telemetry.flush();
    for (const { part } of due) await runs.reports.mark(runId, part);
    return true;
  } catch (error) {
    // Another version has written it. It must not keep later runs from being reported.
    return error instanceof UnreadableRecordError;
  }
}

/** As many as can end between two ticks. */
const newest = 5;

/** Reports what a kill, or a time without Application Insights, has left unreported. @returns as `reportRun` */
export async function reportNewestRuns(dependencies: ReportDependencies): Promise<boolean> {
  const runIds = (await dependencies.runs.runIds()).slice(0, newest);
  let isComplete = true;
  // If one cannot be reported, the next cannot either, and each try takes time.
  for (const runId of runIds.reverse()) isComplete = isComplete && (await reportRun(runId, dependencies));
  return isComplete;
}

function ofPlan(request: RunRequest, { figures, held, objections, changedRules }: Plan): AppEvent[] {
  const findings = findingsCounted(request.runId, figures, changedRules);
  if (!held) return findings;
  const guards = [...new Set(objections.map(({ guard }) => guard))].join(',');
  const measurements = countsOf(figures);
  return [{ name: 'RunHeld', dimensions: { ...ofRequest(request), guards }, measurements }, ...findings];
}

function findingsCounted(
  runId: RunId,
  { findings, sinceRunBefore }: Figures,
  changed: Plan['changedRules'],
): AppEvent[] {
  // A finding that is gone may be of a rule that this version no longer has, and only rules in the list can be
  // reported.
  const rules = Object.keys(findingRules).filter(
    (rule) => (findings[rule] ?? 0) + (sinceRunBefore.mended[rule] ?? 0) > 0,
  );
  return rules.map((rule) => ({
    name: 'FindingsCounted',
    dimensions: { runId, rule, severity: severityOf({ rule, severity: changedSeverity(rule, changed) }) },
    measurements: {
      findings: findings[rule] ?? 0,
      new: sinceRunBefore.new[rule] ?? 0,
      mended: sinceRunBefore.mended[rule] ?? 0,
    },
  }));
}

function ofEnd(request: RunRequest, plan: Plan | undefined, { status, endedAt, totals }: Summary): AppEvent {
  const dimensions = ofRequest(request);
  const durationMs = Math.max(0, Date.parse(endedAt) - Date.parse(request.requestedAt));
  if (status === 'completed' || status === 'completedWithFailures') {
    if (plan === undefined) throw new Error(`Run ${request.runId} has completed without a plan.`);
    const measurements = { ...countsOf(plan.figures), ...totals, durationMs };
    return { name: 'RunCompleted', dimensions: { ...dimensions, status }, measurements };
  }
  if (status === 'replaced') {
    const { runId, trigger } = dimensions;
    return { name: 'RunSkipped', dimensions: { runId, trigger, reason: 'replaced' }, measurements: {} };
  }
  const figures = plan && countsOf(plan.figures);
  return {
    name: 'RunFailed',
    dimensions: { ...dimensions, status },
    measurements: { ...figures, ...totals, durationMs },
  };
}

function countsOf(figures: Figures) {
  return {
    ...reportedFiguresSchema.parse(figures),
    findings: sumOf(figures.findings),
    newFindings: sumOf(figures.sinceRunBefore.new),
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
