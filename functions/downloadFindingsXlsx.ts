import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadFindingsXlsx', {
  route: 'dashboard/runs/{runId}/findings.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/fileDownloads.js')).downloadFindings.xlsx),
});
