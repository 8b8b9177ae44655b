import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

// The pages take no function key: `pageAnswer` asks who is signed in, and with which role.
app.http('pageDashboard', {
  route: 'dashboard',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/dashboardHandler.js')).handler),
});
