import { app, type InvocationContext } from '@azure/functions';
import { extractQueue, poisonOf } from '../shared/host/queues.js';

app.storageQueue('poisonedExtract', {
  ...poisonOf(extractQueue),
  handler: async (entry: unknown, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/composition/container.js');
    const { extractMessageSchema } = await import('../shared/records/messages.js');
    const { reportRun } = await import('../shared/telemetry/reportRun.js');
    const { settlePoisonedExtract } = await import('../shared/runs/settlePoisoned.js');
    const message = extractMessageSchema.safeParse(entry);
    if (!message.success) {
      context.error('A poison message that names no run was dropped: this app does not write such messages.');
      return;
    }
    const container = theContainer();
    const givenUp = await settlePoisonedExtract(message.data, container);
    if (givenUp) context.error(`Run ${message.data.runId}: failed, its extract was given up.`);
    else
      context.warn(
        `Run ${message.data.runId}: its extract is not given up: it got on, or the run was planned, or does not have the turn.`,
      );
    await reportRun(message.data.runId, container);
  },
});
