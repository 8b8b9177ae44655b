import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getRehearsal', {
  route: 'runs/{runId}/rehearsal.csv',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/getRehearsal.js')).getRehearsal.csv),
});
