import {
  app,
  output,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import { extractQueue } from '../shared/queues.js';

const messages = output.storageQueue(extractQueue);

app.http('requestRun', {
  route: 'runs',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [messages],
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { readWish } = await import('../shared/http/runWish.js');
    const { activeRun } = await import('../shared/run/runStatus.js');
    const { requestRun } = await import('../shared/run/requestRun.js');
    const container = theContainer();

    const wish = readWish(await request.text());
    if ('errors' in wish) return { status: 400, jsonBody: wish };
    const active = await activeRun(container.runs, container.now());
    if (active !== undefined) {
      return { status: 409, jsonBody: { error: 'A run is going on; wait for it to end.', runId: active } };
    }
    const message = await requestRun({ ...wish, trigger: 'http', requestedBy: 'function key' }, container);
    context.extraOutputs.set(messages, message);
    context.log(`Run ${message.runId}: asked for by HTTP, scope ${wish.scope}.`);
    const statusUrl = new URL(`${new URL(request.url).pathname}/${message.runId}`, request.url).href;
    return { status: 202, headers: { Location: statusUrl }, jsonBody: { runId: message.runId, statusUrl } };
  },
});
