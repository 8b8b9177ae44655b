import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

// A POST, so that the child's id is in no URL: hosts and gateways log those.
app.http('eraseChild', {
  route: 'children/erasure',
  methods: ['POST'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/eraseChild.js')).handler),
});
