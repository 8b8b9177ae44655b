import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadFullAnswers', {
  route: 'dashboard/runs/{runId}/full-answers.csv',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/fileDownloads.js')).downloadFullAnswers.csv),
});
