import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getRun', {
  route: 'runs/{runId}',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/getRun.js')).handler),
});
