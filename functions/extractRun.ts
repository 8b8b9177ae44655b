import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';
import { extractQueue } from '../shared/host/queues.js';

app.storageQueue('extractRun', {
  ...extractQueue,
  extraOutputs: [outputs.chunks],
  handler: handledBy(async () => (await import('../shared/triggers/extractRun.js')).handler),
});
