import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

// Names children by their ids: this file is for the data officer.
app.http('getChildren', {
  route: 'runs/{runId}/children.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/http/apiAnswer.js');
    return apiAnswer(request, 'data-officer', async ({ by }) => {
      const { theContainer } = await import('../shared/container.js');
      const { childrenCsv } = await import('../shared/http/childrenCsv.js');
      const { childrenOfRun } = await import('../shared/run/childrenOfRun.js');
      const { csvFile } = await import('../shared/http/excelCsv.js');
      const { plannedRun } = await import('../shared/http/plannedRun.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const container = theContainer();
      const { runs, now } = container;
      const planned = await plannedRun(request.params['runId'], 'children', runs);
      if ('answer' in planned) return planned.answer;
      const { runId, plan } = planned;
      await recordDownload({ at: now(), by, what: 'children', runId }, container);
      return csvFile(`children-${runId}`, await childrenCsv(childrenOfRun(runId, plan, runs)));
    });
  },
});
