import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadReconciliationXlsx', {
  route: 'dashboard/reconciliation.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadReconciliation } = await import('../shared/pages/fileDownloads.js');
    return downloadReconciliation(request, context, 'xlsx');
  },
});
