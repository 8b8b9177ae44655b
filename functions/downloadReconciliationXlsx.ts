import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadReconciliationXlsx', {
  route: 'dashboard/reconciliation.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(
    async () => (await import('../shared/pages/fileDownloads.js')).downloadReconciliation.xlsx,
  ),
});
