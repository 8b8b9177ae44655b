import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getFindingsXlsx', {
  route: 'runs/{runId}/findings.xlsx',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/runFiles.js')).getFindings.xlsx),
});
