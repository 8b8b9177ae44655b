import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('pageCancellation', {
  route: 'dashboard/runs/{runId}/cancellation',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/pages/pageAnswer.js');
    return pageAnswer(request, context, 'operator', async (visitor) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { decisionAnswer } = await import('../shared/pages/decisionForm.js');
      const { cancelRun } = await import('../shared/runs/approveOrCancel.js');
      const container = theContainer();
      return decisionAnswer(request, 'cancelled', visitor, container.runs, async (runId, decider) => {
        const decided = await cancelRun(runId, decider, container);
        if (decided.outcome === 'done') context.log(`Run ${runId}: cancelled.`);
        return decided;
      });
    });
  },
});
