import {
  app,
  output,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import type { Problem, Started } from '../shared/api/answers.js';
import { extractQueue } from '../shared/host/queues.js';

const messages = output.storageQueue(extractQueue);

const needs = {
  role: 'operator',
  body: { example: { scope: 'outstanding', dryRun: true, reason: 'why' } },
} as const;

app.http('requestRun', {
  route: 'runs',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [messages],
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, needs, async ({ body, by, denialAs }) => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { readNewRun } = await import('../shared/api/newRun.js');
      const { requestRun } = await import('../shared/runs/requestRun.js');

      const newRun = readNewRun(body);
      if ('errors' in newRun) return { status: 400, jsonBody: newRun };
      const refusal = newRun.scope === 'children' ? denialAs('data-officer') : undefined;
      if (refusal !== undefined) return refusal;
      const requested = await requestRun({ ...newRun, trigger: 'http', requestedBy: by }, theContainer());
      if (requested.outcome !== 'started') {
        const error = 'A run is going on, waits for its turn or is held: wait for it to end, or cancel it.';
        return { status: 409, jsonBody: { error, runId: requested.runId } satisfies Problem };
      }
      const { runId } = requested.message;
      context.extraOutputs.set(messages, requested.message);
      context.log(`Run ${runId}: asked for by HTTP, scope ${newRun.scope}.`);
      // The host takes a slash at the end, and no double one.
      const statusUrl = new URL(`${new URL(request.url).pathname.replace(/\/$/, '')}/${runId}`, request.url)
        .href;
      return {
        status: 202,
        headers: { location: statusUrl },
        jsonBody: { runId, statusUrl } satisfies Started,
      };
    });
  },
});
