import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getRehearsalXlsx', {
  route: 'runs/{runId}/rehearsal.xlsx',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/getRehearsal.js')).getRehearsal.xlsx),
});
