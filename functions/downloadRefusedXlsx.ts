import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadRefusedXlsx', {
  route: 'dashboard/runs/{runId}/refused.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/fileDownloads.js')).downloadRefused.xlsx),
});
