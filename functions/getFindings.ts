import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

// The row ids of ssd_person are child ids: this file is for the data officer.
app.http('getFindings', {
  route: 'runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/http/apiAnswer.js');
    return apiAnswer(request, 'data-officer', async ({ by }) => {
      const { theContainer } = await import('../shared/container.js');
      const { findingsCsv } = await import('../shared/http/findingsCsv.js');
      const { findingsSinceRunBefore } = await import('../shared/run/findingsOfRun.js');
      const { csvFile } = await import('../shared/http/excelCsv.js');
      const { plannedRun } = await import('../shared/http/plannedRun.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const container = theContainer();
      const { runs, now } = container;
      const planned = await plannedRun(request.params['runId'], 'findings', runs);
      if ('answer' in planned) return planned.answer;
      const { runId, plan } = planned;
      await recordDownload({ at: now(), by, what: 'findings', runId }, container);
      return csvFile(`findings-${runId}`, await findingsCsv(await findingsSinceRunBefore(runId, plan, runs)));
    });
  },
});
