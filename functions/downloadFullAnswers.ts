import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// May quote what was sent about children: this file is for the data officer.
app.http('downloadFullAnswers', {
  route: 'dashboard/runs/{runId}/full-answers.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/http/pageAnswer.js');
    return pageAnswer(request, context, 'data-officer', async (visitor) => {
      const { theContainer } = await import('../shared/container.js');
      const { fieldsOf, chunksFileWishSchema } = await import('../shared/http/fileWish.js');
      const { plannedRunForPage } = await import('../shared/http/plannedRunForPage.js');
      const { fullAnswersCsv } = await import('../shared/http/fullAnswersCsv.js');
      const { answerDeadline } = await import('../shared/run/inTime.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const { fullAnswersOfRun } = await import('../shared/run/fullAnswersOfRun.js');
      const container = theContainer();
      const { runs, now } = container;
      const deadline = answerDeadline(now);
      // An address that is not right leads to the beginning.
      const from = chunksFileWishSchema.safeParse(fieldsOf(request.query)).data?.from;
      const planned = await plannedRunForPage(request.params['runId'], runs);
      if ('page' in planned) return planned.page;
      const { runId } = planned;
      await recordDownload({ at: now(), by: visitor.name, what: 'full answers', runId }, container);
      const csv = await fullAnswersCsv(fullAnswersOfRun(runId, runs, { from, deadline }));
      return { file: `full-answers-${runId}`, csv, from: from?.toString() };
    });
  },
});
