import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadRefusedXlsx', {
  route: 'dashboard/runs/{runId}/refused.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadRefused } = await import('../shared/pages/fileDownloads.js');
    return downloadRefused(request, context, 'xlsx');
  },
});
