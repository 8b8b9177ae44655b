import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

app.http('pageStyles', {
  route: 'dashboard/assets/{file}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { stylesheetAnswer } = await import('../shared/pages/pageAnswer.js');
    return stylesheetAnswer(request.params['file'], request);
  },
});
