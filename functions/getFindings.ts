import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getFindings', {
  route: 'runs/{runId}/findings.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/runFiles.js')).getFindings.csv),
});
