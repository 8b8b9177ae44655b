import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';
import { extractQueue, poisonOf } from '../shared/host/queues.js';

app.storageQueue('poisonedExtract', {
  ...poisonOf(extractQueue),
  handler: handledBy(async () => (await import('../shared/triggers/poisonedExtract.js')).handler),
});
