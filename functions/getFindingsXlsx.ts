import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

app.http('getFindingsXlsx', {
  route: 'runs/{runId}/findings.xlsx',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { getFindings } = await import('../shared/api/fileCalls.js');
    return getFindings(request, 'xlsx');
  },
});
