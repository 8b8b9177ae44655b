import type { Invocation } from '../composition/handledBy.js';
import { readChunkMessage } from '../records/messages.js';
import { turnedAwayText } from '../records/turnedAway.js';
import { sendChunk, type SendChunkDependencies } from '../runs/sendChunk.js';
import { reportRun, type ReportDependencies } from '../telemetry/reportRun.js';

type Dependencies = ReportDependencies & { readonly withDatabase: () => Promise<SendChunkDependencies> };

/** Sends the chunk that a message names, and queues the one that comes next. */
export async function handler(
  entry: unknown,
  { container, queue, log, warn, error }: Invocation<Dependencies>,
): Promise<void> {
  const message = readChunkMessage(entry);
  const about = `Run ${message.runId}, chunk ${String(message.chunk)}:`;
  const dependencies = container();
  const { accepted, refused, posts, ended, next, waitsUntil, turnedAway } = await sendChunk(
    message,
    await dependencies.withDatabase(),
  );
  if (waitsUntil !== undefined) {
    warn(`${about} DfE asked not to be posted to until ${waitsUntil}; the run waits.`);
    return;
  }
  if (turnedAway !== undefined) error(`${about} not sent; ${turnedAwayText(turnedAway)}.`);
  if (next !== undefined) queue({ chunks: [next] });
  log(`${about} ${String(accepted)} accepted, ${String(refused)} refused in ${String(posts)} requests.`);
  if (ended === undefined) return;
  log(`Run ${message.runId}: ${ended.status}.`);
  await reportRun(message.runId, dependencies);
}
