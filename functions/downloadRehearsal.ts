import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadRehearsal', {
  route: 'dashboard/runs/{runId}/rehearsal.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/rehearsalHandler.js')).downloadRehearsal.csv),
});
