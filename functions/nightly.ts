import { app, output, type InvocationContext, type Timer } from '@azure/functions';
import { chunkQueue, extractQueue } from '../shared/host/queues.js';

const extracts = output.storageQueue(extractQueue);
const chunks = output.storageQueue(chunkQueue);

app.timer('nightly', {
  schedule: '%RUN_SCHEDULE%',
  // A moment without storage must not cost the night its run.
  retry: { strategy: 'fixedDelay', maxRetryCount: 5, delayInterval: { minutes: 1 } },
  extraOutputs: [extracts, chunks],
  handler: async (timer: Timer, context: InvocationContext): Promise<void> => {
    const { theContainer } = await import('../shared/composition/container.js');
    const { requestRun } = await import('../shared/runs/requestRun.js');
    const { resumeStalledRuns } = await import('../shared/runs/resumeStalledRuns.js');
    const container = theContainer();
    const requested = await requestRun(
      { trigger: 'timer', requestedBy: 'schedule', scope: 'outstanding' },
      container,
    );
    if (requested.outcome === 'started') {
      context.extraOutputs.set(extracts, requested.message);
      const late = timer.isPastDue
        ? ' It is late: the app did not run, or was paused, when its time came.'
        : '';
      context.log(`Run ${requested.message.runId}: asked for by the schedule.${late}`);
      return;
    }
    if (requested.outcome === 'waits') {
      context.warn(`Run ${requested.runId}: waits for run ${requested.behind} to end.`);
    }
    if (requested.outcome === 'busy') {
      context.warn(
        `Skipped: run ${requested.runId} of the same date is paused by a safety check and waits for approval.`,
      );
    }
    const messages = await resumeStalledRuns(container);
    if (messages.extracts.length > 0) context.extraOutputs.set(extracts, messages.extracts);
    if (messages.chunks.length > 0) context.extraOutputs.set(chunks, messages.chunks);
  },
});
