import { app } from '@azure/functions';
import { handledBy } from '../shared/composition/handledBy.js';

app.http('downloadFullAnswersXlsx', {
  route: 'dashboard/runs/{runId}/full-answers.xlsx',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: handledBy(async () => (await import('../shared/pages/fileDownloads.js')).downloadFullAnswers.xlsx),
});
