import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getChildrenXlsx', {
  route: 'runs/{runId}/children.xlsx',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/runFiles.js')).getChildren.xlsx),
});
