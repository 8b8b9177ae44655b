import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadChildrenXlsx', {
  route: 'dashboard/runs/{runId}/children.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/fileDownloads.js')).downloadChildren.xlsx),
});
