import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadFullAnswers', {
  route: 'dashboard/runs/{runId}/full-answers.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadFullAnswers } = await import('../shared/pages/fileDownloads.js');
    return downloadFullAnswers(request, context, 'csv');
  },
});
