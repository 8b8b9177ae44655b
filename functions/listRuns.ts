import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('listRuns', {
  route: 'runs',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/listRuns.js')).handler),
});
