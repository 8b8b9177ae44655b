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

interface SettledPoison {
  /** False when it had a result already, and when the message was turned away. */
  readonly givenUp: boolean;
  /** Why the message, or the chunk, does not agree with the records of the run. */
  readonly turnedAway: TurnedAway | undefined;
  /** The message of the chunk that comes next. */
  readonly next: ChunkMessage | undefined;
}

/**
 * Records a chunk that could not be sent after all tries: what DfE has not answered for stays outstanding for the
 * next run, and the run can end. A chunk that has a result keeps it. A message that cannot have been queued, by the
 * records of the run, is turned away.
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

/** The children of a chunk that is as planned. Any other chunk is given up too, without naming its children. */
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
 * Ends a run whose extract failed after all tries. If it has its plan, only its messages were left to queue; if its
 * attempts made progress, it may still succeed: in both cases `resumeStalledRuns` queues the messages again. A run
 * that is not active has no extract: someone else wrote the message, or `resumeStalledRuns` ends the run.
 * @returns whether the extract was given up
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
