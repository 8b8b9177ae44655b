import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadRehearsalXlsx', {
  route: 'dashboard/runs/{runId}/rehearsal.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(
    async () => (await import('../shared/pages/rehearsalHandler.js')).downloadRehearsal.xlsx,
  ),
});
