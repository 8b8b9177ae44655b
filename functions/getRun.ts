import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

app.http('getRun', {
  route: 'runs/{runId}',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, 'reader', async () => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { noSuchRun } = await import('../shared/api/plannedRun.js');
      const { runIdSchema } = await import('../shared/records/runId.js');
      const { runStatus } = await import('../shared/records/runStatus.js');
      const runId = runIdSchema.safeParse(request.params['runId']);
      const status = runId.success ? await runStatus(runId.data, theContainer().runs) : undefined;
      return status === undefined ? noSuchRun : { jsonBody: status };
    });
  },
});
