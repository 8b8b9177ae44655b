import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

const defaultLimit = 30;
const longestList = 100;

app.http('listRuns', {
  route: 'runs',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { theContainer } = await import('../shared/container.js');
    const { recentRuns } = await import('../shared/run/runStatus.js');
    const limit = Number(request.query.get('limit') ?? defaultLimit);
    if (!Number.isInteger(limit) || limit < 1 || limit > longestList) {
      const problem = `must be a whole number from 1 to ${String(longestList)}`;
      return { status: 400, jsonBody: { errors: [{ field: 'limit', problem }] } };
    }
    return { jsonBody: { runs: await recentRuns(limit, theContainer().runs) } };
  },
});
