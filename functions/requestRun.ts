import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';

app.http('requestRun', {
  route: 'runs',
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [outputs.extracts],
  handler: handledBy(async () => (await import('../shared/api/requestRun.js')).handler),
});
