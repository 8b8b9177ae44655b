import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';
import { chunkQueue, poisonOf } from '../shared/host/queues.js';

app.storageQueue('poisonedChunk', {
  ...poisonOf(chunkQueue),
  extraOutputs: [outputs.chunks],
  handler: handledBy(async () => (await import('../shared/triggers/poisonedChunk.js')).handler),
});
