import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';

app.timer('nightly', {
  schedule: '%RUN_SCHEDULE%',
  // A short failure of storage must not prevent the nightly run.
  retry: { strategy: 'fixedDelay', maxRetryCount: 5, delayInterval: { minutes: 1 } },
  extraOutputs: [outputs.extracts, outputs.chunks],
  handler: handledBy(async () => (await import('../shared/triggers/nightly.js')).handler),
});
