import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

app.http('getChildrenXlsx', {
  route: 'runs/{runId}/children.xlsx',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { getChildren } = await import('../shared/api/fileCalls.js');
    return getChildren(request, 'xlsx');
  },
});
