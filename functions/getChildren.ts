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
      const { readFields } = await import('../shared/http/body.js');
      const { csvFile } = await import('../shared/http/excelCsv.js');
      const { fieldsOf, chunksFileWishSchema } = await import('../shared/http/fileWish.js');
      const { plannedRun } = await import('../shared/http/plannedRun.js');
      const { answerDeadline } = await import('../shared/run/inTime.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const container = theContainer();
      const { runs, now } = container;
      const deadline = answerDeadline(now);
      const wish = readFields(fieldsOf(request.query), chunksFileWishSchema);
      if ('errors' in wish) return { status: 400, jsonBody: wish };
      const { from } = wish;
      const planned = await plannedRun(request.params['runId'], 'children', runs);
      if ('answer' in planned) return planned.answer;
      const { runId, plan } = planned;
      await recordDownload({ at: now(), by, what: 'children', runId }, container);
      const csv = await childrenCsv(childrenOfRun(runId, plan, runs, { from, deadline }));
      return csvFile(`children-${runId}`, csv, fieldsOf(request.query).from);
    });
  },
});
