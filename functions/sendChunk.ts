import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';
import { chunkQueue } from '../shared/host/queues.js';

app.storageQueue('sendChunk', {
  ...chunkQueue,
  extraOutputs: [outputs.chunks],
  handler: handledBy(async () => (await import('../shared/triggers/sendChunk.js')).handler),
});
