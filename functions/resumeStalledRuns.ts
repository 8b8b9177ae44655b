import { app, output, type InvocationContext, type Timer } from '@azure/functions';
import { chunkQueue, extractQueue } from '../shared/host/queues.js';

const extracts = output.storageQueue(extractQueue);
const chunks = output.storageQueue(chunkQueue);

app.timer('resumeStalledRuns', {
  schedule: '0 */5 * * * *',
  extraOutputs: [extracts, chunks],
  handler: async (_timer: Timer, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/composition/container.js');
    const { reportNewestRuns } = await import('../shared/telemetry/reportRun.js');
    const { resumeStalledRuns } = await import('../shared/runs/resumeStalledRuns.js');
    const container = theContainer();
    const messages = await resumeStalledRuns(container);
    if (messages.extracts.length > 0) context.extraOutputs.set(extracts, messages.extracts);
    if (messages.chunks.length > 0) context.extraOutputs.set(chunks, messages.chunks);
    for (const { runId } of messages.extracts) context.log(`Run ${runId}: its extract was queued.`);
    const [chunk] = messages.chunks;
    if (chunk !== undefined) {
      context.warn(
        `Run ${chunk.runId}: had lost its messages, or had waited for DfE; ${String(messages.chunks.length)} chunks were queued again.`,
      );
    }
    if (!(await reportNewestRuns(container))) {
      context.warn('What became of a run could not be told to Application Insights; it is tried again.');
    }
  },
});
