import { app, output, type InvocationContext } from '@azure/functions';
import { chunkQueue } from '../shared/host/queues.js';

const messages = output.storageQueue(chunkQueue);

app.storageQueue('sendChunk', {
  ...chunkQueue,
  extraOutputs: [messages],
  handler: async (entry: unknown, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/composition/container.js');
    const { readChunkMessage } = await import('../shared/records/messages.js');
    const { reportRun } = await import('../shared/telemetry/reportRun.js');
    const { sendChunk } = await import('../shared/runs/sendChunk.js');
    const { turnedAwayText } = await import('../shared/records/turnedAway.js');
    const message = readChunkMessage(entry);
    const container = theContainer();
    const { accepted, refused, posts, ended, next, waitsUntil, turnedAway } = await sendChunk(
      message,
      await container.withDatabase(),
    );
    if (waitsUntil !== undefined) {
      context.warn(
        `Run ${message.runId}, chunk ${String(message.chunk)}: DfE asked not to be posted to until ${waitsUntil}; the run waits.`,
      );
      return;
    }
    if (turnedAway !== undefined) {
      context.error(
        `Run ${message.runId}, chunk ${String(message.chunk)}: not sent; ${turnedAwayText(turnedAway)}.`,
      );
    }
    if (next !== undefined) context.extraOutputs.set(messages, next);
    context.log(
      `Run ${message.runId}, chunk ${String(message.chunk)}: ${String(accepted)} accepted, ${String(refused)} refused in ${String(posts)} posts.`,
    );
    if (ended === undefined) return;
    context.log(`Run ${message.runId}: ${ended.status}.`);
    await reportRun(message.runId, container);
  },
});
