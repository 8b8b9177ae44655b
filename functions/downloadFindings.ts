import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadFindings', {
  route: 'dashboard/runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/fileDownloads.js')).downloadFindings.csv),
});
