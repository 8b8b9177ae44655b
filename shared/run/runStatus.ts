import type { Figures, Progress, RunId, RunRequest, Summary, Totals } from './runRecords.js';
import type { RunStore } from './runStore.js';

/** Where a run stands. Holds numbers and reasons, and nothing about a child. */
export interface RunStatus {
  readonly runId: RunId;
  readonly status: 'requested' | 'extracting' | 'sending' | Summary['status'];
  readonly trigger: RunRequest['trigger'];
  readonly requestedAt: string;
  readonly requestedBy: string;
  readonly reason: string | undefined;
  readonly scope: RunRequest['scope'];
  readonly today: string;
  readonly endedAt: string | undefined;
  readonly explanation: string | undefined;
  readonly progress: Progress | undefined;
  readonly figures: Figures | undefined;
  /** Chunks the run has, and chunks answered so far. */
  readonly chunks: { readonly planned: number; readonly done: number } | undefined;
  readonly totals: Totals | undefined;
}

/** @returns `undefined` when there is no such run */
export async function runStatus(runId: RunId, runs: RunStore): Promise<RunStatus | undefined> {
  const request = await runs.readRequest(runId);
  if (request === undefined) return undefined;
  const [progress, plan, summary] = await Promise.all([
    runs.readProgress(runId),
    runs.readPlan(runId),
    runs.readSummary(runId),
  ]);
  const totals = summary?.totals ?? (plan === undefined ? undefined : await runs.totals(runId));
  return {
    runId,
    status:
      summary?.status ??
      (plan !== undefined ? 'sending' : progress !== undefined ? 'extracting' : 'requested'),
    trigger: request.trigger,
    requestedAt: request.requestedAt,
    requestedBy: request.requestedBy,
    reason: request.reason,
    scope: request.scope,
    today: request.today,
    endedAt: summary?.endedAt,
    explanation: summary?.explanation,
    progress,
    figures: plan?.figures,
    chunks: plan === undefined ? undefined : { planned: plan.chunks, done: totals?.chunks ?? 0 },
    totals,
  };
}

/** The newest runs, newest first. */
export async function recentRuns(limit: number, runs: RunStore): Promise<RunStatus[]> {
  const ids = (await runs.runIds()).slice(0, limit);
  const found = await Promise.all(ids.map((runId) => runStatus(runId, runs)));
  return found.filter((status) => status !== undefined);
}

/** A run without an end that was asked for longer ago than this has died. */
const abandonedAfterMs = 24 * 60 * 60_000;

/** The run that is going on, if there is one. */
export async function activeRun(runs: RunStore, now: Date): Promise<RunId | undefined> {
  const newest = (await recentRuns(1, runs))[0];
  const active =
    newest !== undefined &&
    newest.endedAt === undefined &&
    now.getTime() - Date.parse(newest.requestedAt) < abandonedAfterMs;
  return active ? newest.runId : undefined;
}
