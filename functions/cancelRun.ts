import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

app.http('cancelRun', {
  route: 'runs/{runId}',
  methods: ['DELETE'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { readDecision } = await import('../shared/http/decision.js');
    const { cancelRun } = await import('../shared/run/decide.js');
    const decision = await readDecision(request, process.env);
    if ('answer' in decision) return decision.answer;
    const { runId, decider } = decision;
    const decided = await cancelRun(runId, decider, theContainer());
    switch (decided.outcome) {
      case 'unknown run':
        return { status: 404, jsonBody: { error: 'There is no run of this id.' } };
      case 'too late':
        return { status: 409, jsonBody: { error: decided.why, runId } };
      case 'done':
        context.log(`Run ${runId}: cancelled.`);
        return { status: 202, jsonBody: { runId, ended: decided.summary !== undefined } };
    }
  },
});
