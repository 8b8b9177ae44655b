import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('pageRun', {
  route: 'dashboard/runs/{runId}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/runHandler.js')).handler),
});
