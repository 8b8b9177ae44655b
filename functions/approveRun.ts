import {
  app,
  output,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import type { Approved } from '../shared/api/answers.js';
import { chunkQueue } from '../shared/host/queues.js';

const chunks = output.storageQueue(chunkQueue);

const needs = { role: 'operator', body: { example: { reason: 'why' } } } as const;

app.http('approveRun', {
  route: 'runs/{runId}/approval',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [chunks],
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, needs, async (caller) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { answerToUndecided, approvalSchema, readDecision } = await import('../shared/api/decision.js');
      const { approveRun } = await import('../shared/runs/approveOrCancel.js');
      const { reportRun } = await import('../shared/telemetry/reportRun.js');
      const decision = readDecision(request, caller, approvalSchema);
      if ('answer' in decision) return decision.answer;
      const { runId, decider } = decision;
      const container = theContainer();
      const decided = await approveRun(runId, decider, container);
      if (decided.outcome !== 'done') return answerToUndecided(decided, runId);
      if (decided.messages.length > 0) context.extraOutputs.set(chunks, decided.messages);
      context.log(`Run ${runId}: approved, ${String(decided.messages.length)} chunks queued.`);
      await reportRun(runId, container);
      return { status: 202, jsonBody: { runId } satisfies Approved };
    });
  },
});
