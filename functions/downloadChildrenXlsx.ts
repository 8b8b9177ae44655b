import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadChildrenXlsx', {
  route: 'dashboard/runs/{runId}/children.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadChildren } = await import('../shared/pages/fileDownloads.js');
    return downloadChildren(request, context, 'xlsx');
  },
});
