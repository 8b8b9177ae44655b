import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

// The row ids of ssd_person are child ids: this answer is personal data. What guards it today is the function key.
app.http('getFindings', {
  route: 'runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { findingsCsv } = await import('../shared/http/findingsCsv.js');
    const { findingsOfRun } = await import('../shared/run/findingsOfRun.js');
    const { runIdSchema } = await import('../shared/run/runRecords.js');
    const { runs } = theContainer();
    const runId = runIdSchema.safeParse(request.params['runId']);
    if (!runId.success || (await runs.readRequest(runId.data)) === undefined) {
      return { status: 404, jsonBody: { error: 'There is no run of this id.' } };
    }
    const plan = await runs.readPlan(runId.data);
    if (plan === undefined) {
      const error = 'The extract of this run is not complete: not all of its findings are known.';
      return { status: 409, jsonBody: { error } };
    }
    const earlierId = plan.figures.sinceRunBefore.runId;
    const earlierPlan = earlierId === undefined ? undefined : await runs.readPlan(earlierId);
    const earlier =
      earlierId === undefined || earlierPlan === undefined
        ? undefined
        : { runId: earlierId, attempt: earlierPlan.attempt };
    return {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="findings-${runId.data}.csv"`,
        'cache-control': 'no-store',
      },
      body: await findingsCsv(findingsOfRun({ runId: runId.data, attempt: plan.attempt }, earlier, runs)),
    };
  },
});
