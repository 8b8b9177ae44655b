import { z } from 'zod';
import {
  figuresSchema,
  progressSchema,
  runIdSchema,
  runRequestSchema,
  scopeSchema,
  summarySchema,
  totalsSchema,
  type RunId,
} from './runRecords.js';
import type { RunStore } from './runStore.js';
import { cohortReportSchema } from '../ssd/cohortReport.js';

/** Where a run stands. Holds numbers and reasons, and nothing about a child. */
export const runStatusSchema = z.object({
  runId: runIdSchema,
  status: z.enum(['requested', 'extracting', 'sending', ...summarySchema.shape.status.options]),
  trigger: runRequestSchema.shape.trigger,
  requestedAt: z.string(),
  requestedBy: z.string(),
  reason: z.string().optional(),
  scope: scopeSchema,
  today: z.string(),
  endedAt: z.string().optional(),
  explanation: z.string().optional(),
  progress: progressSchema.optional(),
  figures: figuresSchema.optional(),
  cohortReport: cohortReportSchema.optional(),
  /** Chunks the run has, and chunks answered so far. */
  chunks: z.object({ planned: z.int(), done: z.int() }).optional(),
  totals: totalsSchema.optional(),
});
export type RunStatus = z.output<typeof runStatusSchema>;

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
    cohortReport: plan?.cohortReport,
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
/** One that has not even begun was lost between its record and its message. */
const lostAfterMs = 30 * 60_000;

/** How many runs may have ended since one began that is still going on. */
const looksBack = 5;

/** The run that is going on, if there is one. */
export async function activeRun(runs: RunStore, now: Date): Promise<RunId | undefined> {
  const recent = await recentRuns(looksBack, runs);
  const active = recent.find(({ status, requestedAt, endedAt }) => {
    const age = now.getTime() - Date.parse(requestedAt);
    return endedAt === undefined && age < (status === 'requested' ? lostAfterMs : abandonedAfterMs);
  });
  return active?.runId;
}
