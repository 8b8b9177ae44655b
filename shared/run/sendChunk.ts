import type { Answer } from '../dfe/answer.js';
import { deliver } from '../dfe/deliver.js';
import type { Settlement, StagingTable } from '../staging/stagingTable.js';
import { endRun } from './endRun.js';
import type { Chunk, ChunkMessage, Result, Summary } from './runRecords.js';
import type { RunStore } from './runStore.js';

export interface SendChunkDependencies {
  readonly runs: RunStore;
  readonly staging: StagingTable;
  readonly post: (children: readonly object[]) => Promise<Answer>;
  readonly now: () => Date;
}

/** What became of a chunk, in numbers that may be logged. */
export interface ChunkOutcome {
  readonly accepted: number;
  readonly refused: number;
  readonly posts: number;
  /** The run's summary, when this chunk was the last one. */
  readonly ended: Summary | undefined;
}

/**
 * Sends a chunk and settles what DfE says about each child: the result blob first, then the staging table, then the
 * run. May be killed and repeated at any point: a chunk with a result is not posted again, only settled again, and a
 * chunk that was posted but has no result is posted again whole, which changes nothing at DfE.
 * @throws DeliveryError when DfE could not take the chunk: the message goes back to the queue
 */
export async function sendChunk(
  message: ChunkMessage,
  dependencies: SendChunkDependencies,
): Promise<ChunkOutcome> {
  const { runs, staging } = dependencies;
  const chunk = await runs.readChunk(message);
  if (chunk === undefined) {
    throw new Error(`Chunk ${String(message.chunk)} of run ${message.runId} has no blob.`);
  }
  const result = (await runs.readResult(message.runId, message.chunk)) ?? (await send(chunk, dependencies));
  await staging.settle(settlementsOf(chunk, result));
  const having = (outcome: string) => result.children.filter((child) => child.outcome === outcome).length;
  return {
    accepted: having('accepted'),
    refused: having('refused'),
    posts: result.posts,
    ended: await endRun(message.runId, dependencies),
  };
}

async function send(chunk: Chunk, { runs, post, now }: SendChunkDependencies): Promise<Result> {
  let posts = 0;
  const deliveries = await deliver(
    chunk.children.map(({ payload }) => payload),
    (children) => {
      posts += 1;
      return post(children);
    },
  );
  const result: Result = {
    chunk: chunk.chunk,
    recordedAt: now().toISOString(),
    posts,
    children: chunk.children.flatMap(({ personId, hash }, index) => {
      const delivery = deliveries[index];
      return delivery === undefined ? [] : [{ personId, hash, ...delivery }];
    }),
  };
  if (await runs.createResult(chunk.runId, result)) return result;
  // Another attempt was quicker; its record is the one that counts.
  return (await runs.readResult(chunk.runId, chunk.chunk)) ?? result;
}

function settlementsOf(chunk: Chunk, result: Result): Settlement[] {
  const sent = new Map(chunk.children.map((child) => [child.personId, child]));
  return result.children.flatMap((child): Settlement[] => {
    if (child.outcome === 'outstanding') return [];
    if (child.outcome === 'refused') return [child];
    const was = sent.get(child.personId);
    return was === undefined ? [] : [{ ...child, holds: heldAfter(was) }];
  });
}

function heldAfter({ holds, payload }: Chunk['children'][number]): string | undefined {
  if (holds === 'nothing') return undefined;
  return holds === 'payload' ? JSON.stringify(payload) : holds.json;
}
