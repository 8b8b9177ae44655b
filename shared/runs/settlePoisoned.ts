import { finishRun, failRun, type FinishRunDependencies } from './finishRun.js';
import { giveUpChunk, type GiveUpDependencies } from './giveUpChunk.js';
import { mayBeQueued, nextMessage } from './sendSlots.js';
import { turnedAway } from '../telemetry/runEvents.js';
import { UnreadableRecordError, unlessUnreadable } from '../records/record.js';
import type { RunStore } from '../records/runStore.js';
import type { Chunk, ChunkMessage } from '../records/chunk.js';
import type { ExtractMessage } from '../records/messages.js';
import type { Plan } from '../records/plan.js';
import type { TurnedAway } from '../records/turnedAway.js';
import { isActive } from '../records/activity.js';
import { pointedAt, whyUntrue } from './asPlanned.js';

export interface SettledPoison {
  /** False when it had a result already, and when the message was turned away. */
  readonly givenUp: boolean;
  /** Why the message, or the chunk, does not agree with the records of the run. */
  readonly turnedAway: TurnedAway | undefined;
  /** The message of the chunk that comes next. */
  readonly next: ChunkMessage | undefined;
}

/**
 * Records a chunk that could not be sent however often it was tried: what DfE has not answered for stays outstanding
 * for the next run, and the run can end. A chunk that got its result after all keeps it. A message that could not have
 * come so far, by the records of the run, is turned away.
 */
export async function settlePoisonedChunk(
  message: ChunkMessage,
  dependencies: GiveUpDependencies,
): Promise<SettledPoison> {
  const { runs, telemetry } = dependencies;
  const { runId, chunk: number } = message;
  const planned = (await unlessUnreadable(pointedAt(message, runs))) ?? { reason: 'noPlan' as const };
  if ('reason' in planned) {
    telemetry.record(turnedAway(message, planned.reason));
    return { givenUp: false, turnedAway: planned.reason, next: undefined };
  }
  const { plan } = planned;
  const settled = await runs.result.settledChunks(runId);
  if (!mayBeQueued(number, plan, settled)) {
    telemetry.record(turnedAway(message, 'notReached'));
    return { givenUp: false, turnedAway: 'notReached', next: undefined };
  }
  const { children, untrue } = await trusted(message, plan, runs);
  const why = settled.has(number) ? 'finished' : untrue;
  if (why !== undefined) telemetry.record(turnedAway(message, why));
  const { givenUp } = await giveUpChunk(message, children, untrue, dependencies);
  await finishRun(runId, dependencies, planned);
  return { givenUp, turnedAway: why, next: await nextMessage(message, plan, !givenUp, dependencies) };
}

/** The children of a chunk that is as it was planned. One that is not is given up all the same, without naming them. */
async function trusted(
  message: ChunkMessage,
  plan: Plan,
  runs: RunStore,
): Promise<{ readonly children: Chunk['children']; readonly untrue: TurnedAway | undefined }> {
  try {
    const chunk = await runs.chunk.read(message);
    const untrue = chunk === undefined ? 'noBlob' : whyUntrue(chunk, message, plan);
    return { children: untrue === undefined ? (chunk?.children ?? []) : [], untrue };
  } catch (error) {
    if (error instanceof UnreadableRecordError) return { children: [], untrue: 'unreadable' };
    throw error;
  }
}

/**
 * Ends a run whose extract failed however often it was tried. One that has its plan had only its messages to give, and
 * one whose attempts have got on may come to its end: `resumeStalledRuns` gives their messages again. A run that does not have the
 * turn has no extract: somebody else wrote the message, or `resumeStalledRuns` ends the run.
 * @returns whether it has given the extract up
 */
export async function settlePoisonedExtract(
  { runId }: ExtractMessage,
  dependencies: FinishRunDependencies,
): Promise<boolean> {
  const { runs } = dependencies;
  if (!(await isActive(runId, runs))) return false;
  if ((await runs.plan.read(runId)) !== undefined || (await runs.wait.hasExtractGotOn(runId))) return false;
  await failRun(
    runId,
    'The extract failed each time it was tried: see the exceptions of function extractRun. Every child that DfE has not answered for is outstanding for the next run.',
    dependencies,
  );
  return true;
}
