import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

app.http('getRun', {
  route: 'runs/{runId}',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { runIdSchema } = await import('../shared/run/runRecords.js');
    const { runStatus } = await import('../shared/run/runStatus.js');
    const runId = runIdSchema.safeParse(request.params['runId']);
    const status = runId.success ? await runStatus(runId.data, theContainer().runs) : undefined;
    if (status === undefined) return { status: 404, jsonBody: { error: 'There is no run of this id.' } };
    return { jsonBody: status };
  },
});
