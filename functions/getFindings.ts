import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

// The row ids of ssd_person are child ids: this answer is personal data. What guards it today is the function key.
app.http('getFindings', {
  route: 'runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { findingsCsv } = await import('../shared/http/findingsCsv.js');
    const { findingsSinceRunBefore } = await import('../shared/run/findingsOfRun.js');
    const { csvFile, plannedRun } = await import('../shared/http/plannedRun.js');
    const { runs } = theContainer();
    const planned = await plannedRun(request.params['runId'], 'findings', runs);
    if ('answer' in planned) return planned.answer;
    const { runId, plan } = planned;
    return csvFile(`findings-${runId}`, await findingsCsv(await findingsSinceRunBefore(runId, plan, runs)));
  },
});
