import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('downloadFullAnswersXlsx', {
  route: 'dashboard/runs/{runId}/full-answers.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { downloadFullAnswers } = await import('../shared/pages/fileDownloads.js');
    return downloadFullAnswers(request, context, 'xlsx');
  },
});
