import { app, output, type InvocationContext, type Timer } from '@azure/functions';
import { extractQueue } from '../shared/queues.js';

const messages = output.storageQueue(extractQueue);

app.timer('nightly', {
  schedule: '%RUN_SCHEDULE%',
  extraOutputs: [messages],
  handler: async (_timer: Timer, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/container.js');
    const { requestRun } = await import('../shared/run/requestRun.js');
    const message = await requestRun(
      { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' },
      theContainer(),
    );
    context.extraOutputs.set(messages, message);
    context.log(`Run ${message.runId}: asked for by the schedule.`);
  },
});
