import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('pageRehearsal', {
  route: 'dashboard/runs/{runId}/rehearsal',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/rehearsalHandler.js')).handler),
});
