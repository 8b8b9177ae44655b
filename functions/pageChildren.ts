import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('pageChildren', {
  route: 'dashboard/children',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/childrenHandler.js')).handler),
});
