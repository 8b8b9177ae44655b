import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('getEvidence', {
  route: 'evidence',
  methods: ['GET'],
  authLevel: 'function',
  handler: handledBy(async () => (await import('../shared/api/getEvidence.js')).handler),
});
