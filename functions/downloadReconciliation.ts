import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadReconciliation', {
  route: 'dashboard/reconciliation.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(
    async () => (await import('../shared/pages/fileDownloads.js')).downloadReconciliation.csv,
  ),
});
