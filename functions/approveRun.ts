import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';

app.http('approveRun', {
  route: 'runs/{runId}/approval',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [outputs.chunks],
  handler: handledBy(async () => (await import('../shared/api/approveRun.js')).handler),
});
