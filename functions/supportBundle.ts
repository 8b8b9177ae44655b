import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('supportBundle', {
  route: 'support-bundle',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/supportBundle.js')).handler),
});
