import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadFindings', {
  route: 'dashboard/runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadFindings } = await import('../shared/pages/fileDownloads.js');
    return downloadFindings(request, context, 'csv');
  },
});
