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
      const { readFields } = await import('../shared/http/body.js');
      const { csvFile } = await import('../shared/http/excelCsv.js');
      const { fieldsOf, findingsFileWishSchema } = await import('../shared/http/fileWish.js');
      const { plannedRun } = await import('../shared/http/plannedRun.js');
      const { answerDeadline } = await import('../shared/run/inTime.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const container = theContainer();
      const { runs, now } = container;
      const deadline = answerDeadline(now);
      const wish = readFields(fieldsOf(request.query), findingsFileWishSchema);
      if ('errors' in wish) return { status: 400, jsonBody: wish };
      const { from } = wish;
      const planned = await plannedRun(request.params['runId'], 'findings', runs);
      if ('answer' in planned) return planned.answer;
      const { runId, plan } = planned;
      await recordDownload({ at: now(), by, what: 'findings', runId }, container);
      const csv = await findingsCsv(findingsSinceRunBefore(runId, plan, runs, { from, deadline }));
      return csvFile(`findings-${runId}`, csv, from);
    });
  },
});
