import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('pageChildren', {
  route: 'dashboard/children',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/pages/pageAnswer.js');
    return pageAnswer(request, context, 'reader', async (visitor) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { childrenPage } = await import('../shared/pages/childrenPage.js');
      const { withDatabase, now } = theContainer();
      const { staging } = await withDatabase();
      return childrenPage({ counts: await staging.countByState(), now: now() }, visitor);
    });
  },
});
