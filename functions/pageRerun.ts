import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';

app.http('pageRerun', {
  route: 'dashboard/rerun',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  extraOutputs: [outputs.extracts],
  handler: handledBy(async () => (await import('../shared/pages/rerunHandler.js')).handler),
});
