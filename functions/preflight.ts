import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

// A POST, since it writes a blob and posts an empty list to DfE.
app.http('preflight', {
  route: 'preflight',
  methods: ['POST'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/preflight.js')).handler),
});
