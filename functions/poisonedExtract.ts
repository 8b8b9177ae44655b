import { app, type InvocationContext } from '@azure/functions';
import { extractQueue, poisonOf } from '../shared/queues.js';

app.storageQueue('poisonedExtract', {
  ...poisonOf(extractQueue),
  handler: async (entry: unknown, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/container.js');
    const { extractMessageSchema } = await import('../shared/run/runRecords.js');
    const { reportRun } = await import('../shared/run/report.js');
    const { settlePoisonedExtract } = await import('../shared/run/settlePoison.js');
    const message = extractMessageSchema.safeParse(entry);
    if (!message.success) {
      context.error('A poison message that names no run was dropped: this app does not write such messages.');
      return;
    }
    const container = theContainer();
    await settlePoisonedExtract(message.data, container);
    context.error(`Run ${message.data.runId}: failed, its extract was given up.`);
    await reportRun(message.data.runId, container);
  },
});
