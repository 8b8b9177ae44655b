import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('pageCancellation', {
  route: 'dashboard/runs/{runId}/cancellation',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/cancellationHandler.js')).handler),
});
