import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { Cancelled } from '../shared/http/answers.js';

const needs = { role: 'operator', body: 'may be empty' } as const;

app.http('cancelRun', {
  route: 'runs/{runId}',
  methods: ['DELETE'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/http/apiAnswer.js');
    return apiAnswer(request, needs, async (caller) => {
      const { theContainer } = await import('../shared/container.js');
      const { answerToUndecided, cancellationWishSchema, readDecision } =
        await import('../shared/http/decision.js');
      const { cancelRun } = await import('../shared/run/decide.js');
      const { reportRun } = await import('../shared/run/report.js');
      const decision = readDecision(request, caller, cancellationWishSchema);
      if ('answer' in decision) return decision.answer;
      const { runId, decider } = decision;
      const container = theContainer();
      const decided = await cancelRun(runId, decider, container);
      if (decided.outcome !== 'done') return answerToUndecided(decided, runId);
      context.log(`Run ${runId}: cancelled.`);
      await reportRun(runId, container);
      return { status: 202, jsonBody: { runId, ended: decided.summary !== undefined } satisfies Cancelled };
    });
  },
});
