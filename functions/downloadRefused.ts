import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// Names children by their ids: this file is for the data officer.
app.http('downloadRefused', {
  route: 'dashboard/runs/{runId}/refused.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/http/pageAnswer.js');
    return pageAnswer(request, context, 'data-officer', async (visitor) => {
      const { theContainer } = await import('../shared/container.js');
      const { fieldsOf, chunksFileWishSchema } = await import('../shared/http/fileWish.js');
      const { plannedRunForPage } = await import('../shared/http/plannedRunForPage.js');
      const { refusedCsv } = await import('../shared/http/refusedCsv.js');
      const { answerDeadline } = await import('../shared/run/inTime.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const { refusedOfRun } = await import('../shared/run/refusalsOfRun.js');
      const container = theContainer();
      const { runs, now } = container;
      const deadline = answerDeadline(now);
      // An address that is not right leads to the beginning.
      const from = chunksFileWishSchema.safeParse(fieldsOf(request.query)).data?.from;
      const planned = await plannedRunForPage(request.params['runId'], runs);
      if ('page' in planned) return planned.page;
      const { runId } = planned;
      await recordDownload({ at: now(), by: visitor.name, what: 'refused children', runId }, container);
      const csv = await refusedCsv(refusedOfRun(runId, runs, { from, deadline }));
      return { file: `refused-${runId}`, csv, from: from?.toString() };
    });
  },
});
