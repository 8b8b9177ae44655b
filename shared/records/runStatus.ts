import { z } from 'zod';
import { submissionModeSchema } from '../child/submissionMode.js';
import { readInTime, Rest, type Deadline } from './inTime.js';
import { changedRuleSchema } from './changedRules.js';
import { cancellationSchema, decisionSchema } from './decision.js';
import { figuresSchema, type Figures } from './figures.js';
import { objectionSchema, planSchema, planTermsSchema, type Plan } from './plan.js';
import { progressSchema, type Progress } from './progress.js';
import { runIdSchema, type RunId } from './runId.js';
import { runRequestSchema, scopeSchema } from './runRequest.js';
import { summarySchema } from './summary.js';
import { sumOf, totalsSchema } from './result.js';
import type { Wait } from './waits.js';
import { idsFrom } from './runId.js';
import { sourceWarnings, sourceWarningSchema, type SourceWarning } from './sourceWarnings.js';
import { cohortReportSchema } from '../ssd/cohortReport.js';
import { UnreadableRecordError } from './record.js';
import type { RunStore } from './runStore.js';
import { readRunState, type RunState } from './runState.js';

/** How far a run is. Holds numbers and reasons, and nothing about a child. */
export const runStatusSchema = z.object({
  runId: runIdSchema,
  status: z.enum([
    'requested',
    'extracting',
    'held',
    'sending',
    ...summarySchema.shape.status.options,
    'unreadable',
  ]),
  trigger: runRequestSchema.shape.trigger,
  startedBy: runRequestSchema.shape.startedBy.describe(
    '`refresh`: a nightly run that the end of the refresh of the SSD asked for; its `trigger` is `http`.',
  ),
  requestedAt: z.string(),
  requestedBy: z.string(),
  reason: z.string().optional(),
  scope: scopeSchema,
  mode: submissionModeSchema.optional(),
  dryRun: z.boolean().optional(),
  today: z.string(),
  endedAt: z.string().optional(),
  appVersion: planSchema.shape.appVersion.describe('The version of the app that read the SSD.'),
  explanation: z.string().optional(),
  waitsUntil: z
    .string()
    .optional()
    .describe(
      'DfE asked not to be posted to until then: the run sends nothing until then, and then continues.',
    ),
  /** The reasons of the safety checks, also when the run was approved. */
  objections: z.array(objectionSchema).optional(),
  approval: decisionSchema.optional(),
  cancellation: cancellationSchema.optional(),
  progress: progressSchema.optional(),
  figures: figuresSchema.optional(),
  cohortReport: cohortReportSchema.optional(),
  warnings: z
    .array(sourceWarningSchema)
    .optional()
    .describe(
      'What seems to be wrong with the SSD as a whole, the most serious first. Only for one run, by its id, once the SSD has been read; not in a list of runs.',
    ),
  terms: planTermsSchema
    .optional()
    .describe(
      'The data-sharing agreement under which the run was planned, and the categories that are left out.',
    ),
  changedRules: z
    .array(changedRuleSchema)
    .optional()
    .describe(
      'The rules that the council had changed on the day of the run (`RULES_FILE`), each with its reason and with how many children it holds or findings it silences.',
    ),
  /** Chunks the run has, and chunks answered so far. */
  chunks: z.object({ planned: z.int(), done: z.int() }).optional(),
  totals: totalsSchema.optional(),
});
export type RunStatus = z.output<typeof runStatusSchema>;

/**
 * @returns `undefined` when there is no such run. One whose records another version has written says so by its status,
 *   and does not hide the others
 */
export async function runStatus(runId: RunId, runs: RunStore): Promise<RunStatus | undefined> {
  const status = await statusOf(runId, runs);
  return status?.figures === undefined
    ? status
    : { ...status, warnings: await warningsOf(status.figures, runs) };
}

/** What the figures of a run say about the SSD, also against those of the run before. */
async function warningsOf(figures: Figures, runs: RunStore): Promise<SourceWarning[]> {
  const { runId: earlierId } = figures.sinceRunBefore;
  const earlier = earlierId === undefined ? undefined : await runs.plan.readable(earlierId);
  return sourceWarnings({ ...figures, fillBefore: earlier?.figures.fill });
}

