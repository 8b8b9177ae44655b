import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

// Names children by their ids: this answer is personal data. What guards it today is the function key.
app.http('getChildren', {
  route: 'runs/{runId}/children.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { childrenCsv } = await import('../shared/http/childrenCsv.js');
    const { childrenOfRun } = await import('../shared/run/childrenOfRun.js');
    const { runIdSchema } = await import('../shared/run/runRecords.js');
    const { runs } = theContainer();
    const runId = runIdSchema.safeParse(request.params['runId']);
    if (!runId.success || (await runs.readRequest(runId.data)) === undefined) {
      return { status: 404, jsonBody: { error: 'There is no run of this id.' } };
    }
    const plan = await runs.readPlan(runId.data);
    if (plan === undefined) {
      const error = 'The extract of this run is not complete: not all of its children are known.';
      return { status: 409, jsonBody: { error } };
    }
    return {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="children-${runId.data}.csv"`,
        'cache-control': 'no-store',
      },
      body: await childrenCsv(childrenOfRun(runId.data, plan, runs)),
    };
  },
});
