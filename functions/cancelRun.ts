import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import type { Cancelled } from '../shared/api/answers.js';

const needs = { role: 'operator', body: 'may be empty' } as const;

app.http('cancelRun', {
  route: 'runs/{runId}',
  methods: ['DELETE'],
  authLevel: 'function',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, needs, async (caller) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { answerToUndecided, cancellationRequestSchema, readDecision } =
        await import('../shared/api/decision.js');
      const { cancelRun } = await import('../shared/runs/approveOrCancel.js');
      const { reportRun } = await import('../shared/telemetry/reportRun.js');
      const decision = readDecision(request, caller, cancellationRequestSchema);
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
