import type { Chunk, ChunkMessage } from '../records/chunk.js';
import { noAnswers } from '../records/answers.js';
import { answeredEntryOf } from '../records/ledgerEntries.js';
import { countOutcome, type Result } from '../records/result.js';
import type { Summary } from '../records/summary.js';
import type { TurnedAway } from '../records/turnedAway.js';
import type { Wait } from '../records/waits.js';
import { signEveryMs } from '../host/durations.js';
import { childrenRejected, turnedAway } from '../telemetry/runEvents.js';
import { pointedAt, whyUntrue, type Planned } from './asPlanned.js';
import { finishRun } from './finishRun.js';
import { giveUpChunk } from './giveUpChunk.js';
import { mayBeSent } from './mayBeSent.js';
import { postOpen, type PostDependencies } from './postChunk.js';
import { nextMessage } from './sendSlots.js';
import { idOf, settlementsOf } from './settlements.js';
import type { SendingDependencies } from './startSending.js';

export interface SendChunkDependencies extends SendingDependencies, PostDependencies {
  /** Does something again and again until the answer is called; what fails is done again the next time. */
  readonly every: (ms: number, act: () => Promise<unknown>) => () => void;
}

/** The outcome of a chunk, in numbers that may be logged. */
interface ChunkOutcome {
  readonly accepted: number;
  readonly refused: number;
  /** Not sent, because the child has changed since. */
  readonly superseded: number;
  readonly posts: number;
  /** The run's summary, when this chunk was the last one. */
  readonly ended: Summary | undefined;
  /** DfE asked not to be posted to until then: `resumeStalledRuns` queues the message again. */
  readonly waitsUntil: string | undefined;
  /** Why nothing was posted: the message or the chunk does not agree with the records of the run. */
  readonly turnedAway: TurnedAway | undefined;
  /** The message of the chunk that comes next. */
  readonly next: ChunkMessage | undefined;
}

/**
 * Sends a chunk and settles what DfE says about each child: the result blob first, then the staging table, then the
 * run. The records of the run decide whether and what is sent; the message only points to them, and is turned away
 * where they disagree. It may be killed and repeated at any point: before a POST the staging table records that DfE
 * may hold its children, children with an answer are not posted again, and a chunk with a result is only settled
 * again.
 * @throws DeliveryError when DfE has not answered for every child: the message goes back to the queue
 */
export async function sendChunk(
  message: ChunkMessage,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  const { runs, every, now } = dependencies;
  // A POST that is repeated, or a database that wakes, can take longer than a run may be without a sign of life.
  const stopSigns = every(signEveryMs, () => runs.noteSending(message.runId, now()));
  try {
    return await sendAndSettle(message, dependencies);
  } finally {
    stopSigns();
  }
}

async function sendAndSettle(
  message: ChunkMessage,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  const { runs, staging, ledger, telemetry, now } = dependencies;
  const { runId, chunk: number } = message;
  const begun = now().getTime();
  const planned = await pointedAt(message, runs);
  if ('reason' in planned) {
    telemetry.record(turnedAway(message, planned.reason));
    return { ...nothing, turnedAway: planned.reason };
  }
  const { plan } = planned;
  const [chunk, earlier] = await Promise.all([
    runs.chunk.read(message),
    runs.result.read({ runId, chunk: number }),
  ]);
  if (chunk === undefined) throw new Error(`Chunk ${String(number)} of run ${runId} has no blob.`);
  const untrue = whyUntrue(chunk, message, plan);
  if (untrue !== undefined) return failed(message, untrue, planned, dependencies);
  // The answers that are already recorded are settled now: no other message returns to them.
  const sent =
    earlier === undefined
      ? await send(message, chunk, planned, dependencies)
      : { result: earlier, isRepetition: true, why: undefined };
  if ('until' in sent) return { ...nothing, waitsUntil: sent.until };
  const { result, isRepetition, why } = sent;
  await staging.settle(runId, settlementsOf(chunk, result.children));
  await ledger.recordAnswer(answeredEntryOf(runId, result));
  const outcome = outcomeOf(result);
  telemetry.record({
    name: 'ChunkSent',
    dimensions: { runId, chunk: String(number) },
    measurements: { ...outcome, children: result.children.length, durationMs: now().getTime() - begun },
  });
  for (const event of childrenRejected(runId, result)) telemetry.record(event);
  if (why !== undefined) telemetry.record(turnedAway(message, why));
  return {
    ...outcome,
    waitsUntil: undefined,
    turnedAway: why,
    ended: await finishRun(runId, dependencies, planned),
    next: await nextMessage(message, plan, isRepetition, dependencies),
  };
}

const nothing: ChunkOutcome = {
  accepted: 0,
  refused: 0,
  superseded: 0,
  posts: 0,
  ended: undefined,
  waitsUntil: undefined,
  turnedAway: undefined,
  next: undefined,
};

function outcomeOf(result: Result): Pick<ChunkOutcome, 'accepted' | 'refused' | 'superseded' | 'posts'> {
  return {
    accepted: countOutcome('accepted', result),
    refused: countOutcome('refused', result),
    superseded: countOutcome('superseded', result),
    posts: result.posts,
  };
}

/** Gives up a chunk that is not the planned one: its children and what it says about them are ignored. */
async function failed(
  message: ChunkMessage,
  why: TurnedAway,
  planned: Planned,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  dependencies.telemetry.record(turnedAway(message, why));
  const { result, givenUp } = await giveUpChunk(message, [], why, dependencies);
  return {
    ...outcomeOf(result),
    waitsUntil: undefined,
    turnedAway: why,
    ended: await finishRun(message.runId, dependencies, planned),
    next: await nextMessage(message, planned.plan, !givenUp, dependencies),
  };
}

/**
 * Sends the children without an answer, if the run may still send, and records the result.
 * @returns until when to wait, when DfE asked not to be posted to
 */
async function send(
  message: ChunkMessage,
  chunk: Chunk,
  planned: Planned,
  dependencies: SendChunkDependencies,
): Promise<Recorded | Pick<Wait, 'until'>> {
  const { runs, now } = dependencies;
  const { runId } = chunk;
  const known = (await runs.answers.read(chunk)) ?? noAnswers;
  const orders = await mayBeSent(runId, planned, dependencies);
  if ('until' in orders) return orders;
  const sent =
    'request' in orders
      ? await postOpen(message, chunk, planned.plan, known, orders, dependencies)
      : undefined;
  if (sent !== undefined && 'until' in sent) return sent;
  const why = 'why' in orders ? orders.why : undefined;
  const outcomes = new Map(
    [...known.children, ...(sent?.children ?? [])].map((child) => [child.personId, child]),
  );
  const result: Result = {
    chunk: chunk.chunk,
    recordedAt: now().toISOString(),
    posts: known.posts + (sent?.posts ?? 0),
    ...(why === undefined ? {} : { failure: why }),
    children: chunk.children.map(
      (child) => outcomes.get(child.personId) ?? { ...idOf(child), outcome: 'outstanding' },
    ),
  };
  if (await runs.result.create(runId, result)) return { result, isRepetition: false, why };
  // Another attempt was faster; its record counts.
  return {
    result: (await runs.result.read({ runId, chunk: chunk.chunk })) ?? result,
    isRepetition: true,
    why,
  };
}

/** The result of a chunk. */
interface Recorded {
  readonly result: Result;
  readonly isRepetition: boolean;
  /** Why nothing more was posted; absent after a decision. */
  readonly why: TurnedAway | undefined;
}
