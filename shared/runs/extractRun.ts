import { londonDate } from '../child/dates.js';
import { changedOn } from '../child/rules/changedRules.js';
import { windowOf } from '../child/window.js';
import { monthOf } from '../child/rehearsal/days.js';
import { tablesNotRead, type Category } from '../child/categories.js';
import { guardsAgainst, pauses } from '../guards/guards.js';
import type { GuardLimits, RowsByTable } from '../guards/guard.js';
import type { Figures } from '../records/figures.js';
import { findingFigures, runBefore } from '../records/findingsOfRun.js';
import type { ChunkMessage } from '../records/chunk.js';
import type { RunId } from '../records/runId.js';
import type { RunRequest } from '../records/runRequest.js';
import { isOver, readRunState } from '../records/runState.js';
import { isActive, isWaiting } from '../records/activity.js';
import { whyNotAgreed } from '../settings/terms.js';
import { reportedInvolvements } from '../ssd/involvementRoles.js';
import type { Telemetry } from '../telemetry/events.js';
import { ofRequest } from '../telemetry/runEvents.js';
import { Extract, type PassDependencies } from './extract.js';
import { failRun } from './finishRun.js';
import { NotInventedError, whoIsInvented, type ReadInventedPeople } from './inventedOnly.js';
import { resumedAttempt } from './resumedAttempt.js';
import { numberOf } from './runNumber.js';
import { fingerprintOf, readSource } from './sourceOfRun.js';
import { startSending, type SendingDependencies } from './startSending.js';

export interface ExtractDependencies extends SendingDependencies, PassDependencies, ReadInventedPeople {
  readonly telemetry: Telemetry;
  /** Six random hexadecimal digits. */
  readonly randomHex: () => string;
  /** How many chunks may be under way at a time. */
  readonly lanes: number;
  readonly guardLimits: GuardLimits;
  /** How many days the row of a child who has left is kept; 0 for ever. */
  readonly leaversKeptDays: number;
}

/**
 * The extract of a run: reads the SSD range by range, builds and stages each child, writes what DfE does not have yet
 * into chunk blobs, and records the plan.
 *
 * It may be killed and repeated at any point: staging again gives the same rows, each attempt writes chunk blobs of
 * its own, and no message is queued before the plan is written, which only one attempt can do. A repetition continues
 * at the last checkpoint if the SSD is the same, and otherwise starts again. Once there is a plan, it returns the
 * messages of the chunks that have no result yet.
 * @returns the messages that start the sending; none when the run is paused, or waits for the active run to end
 */
export async function extractRun(runId: RunId, dependencies: ExtractDependencies): Promise<ChunkMessage[]> {
  const { runs } = dependencies;
  const request = await runs.request.read(runId);
  if (request === undefined)
    throw new Error(`Run ${runId} was never asked for: there is no request of that id.`);
  const state = await readRunState(runId, runs);
  if (state.state === 'ended') return [];
  if (state.state === 'unreadable') throw state.error;
  // The app queues no such message: the run begins when the active run has ended.
  if (await isWaiting(runId, runs)) return [];
  if (state.plan === undefined) {
    try {
      await planWithSign(request, dependencies);
    } catch (error) {
      // Another try would read the same people.
      if (!(error instanceof NotInventedError)) throw error;
      await failRun(runId, error.message, dependencies);
      return [];
    }
  }
  // Another run may have become active since.
  if (!(await isActive(runId, runs))) {
    const at = dependencies.now().toISOString();
    const reason = 'another run is active';
    await runs.cancellation.create(runId, { at, by: 'the app', reason, cause: 'decision' });
  }
  return startSending(runId, dependencies);
}

/**
 * Leaves a sign for as long as copies of children may be written: until it is gone, an erasure must not report that
 * there are none.
 */
async function planWithSign(request: RunRequest, dependencies: ExtractDependencies): Promise<void> {
  const { runs, randomHex } = dependencies;
  const { runId } = request;
  const sign = randomHex();
  await runs.extractSigns.begin(runId, sign);
  try {
    // Checked after the sign is written: an erasure first checks whether the run is over, and then looks for signs.
    if ((await isActive(runId, runs)) && !(await isOver(runId, runs))) await plan(request, dependencies);
  } finally {
    await runs.extractSigns.end(runId, sign);
  }
}

