import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('pageRun', {
  route: 'dashboard/runs/{runId}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/pages/pageAnswer.js');
    return pageAnswer(request, context, 'reader', async (visitor) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { notFoundPage } = await import('../shared/pages/messagePages.js');
      const { runPage } = await import('../shared/pages/runPage.js');
      const { answerDeadline } = await import('../shared/records/inTime.js');
      const { runIdSchema } = await import('../shared/records/runId.js');
      const { runInFull } = await import('../shared/records/runInFull.js');
      const { runs, now } = theContainer();
      const deadline = answerDeadline(now);
      const runId = runIdSchema.safeParse(request.params['runId']);
      const found = runId.success ? await runInFull(runId.data, runs, deadline) : undefined;
      if (found === undefined) return notFoundPage;
      return runPage({ ...found, done: request.query.get('done') ?? undefined, now: now() }, visitor);
    });
  },
});
