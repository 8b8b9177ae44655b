import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// The row ids of ssd_person are child ids: this file is for the data officer.
app.http('downloadFindings', {
  route: 'dashboard/runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/http/pageAnswer.js');
    return pageAnswer(request, context, 'data-officer', async (visitor) => {
      const { theContainer } = await import('../shared/container.js');
      const { findingsCsv } = await import('../shared/http/findingsCsv.js');
      const { fieldsOf, findingsFileWishSchema } = await import('../shared/http/fileWish.js');
      const { plannedRunForPage } = await import('../shared/http/plannedRunForPage.js');
      const { answerDeadline } = await import('../shared/run/inTime.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const { findingsSinceRunBefore } = await import('../shared/run/findingsOfRun.js');
      const container = theContainer();
      const { runs, now } = container;
      const deadline = answerDeadline(now);
      // An address that is not right leads to the beginning.
      const from = findingsFileWishSchema.safeParse(fieldsOf(request.query)).data?.from;
      const planned = await plannedRunForPage(request.params['runId'], runs);
      if ('page' in planned) return planned.page;
      const { runId, plan } = planned;
      await recordDownload({ at: now(), by: visitor.name, what: 'findings', runId }, container);
      const csv = await findingsCsv(findingsSinceRunBefore(runId, plan, runs, { from, deadline }));
      return { file: `findings-${runId}`, csv, from };
    });
  },
});