async function plan(request: RunRequest, dependencies: ExtractDependencies): Promise<void> {
  const { runs, ssd, staging, now, guardLimits, receiver, stagingTable, terms } = dependencies;
  const { runId, dryRun = false, approve = false } = request;
  const mode = request.mode ?? dependencies.mode;
  dependencies.telemetry.record({
    name: 'RunStarted',
    dimensions: { ...ofRequest(request), mode },
    measurements: {},
  });
  // First, so that nothing is staged that could not be sent.
  const invented = await whoIsInvented(dependencies);
  const pseudonyms = (await dependencies.pseudonyms?.())?.id;
  const window = windowOf(request.today, dependencies.terms.window);
  const source = await readSource(request, window, ssd);
  const { ssdRows } = source;
  const involvements = await involvementsIn(dependencies);
  const fingerprint = fingerprintOf([
    source.fingerprint,
    pseudonyms,
    invented,
    rulesOf(request, dependencies),
  ]);
  const resumed = await resumedAttempt(runId, fingerprint, ssdRows, dependencies);
  const attempt = resumed?.attempt ?? dependencies.randomHex();
  const made = { attempt, fingerprint, resumed, invented, pseudonyms };
  const keyOf = await dependencies.ssd.idKey();
  const extracted = await new Extract(request, made, source, dependencies, keyOf).run();
  if (extracted === undefined) return;

  const earlier = await runBefore(runId, runs);
  const removedBefore = earlier?.plan.terms?.removed ?? [];
  const { chunkHashes, figures, cohortReport, changedRules, vanished, rowsAtEnd, idsRead } = extracted;
  const objections = guardsAgainst(
    {
      cohort: figures.cohort,
      leavers: figures.leavers,
      acknowledged: await staging.countHeld(),
      rowsAtBegin: ssdRows,
      rowsAtEnd,
      idsAsAtBegin: idsRead === source.ids,
      rowsBefore: earlier && rowsStillRead(earlier.plan.figures.ssdRows, terms.leftOut),
      idChurn: figures.idChurn,
      vanished,
      windowStart: window.start,
      windowStartBefore: earlier?.plan.windowStart,
      receiver: { ...receiver, pseudonymised: pseudonyms !== undefined },
      receiverBefore: await runs.receiver.read(stagingTable),
      stagingTable,
      leftOut: terms.leftOut,
      leftOutBefore: removedBefore,
      notAgreed: whyNotAgreed(terms, londonDate(now())),
    },
    guardLimits,
  );
  const number = await numberOf(runId, dependencies);
  if (number === undefined) return;
  if (!dryRun && dependencies.leaversKeptDays > 0) await staging.removeLeavers(dependencies.leaversKeptDays);
  const rehearsal = { ...extracted.rehearsal, today: request.today };
  await runs.rehearsal.write({ runId, attempt }, rehearsal);
  const held = !dryRun && pauses(objections, approve);
  const isFirst = await runs.plan.create(runId, {
    plannedAt: now().toISOString(),
    appVersion: dependencies.version,
    attempt,
    number,
    chunks: chunkHashes.length,
    chunkHashes,
    lanes: dependencies.lanes,
    windowStart: window.start,
    terms: {
      ...(terms.agreement === undefined ? {} : { agreement: terms.agreement.reference }),
      leftOut: [...terms.leftOut],
      removed: terms.leftOut.filter((category) => isOfEveryone(request) || removedBefore.includes(category)),
      windowMonths: terms.window.months,
      plansStart: window.plansStart,
      placementsStart: window.placementsStart,
    },
    receiver,
    stagingTable,
    ...(pseudonyms === undefined ? {} : { pseudonyms }),
    ...(invented === undefined ? {} : { areInvented: true }),
    figures: {
      ...figures,
      ssdRows,
      ...(involvements === undefined ? {} : { involvements }),
      ...(await findingFigures(
        { runId, attempt, changedRules },
        earlier && { runId: earlier.runId, attempt: earlier.plan.attempt },
        runs,
      )),
    },
    cohortReport,
    changedRules,
    objections,
    held,
    dryRun,
  });
  if (isFirst && !held && !dryRun)
    await runs.rehearsalOfMonth.write(monthOf(request.today), { ...rehearsal, runId });
}

/** Whether a run sends whatever DfE does not have of any child. */
function isOfEveryone({ scope }: RunRequest): boolean {
  return scope === 'outstanding' || scope === 'all';
}

/** The rows of the run before, of the tables that are still read. */
function rowsStillRead(rows: RowsByTable, leftOut: readonly Category[]): RowsByTable {
  const notRead: ReadonlySet<string> = tablesNotRead(leftOut);
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !notRead.has(table)));
}

/** How many involvements have a reported role; `undefined` where no role is required, or the SSD does not say. */
async function involvementsIn({
  ssd,
  profile,
  careWorkerGates,
}: ExtractDependencies): Promise<Figures['involvements']> {
  const roles = careWorkerGates.includes('role') ? await ssd.involvementRoles() : undefined;
  return roles === undefined ? undefined : reportedInvolvements(roles, profile.careWorkerRoles);
}

/** What decides the result of an extract, apart from the SSD. */
function rulesOf(request: RunRequest, dependencies: ExtractDependencies): unknown {
  return [
    request,
    dependencies.version,
    dependencies.codesOn(request.today),
    dependencies.profile,
    dependencies.inclusionSets,
    dependencies.terms,
    dependencies.careWorkerGates,
    dependencies.unregisteredWorkers,
    changedOn(request.today, dependencies.changedRules),
    dependencies.mode,
    dependencies.chunkLimits,
    dependencies.stagingTable,
    dependencies.ssd.limits,
  ];
}
