import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('cancelRun', {
  route: 'runs/{runId}',
  methods: ['DELETE'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/cancelRun.js')).handler),
});
