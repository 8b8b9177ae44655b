import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { RunList } from '../shared/api/answers.js';

app.http('listRuns', {
  route: 'runs',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { apiAnswer } = await import('../shared/api/apiAnswer.js');
    return apiAnswer(request, 'reader', async () => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { readListRequest } = await import('../shared/api/listRequest.js');
      const { answerDeadline } = await import('../shared/records/inTime.js');
      const { recentRuns } = await import('../shared/records/runStatus.js');
      const asked = readListRequest(request.query);
      if ('errors' in asked) return { status: 400, jsonBody: asked };
      const { runs, now } = theContainer();
      const deadline = answerDeadline(now);
      const { limit, from } = asked;
      const list = await recentRuns(limit, runs, { from, deadline });
      return { jsonBody: { ...list, runs: [...list.runs] } satisfies RunList };
    });
  },
});
