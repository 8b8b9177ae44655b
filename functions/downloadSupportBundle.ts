import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadSupportBundle', {
  route: 'dashboard/support-bundle',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/supportBundleHandler.js')).handler),
});
