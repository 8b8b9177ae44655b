import type { Answer } from '../dfe/answer.js';
import { deliver, type Delivery } from '../dfe/deliver.js';
import type { Settlement, StagingTable } from '../staging/stagingTable.js';
import { endRun } from './endRun.js';
import { answeredEntryOf, sentEntryOf, type Ledger } from './ledger.js';
import type { Answers, Chunk, ChunkMessage, Receiver, Result, Summary } from './runRecords.js';
import type { RunStore } from './runStore.js';

export interface SendChunkDependencies {
  readonly runs: RunStore;
  readonly ledger: Ledger;
  readonly staging: StagingTable;
  readonly post: (children: readonly object[]) => Promise<Answer>;
  readonly receiver: Receiver;
  readonly now: () => Date;
}

/** What became of a chunk, in numbers that may be logged. */
export interface ChunkOutcome {
  readonly accepted: number;
  readonly refused: number;
  /** Not sent, because the child has changed since. */
  readonly superseded: number;
  readonly posts: number;
  /** The run's summary, when this chunk was the last one. */
  readonly ended: Summary | undefined;
}

/**
 * DfE has not answered for all children of the chunk. What it has answered is recorded; the rest is sent again when the
 * message comes back from the queue. The message of the error names no child.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

type ChunkChild = Chunk['children'][number];

/**
 * Sends a chunk and settles what DfE says about each child: the result blob first, then the staging table, then the
 * run. May be killed and repeated at any point: before a POST the staging table says that DfE may hold what is in it,
 * what DfE has answered is not posted again, and a chunk with a result is only settled again.
 * @throws DeliveryError when DfE has not answered for every child: the message goes back to the queue
 */
export async function sendChunk(
  message: ChunkMessage,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  const { runs, staging, ledger } = dependencies;
  const { runId, chunk: number } = message;
  const chunk = await runs.readChunk(message);
  if (chunk === undefined) throw new Error(`Chunk ${String(number)} of run ${runId} has no blob.`);
  const result = (await runs.readResult(runId, number)) ?? (await send(message, chunk, dependencies));
  await staging.settle(runId, settlementsOf(chunk, result.children));
  await ledger.recordAnswer(answeredEntryOf(runId, result));
  const having = (outcome: string) => result.children.filter((child) => child.outcome === outcome).length;
  return {
    accepted: having('accepted'),
    refused: having('refused'),
    superseded: having('superseded'),
    posts: result.posts,
    ended: await endRun(runId, dependencies),
  };
}

async function send(
  message: ChunkMessage,
  chunk: Chunk,
  dependencies: SendChunkDependencies,
): Promise<Result> {
  const { runs, staging, now } = dependencies;
  const { runId } = chunk;
  const answers = new Map<string, Result['children'][number]>();
  for (const answer of await runs.readAnswers(runId, chunk.chunk)) answers.set(answer.personId, answer);
  let posts = 0;

  if ((await runs.readCancellation(runId)) === undefined) {
    // Of a child that was erased meanwhile there is nothing to send.
    const open = chunk.children.filter(
      ({ personId, erasedAt }) => !answers.has(personId) && erasedAt === undefined,
    );
    // A run that has lost its turn is one of the past, whatever the table says at this moment.
    const hasTurn = (await runs.readTurn())?.turn.run.runId === runId;
    const claimed = await staging.claim(
      runId,
      (hasTurn ? open : []).map(({ personId, hash, payload, holds }) => {
        return { personId, hash, sent: JSON.stringify(payload), isPurge: holds === 'nothing' };
      }),
    );
    const claimOf = ({ personId }: ChunkChild) => claimed.get(staging.keyOf(personId));
    for (const child of open) {
      if (claimOf(child) === undefined)
        answers.set(child.personId, { ...idOf(child), outcome: 'superseded' });
    }
    const toSend = open.filter((child) => claimOf(child) !== undefined);
    if (toSend.length > 0) {
      await recordSending(message, toSend, dependencies);
      const { children, problem } = await deliver(
        toSend.map(({ payload }) => payload),
        (payloads) => {
          posts += 1;
          return dependencies.post(payloads);
        },
        [...answers.values()].some(({ outcome }) => outcome === 'accepted'),
      );
      const notTaken: Settlement[] = [];
      for (const [index, child] of toSend.entries()) {
        const answer = answerOf(child, children[index], claimOf(child)?.inDoubt ?? true);
        if (answer?.outcome === 'notTaken') notTaken.push(answer);
        else if (answer !== undefined) answers.set(child.personId, answer);
      }
      if (problem !== undefined) {
        const known = [...answers.values()].filter(isAnswer);
        await runs.writeAnswers(runId, chunk.chunk, known);
        await staging.settle(runId, [...settlementsOf(chunk, known), ...notTaken]);
        throw new DeliveryError(problem);
      }
    }
  }

  const result: Result = {
    chunk: chunk.chunk,
    recordedAt: now().toISOString(),
    posts,
    children: chunk.children.map(
      (child) => answers.get(child.personId) ?? { ...idOf(child), outcome: 'outstanding' },
    ),
  };
  if (await runs.createResult(runId, result)) return result;
  // Another attempt was quicker; its record is the one that counts.
  return (await runs.readResult(runId, chunk.chunk)) ?? result;
}

/** The ledger knows of every disclosure before it happens. */
async function recordSending(
  { runId, chunk, blob }: ChunkMessage,
  children: readonly ChunkChild[],
  { runs, ledger, receiver, now }: SendChunkDependencies,
): Promise<void> {
  const request = await runs.readRequest(runId);
  if (request === undefined)
    throw new Error(`Run ${runId} was never asked for: there is no request of that id.`);
  await ledger.recordSending(sentEntryOf({ request, chunk, blob, at: now(), receiver, children }));
}

/** @returns `undefined` when DfE may hold it, and has not said so */
function answerOf(
  child: ChunkChild,
  delivery: Delivery | undefined,
  inDoubt: boolean,
): Answers[number] | Extract<Settlement, { outcome: 'notTaken' }> | undefined {
  switch (delivery?.outcome) {
    case undefined:
      return undefined;
    case 'accepted':
      return { ...idOf(child), outcome: 'accepted', receipt: delivery.receipt };
    case 'refused':
      return {
        ...idOf(child),
        outcome: 'refused',
        reason: delivery.reason,
        mayHold: delivery.mayHold || inDoubt,
      };
    case 'unanswered':
      return delivery.mayHold || inDoubt ? undefined : { ...idOf(child), outcome: 'notTaken' };
  }
}

function idOf({ personId, hash }: ChunkChild): { personId: string; hash: string } {
  return { personId, hash };
}

function isAnswer(child: Result['children'][number]): child is Answers[number] {
  return child.outcome === 'accepted' || child.outcome === 'refused';
}

function settlementsOf(chunk: Chunk, children: Result['children']): Settlement[] {
  const kept = chunk.children.filter(({ erasedAt }) => erasedAt === undefined);
  const sent = new Map(kept.map((child) => [child.personId, child]));
  return children.filter(isAnswer).flatMap((child): Settlement[] => {
    const was = sent.get(child.personId);
    if (was === undefined) return [];
    return child.outcome === 'refused' ? [child] : [{ ...child, holds: heldAfter(was) }];
  });
}

function heldAfter({ holds, payload }: ChunkChild): string | undefined {
  if (holds === 'nothing') return undefined;
  return holds === 'payload' ? JSON.stringify(payload) : holds.json;
}
