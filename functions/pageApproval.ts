import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';

app.http('pageApproval', {
  route: 'dashboard/runs/{runId}/approval',
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  extraOutputs: [outputs.chunks],
  handler: handledBy(async () => (await import('../shared/pages/approvalHandler.js')).handler),
});
