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
    const { csvFile, plannedRun } = await import('../shared/http/plannedRun.js');
    const { runs } = theContainer();
    const planned = await plannedRun(request.params['runId'], 'children', runs);
    if ('answer' in planned) return planned.answer;
    const { runId, plan } = planned;
    return csvFile(`children-${runId}`, await childrenCsv(childrenOfRun(runId, plan, runs)));
  },
});
