import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// The pages take no function key: `pageAnswer` asks who is signed in, and with which role.
app.http('pageDashboard', {
  route: 'dashboard',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/http/pageAnswer.js');
    return pageAnswer(request, context, 'reader', async () => {
      const { theContainer } = await import('../shared/container.js');
      const { dashboardPage } = await import('../shared/pages/dashboardPage.js');
      const { nightsShown } = await import('../shared/pages/nights.js');
      const { lastNightOf } = await import('../shared/pages/lastNight.js');
      const { recentRuns, runStatus } = await import('../shared/run/runStatus.js');
      const { runs, now, today } = theContainer();
      const since = new Date(now().getTime() - nightsShown * 24 * 60 * 60_000);
      // Reruns come besides the nights; more than one a day are not looked for.
      const found = await recentRuns(2 * nightsShown, runs, since);
      const night = lastNightOf(found);
      // With its warnings, which a list of runs does not have.
      const inFull = night === undefined ? undefined : await runStatus(night.runId, runs);
      const listed = found.map((run) => (run === night ? (inFull ?? run) : run));
      return dashboardPage({ runs: listed, today: today(), now: now() });
    });
  },
});
