import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

app.http('getChildren', {
  route: 'runs/{runId}/children.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { getChildren } = await import('../shared/api/fileCalls.js');
    return getChildren(request, 'csv');
  },
});
