import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadRefused', {
  route: 'dashboard/runs/{runId}/refused.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadRefused } = await import('../shared/pages/fileDownloads.js');
    return downloadRefused(request, context, 'csv');
  },
});
