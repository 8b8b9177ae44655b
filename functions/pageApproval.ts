import {
  app,
  output,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { chunkQueue } from '../shared/host/queues.js';

const chunks = output.storageQueue(chunkQueue);

app.http('pageApproval', {
  route: 'dashboard/runs/{runId}/approval',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  extraOutputs: [chunks],
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/pages/pageAnswer.js');
    return pageAnswer(request, context, 'operator', async (visitor) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { decisionAnswer } = await import('../shared/pages/decisionForm.js');
      const { approveRun } = await import('../shared/runs/approveOrCancel.js');
      const container = theContainer();
      return decisionAnswer(request, 'approved', visitor, container.runs, async (runId, decider) => {
        const decided = await approveRun(runId, decider, container);
        if (decided.outcome !== 'done') return decided;
        if (decided.messages.length > 0) context.extraOutputs.set(chunks, decided.messages);
        context.log(`Run ${runId}: approved, ${String(decided.messages.length)} chunks queued.`);
        return decided;
      });
    });
  },
});
