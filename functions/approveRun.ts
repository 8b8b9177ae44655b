import {
  app,
  output,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { chunkQueue } from '../shared/queues.js';

const chunks = output.storageQueue(chunkQueue);

app.http('approveRun', {
  route: 'runs/{runId}/approval',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [chunks],
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { readDecision } = await import('../shared/http/decision.js');
    const { approveRun } = await import('../shared/run/decide.js');
    const decision = await readDecision(request, process.env);
    if ('answer' in decision) return decision.answer;
    const { runId, decider } = decision;
    const decided = await approveRun(runId, decider, theContainer());
    switch (decided.outcome) {
      case 'unknown run':
        return { status: 404, jsonBody: { error: 'There is no run of this id.' } };
      case 'too late':
        return { status: 409, jsonBody: { error: decided.why, runId } };
      case 'done':
        if (decided.messages.length > 0) context.extraOutputs.set(chunks, decided.messages);
        context.log(`Run ${runId}: approved, ${String(decided.messages.length)} chunks queued.`);
        return { status: 202, jsonBody: { runId } };
    }
  },
});