/** Without the warnings, for which the run before is read. */
async function statusOf(runId: RunId, runs: RunStore): Promise<RunStatus | undefined> {
  const request = await runs.request.read(runId);
  if (request === undefined) return undefined;
  const asked = {
    runId,
    trigger: request.trigger,
    startedBy: request.startedBy,
    requestedAt: request.requestedAt,
    requestedBy: request.requestedBy,
    reason: request.reason,
    scope: request.scope,
    mode: request.mode,
    dryRun: request.dryRun,
    today: request.today,
  };
  try {
    return { ...asked, ...(await outcomeOf(runId, runs)) };
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    return { ...asked, status: 'unreadable', explanation: error.message };
  }
}

/** What the records of a run say, apart from its request. */
async function outcomeOf(runId: RunId, runs: RunStore) {
  const [state, progress, lastWait] = await Promise.all([
    readRunState(runId, runs),
    runs.progress.read(runId),
    runs.wait.read(runId),
  ]);
  const { plan, approval, cancellation, summary } = state;
  const error = Object.values(state.unreadable).find((unreadable) => unreadable !== undefined);
  if (error !== undefined) throw error;
  const wait = summary === undefined && cancellation === undefined ? lastWait : undefined;
  const totals =
    summary?.totals ?? (plan === undefined ? undefined : sumOf(await runs.result.totals(runId), plan));
  return {
    status: summary?.status ?? unended(state, progress),
    endedAt: summary?.endedAt,
    explanation:
      summary?.explanation ??
      (state.state === 'paused'
        ? explanationOf(runId, state.plan.objections)
        : wait && explanationOfWait(wait)),
    waitsUntil: wait?.until,
    appVersion: plan?.appVersion,
    objections: plan?.objections,
    approval,
    cancellation,
    progress,
    figures: plan?.figures,
    cohortReport: plan?.cohortReport,
    terms: plan?.terms,
    changedRules: plan?.changedRules,
    chunks: plan === undefined ? undefined : { planned: plan.chunks, done: totals?.chunks ?? 0 },
    totals,
  };
}

function unended(
  { state }: RunState,
  progress: Progress | undefined,
): 'requested' | 'extracting' | 'held' | 'sending' {
  if (state === 'paused') return 'held';
  if (state === 'sending') return 'sending';
  return progress === undefined ? 'requested' : 'extracting';
}

function explanationOf(runId: RunId, objections: Plan['objections']): string {
  return [...objections.map(({ explanation }) => explanation), howToGoOn(runId)].join(' ');
}

function explanationOfWait({ reason, until }: Wait): string {
  return `${reason} DfE asked not to be sent anything until ${until}. The run waits, and continues by itself after that.`;
}

interface RunsWanted {
  readonly since?: Date;
  readonly from?: RunId | undefined;
  readonly deadline: Deadline;
}

/** Runs, newest first. */
interface RunList {
  readonly runs: readonly RunStatus[];
  /** `false` when there was not enough time for all that were asked for. */
  readonly complete: boolean;
  /** The next older run, if there is one. */
  readonly next: RunId | undefined;
}

/**
 * The newest runs, newest first, as far as there is time; with `since` only those requested since then, and no others
 * are read; with `from` that run and older ones. A run whose request cannot be read is left out: nothing is known of
 * it but its id.
 */
export async function recentRuns(
  limit: number,
  runs: RunStore,
  { since, from, deadline }: RunsWanted,
): Promise<RunList> {
  const earliest = since === undefined ? '' : idsFrom(since);
  const ids = (await runs.runIds()).filter(
    (runId) => runId >= earliest && (from === undefined || runId <= from),
  );
  const found: RunStatus[] = [];
  const statuses = readInTime(ids.slice(0, limit), (runId) => readableStatus(runId, runs), deadline);
  for await (const status of statuses) {
    if (status instanceof Rest) return { runs: found, complete: false, next: status.from };
    // After a clock that was ahead an id says a later time than the request.
    const isRecent =
      status !== undefined && (since === undefined || Date.parse(status.requestedAt) >= since.getTime());
    if (isRecent) found.push(status);
  }
  return { runs: found, complete: true, next: ids[limit] };
}

/** Without its warnings. @returns `undefined` also when the request of the run cannot be read */
export async function readableStatus(runId: RunId, runs: RunStore): Promise<RunStatus | undefined> {
  return statusOf(runId, runs).catch((error: unknown) => {
    if (error instanceof UnreadableRecordError) return undefined;
    throw error;
  });
}

/** What to do about any paused run: said once, after the explanations. */
export function howToGoOn(runId: RunId): string {
  return `Nothing was queued and nothing has left the authority. If the figures are right, approve the run by POST /api/runs/${runId}/approval, with a reason; if not, correct the source and request another run, or wait for the next nightly run, which starts afresh.`;
}
