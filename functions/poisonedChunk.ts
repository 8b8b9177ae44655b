import { app, output, type InvocationContext } from '@azure/functions';
import { chunkQueue, poisonOf } from '../shared/host/queues.js';

const messages = output.storageQueue(chunkQueue);

app.storageQueue('poisonedChunk', {
  ...poisonOf(chunkQueue),
  extraOutputs: [messages],
  handler: async (entry: unknown, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/composition/container.js');
    const { chunkMessageSchema } = await import('../shared/records/chunk.js');
    const { reportRun } = await import('../shared/telemetry/reportRun.js');
    const { settlePoisonedChunk } = await import('../shared/runs/settlePoisoned.js');
    const { turnedAwayText } = await import('../shared/records/turnedAway.js');
    const message = chunkMessageSchema.safeParse(entry);
    if (!message.success) {
      context.error(
        'A poison message that names no chunk was dropped: this app does not write such messages.',
      );
      return;
    }
    const container = theContainer();
    const { givenUp, turnedAway, next } = await settlePoisonedChunk(message.data, container);
    if (next !== undefined) context.extraOutputs.set(messages, next);
    context.error(
      `Run ${message.data.runId}, chunk ${String(message.data.chunk)}: ${
        givenUp
          ? 'given up; its children stay outstanding for the next run.'
          : 'not given up. Where it has a result that did not reach the staging table, its children are sent again by the next run.'
      }${turnedAway === undefined ? '' : ` The reason: ${turnedAwayText(turnedAway)}.`}`,
    );
    await reportRun(message.data.runId, container);
  },
});
