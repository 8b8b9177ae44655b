import { z } from 'zod';
import { guardNames } from '../guards/guards.js';
import { cancellationSchema } from '../records/decision.js';
import { figuresSchema, ownFiguresSchema } from '../records/figures.js';
import type { Deadline } from '../records/inTime.js';
import { runIdSchema } from '../records/runId.js';
import { recentRuns, runStatusSchema, type RunStatus } from '../records/runStatus.js';
import type { RunStore } from '../records/runStore.js';
import { count } from '../records/scalars.js';
import { cohortReportSchema } from '../ssd/cohortReport.js';

/** How many of the newest runs a bundle has, and how many of these in detail. */
export const runsInBundle = 30;
const runsInDetail = 2;

const { status, trigger, scope, mode, dryRun, today, requestedAt, endedAt, waitsUntil } =
  runStatusSchema.shape;
const { chunks, totals, appVersion } = runStatusSchema.shape;

/** What support sees of a run: none of the names, reasons and explanations, which people may have typed. */
const runSeenSchema = z.strictObject({
  runId: runIdSchema,
  status,
  trigger,
  scope,
  mode,
  dryRun,
  today,
  requestedAt,
  endedAt,
  durationMs: count.optional(),
  waitsUntil,
  appVersion,
  guards: z.array(z.enum(guardNames)).describe('The safety checks that had a reason against it.'),
  approvedAt: z.string().optional(),
  endedBy: cancellationSchema.shape.cause.optional().describe('Why it ended before everything was sent.'),
  chunks,
  totals,
  figures: ownFiguresSchema.optional(),
});
type RunSeen = Readonly<z.output<typeof runSeenSchema>>;

/** What the SSD was like in a run: names of the SSD specification and of the payload, and numbers. */
const runInDetailSchema = z.strictObject({
  runId: runIdSchema,
  ssdRows: figuresSchema.shape.ssdRows,
  relations: figuresSchema.shape.relations,
  involvements: figuresSchema.shape.involvements,
  fill: figuresSchema.shape.fill,
  idChurn: figuresSchema.shape.idChurn,
  findings: figuresSchema.shape.findings,
  findingsBySeverity: figuresSchema.shape.findingsBySeverity,
  sinceRunBefore: figuresSchema.shape.sinceRunBefore,
  cohortReport: cohortReportSchema.optional(),
});

export const runsSeenSchema = z.strictObject({
  complete: z.boolean().describe('`false`: there was not enough time for all of them.'),
  runs: z.array(runSeenSchema).describe(`The newest, at most ${String(runsInBundle)}, newest first.`),
  inDetail: z
    .array(runInDetailSchema)
    .describe(
      `What the newest of them, at most ${String(runsInDetail)}, that have read the SSD found: rows, links between rows, fill rates, findings by rule.`,
    ),
});
export type RunsSeen = Readonly<z.output<typeof runsSeenSchema>>;

export async function runsSeen(runs: RunStore, deadline: Deadline): Promise<RunsSeen> {
  const list = await recentRuns(runsInBundle, runs, { deadline });
  return {
    complete: list.complete,
    runs: list.runs.map(runSeen),
    inDetail: list.runs.flatMap(inDetail).slice(0, runsInDetail),
  };
}

/** Each field is named: nothing that is added to a run is shown before someone has decided it. */
function runSeen(run: RunStatus): RunSeen {
  const reasons = new Set(run.objections?.map(({ guard }) => guard));
  return {
    runId: run.runId,
    status: run.status,
    trigger: run.trigger,
    scope: run.scope,
    mode: run.mode,
    dryRun: run.dryRun,
    today: run.today,
    requestedAt: run.requestedAt,
    endedAt: run.endedAt,
    durationMs: run.endedAt === undefined ? undefined : lengthOf(run.requestedAt, run.endedAt),
    waitsUntil: run.waitsUntil,
    appVersion: run.appVersion,
    guards: guardNames.filter((guard) => reasons.has(guard)),
    approvedAt: run.approval?.at,
    endedBy: run.cancellation?.cause,
    chunks: run.chunks,
    totals: run.totals,
    figures: run.figures && z.object(ownFiguresSchema.shape).parse(run.figures),
  };
}

/** A clock may have been set back in between. */
function lengthOf(from: string, until: string): number {
  return Math.max(0, Date.parse(until) - Date.parse(from));
}

function inDetail({ runId, figures, cohortReport }: RunStatus): RunsSeen['inDetail'] {
  if (figures === undefined) return [];
  const { ssdRows, relations, involvements, fill, idChurn } = figures;
  const { findings, findingsBySeverity, sinceRunBefore } = figures;
  const ssd = { ssdRows, relations, involvements, fill, idChurn };
  return [{ runId, ...ssd, findings, findingsBySeverity, sinceRunBefore, cohortReport }];
}
