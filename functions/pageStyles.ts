import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('pageStyles', {
  route: 'dashboard/assets/{file}',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/stylesheetHandler.js')).handler),
});
