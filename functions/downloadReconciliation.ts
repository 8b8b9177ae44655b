import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadReconciliation', {
  route: 'dashboard/reconciliation.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadReconciliation } = await import('../shared/pages/fileDownloads.js');
    return downloadReconciliation(request, context, 'csv');
  },
});
