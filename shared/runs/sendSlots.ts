import type { Ledger } from '../records/ledger.js';
import { type ChunkMessage, chunkMessageOf } from '../records/chunk.js';
import type { Plan } from '../records/plan.js';
import type { RunId } from '../records/runId.js';
import type { RunStore } from '../records/runStore.js';

/**
 * Chunks are sent in slots (the plan stores their number as `lanes`): one message of each slot is on the queue, and
 * the sender of a chunk queues the next one of its slot. So no more chunks than slots are sent at the same time, over
 * all instances of the app. Slot `n` has the chunks `n`, `n + lanes`, `n + 2 * lanes`, …
 */
type SendSlots = Pick<Plan, 'attempt' | 'chunks' | 'lanes'>;

/** The first chunk of each slot that has no result. */
export function firstMessages(runId: RunId, plan: SendSlots, settled: ReadonlySet<number>): ChunkMessage[] {
  return numbersTo(Math.min(plan.lanes, plan.chunks)).flatMap((slot) => {
    const open = numbersTo(plan.chunks).find((chunk) => isIn(slot, chunk, plan) && !settled.has(chunk));
    return open === undefined ? [] : [chunkMessageOf(runId, plan, open)];
  });
}

/**
 * The message of the next chunk of the slot, `undefined` after the last one.
 * @param isRepetition the chunk was handled before: then the next one is not queued if it has begun, so that a
 *   message that comes twice does not double a slot
 */
export async function nextMessage(
  { runId, chunk }: ChunkMessage,
  plan: SendSlots,
  isRepetition: boolean,
  { runs, ledger }: { readonly runs: RunStore; readonly ledger: Ledger },
): Promise<ChunkMessage | undefined> {
  const next = chunk + plan.lanes;
  if (next > plan.chunks) return undefined;
  if (isRepetition) {
    const hasBegun = await Promise.all([
      ledger.hasSent(runId, next),
      runs.result.read({ runId, chunk: next }),
    ]);
    if (hasBegun.some((sign) => sign !== false && sign !== undefined)) return undefined;
  }
  return chunkMessageOf(runId, plan, next);
}

/** Whether a message of the chunk may be on a queue: all earlier chunks of its slot have a result. */
export function mayBeQueued(chunk: number, { lanes }: SendSlots, settled: ReadonlySet<number>): boolean {
  return chunk <= lanes || settled.has(chunk - lanes);
}

function isIn(slot: number, chunk: number, { lanes }: SendSlots): boolean {
  return (chunk - slot) % lanes === 0;
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
