import { setTimeout as delay } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import { Invocations } from '../shared/host/invocations.js';

/** The host gives a worker five seconds, the stop of Application Insights included, and kills it then. */
const patience = { finishMs: 2000, putBackMs: 1000 };
/** The app waits for a POST under way, which may take longer. */
const closeMs = 1000;

const after = (ms: number): Promise<unknown> => delay(ms, undefined, { ref: false });

const invocations = new Invocations(patience, after);

app.hook.preInvocation(async (hook) => {
  const { messageInHand } = await import('../shared/azure/messageInHand.js');
  const handler: (input: unknown, context: InvocationContext) => unknown = hook.functionHandler;
  hook.functionHandler = (input: unknown, context: InvocationContext) =>
    invocations.run(() => handler(input, context), messageInHand(input, context, openQueues));
});

async function openQueues() {
  const { theContainer } = await import('../shared/composition/container.js');
  return theContainer().openQueues();
}

// Functions may still run, and even start. They end first, or their messages go back to the queue; only then are
// their connections closed.
app.hook.appTerminate(async () => {
  const { stopInsights, theInsights } = await import('../shared/azure/insights.js');
  const { closeContainer } = await import('../shared/composition/container.js');
  // Most of the waiting telemetry is sent in the meantime.
  theInsights()
    ?.flush()
    .catch(() => undefined);
  await invocations.end();
  await Promise.all([stopInsights(), Promise.race([closeContainer(), after(closeMs)])]);
});
