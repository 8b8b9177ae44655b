import type { Invocation } from '../composition/handledBy.js';
import { chunkMessageSchema } from '../records/chunk.js';
import { turnedAwayText } from '../records/turnedAway.js';
import type { GiveUpDependencies } from '../runs/giveUpChunk.js';
import { settlePoisonedChunk } from '../runs/settlePoisoned.js';
import { reportRun } from '../telemetry/reportRun.js';

/** Gives up the chunk whose message failed too often, and queues the one that comes next. */
export async function handler(
  entry: unknown,
  { container, queue, error }: Invocation<GiveUpDependencies>,
): Promise<void> {
  const message = chunkMessageSchema.safeParse(entry);
  if (!message.success) {
    error('A poison message that names no chunk was dropped: this app does not write such messages.');
    return;
  }
  const { runId, chunk } = message.data;
  const dependencies = container();
  const { givenUp, turnedAway, next } = await settlePoisonedChunk(message.data, dependencies);
  if (next !== undefined) queue({ chunks: [next] });
  error(
    `Run ${runId}, chunk ${String(chunk)}: ${
      givenUp
        ? 'given up; its children stay outstanding for the next run.'
        : 'not given up. Where it has a result that did not reach the staging table, its children are sent again by the next run.'
    }${turnedAway === undefined ? '' : ` The reason: ${turnedAwayText(turnedAway)}.`}`,
  );
  await reportRun(runId, dependencies);
}
