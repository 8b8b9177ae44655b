import { app } from '@azure/functions';
import { handledBy, outputs } from '../shared/composition/handledBy.js';

app.timer('resumeStalledRuns', {
  schedule: '0 */5 * * * *',
  extraOutputs: [outputs.extracts, outputs.chunks],
  handler: handledBy(async () => (await import('../shared/triggers/resumeStalledRuns.js')).handler),
});
