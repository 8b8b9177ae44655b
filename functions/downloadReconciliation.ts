import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// Names children by their ids: this file is for the data officer.
app.http('downloadReconciliation', {
  route: 'dashboard/reconciliation.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/http/pageAnswer.js');
    return pageAnswer(request, context, 'data-officer', async (visitor) => {
      const { theContainer } = await import('../shared/container.js');
      const { reconciliationCsv } = await import('../shared/http/reconciliationCsv.js');
      const { answerDeadline } = await import('../shared/run/inTime.js');
      const { recordDownload } = await import('../shared/run/downloads.js');
      const container = theContainer();
      const deadline = answerDeadline(container.now);
      const { staging } = await container.withDatabase();
      await recordDownload({ at: container.now(), by: visitor.name, what: 'reconciliation' }, container);
      return {
        file: `reconciliation-${container.today()}`,
        csv: await reconciliationCsv(staging.children(), deadline),
      };
    });
  },
});
