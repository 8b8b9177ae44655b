import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getChildren', {
  route: 'runs/{runId}/children.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/runFiles.js')).getChildren.csv),
});
