import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

const needs = { role: 'deployer', body: 'may be empty' } as const;

// A POST, since it writes a blob and posts an empty list to DfE.
app.http('preflight', {
  route: 'preflight',
  methods: ['POST'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, needs, async () => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { appVersion } = await import('../shared/composition/appVersion.js');
      const { preflight } = await import('../shared/preflight/preflight.js');
      const result = await preflight(() => theContainer().preflight);
      context.log(`A preflight was asked for: ${result.outcome}.`);
      return { jsonBody: { ...result, version: appVersion() } };
    });
  },
});
