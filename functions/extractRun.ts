import { app, output, type InvocationContext } from '@azure/functions';
import { chunkQueue, extractQueue } from '../shared/host/queues.js';

const messages = output.storageQueue(chunkQueue);

app.storageQueue('extractRun', {
  ...extractQueue,
  extraOutputs: [messages],
  handler: async (entry: unknown, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/composition/container.js');
    const { readExtractMessage } = await import('../shared/records/messages.js');
    const { extractRun } = await import('../shared/runs/extractRun.js');
    const { reportRun } = await import('../shared/telemetry/reportRun.js');
    const { runId } = readExtractMessage(entry);
    const container = theContainer();
    const chunks = await extractRun(runId, await container.withDatabase());
    if (chunks.length > 0) context.extraOutputs.set(messages, chunks);
    context.log(`Run ${runId}: extract done, ${String(chunks.length)} chunks queued.`);
    await reportRun(runId, container);
  },
});
