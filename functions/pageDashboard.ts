import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';

// The pages take no function key: `pageAnswer` asks who is signed in, and with which role.
app.http('pageDashboard', {
  route: 'dashboard',
  methods: ['GET'],
  authLevel: 'anonymous',
  handler: async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    const { pageAnswer } = await import('../shared/pages/pageAnswer.js');
    return pageAnswer(request, context, 'reader', async () => {
      const { theContainer } = await import('../shared/composition/container.js');
      const { dashboardPage, earlierRunsPage } = await import('../shared/pages/dashboardPage.js');
      const { runsShown } = await import('../shared/pages/runsChart.js');
      const { lastRunOf } = await import('../shared/pages/lastRunInWords.js');
      const { answerDeadline } = await import('../shared/records/inTime.js');
      const { runIdSchema } = await import('../shared/records/runId.js');
      const { recentRuns, runStatus } = await import('../shared/records/runStatus.js');
      const { runs, now, today } = theContainer();
      const deadline = answerDeadline(now);
      const from = runIdSchema.safeParse(request.query.get('from')).data;
      const since = new Date(now().getTime() - runsShown * 24 * 60 * 60_000);
      // Reruns come besides the nights; more than one a day are not looked for.
      const list = await recentRuns(2 * runsShown, runs, { since, from, deadline });
      const rest = list.complete ? undefined : list.next;
      if (from !== undefined) return earlierRunsPage({ runs: list.runs, rest, now: now() });
      const night = lastRunOf(list.runs);
      // With its warnings, which a list of runs does not have.
      const inFull = night === undefined ? undefined : await runStatus(night.runId, runs);
      const listed = list.runs.map((run) => (run === night ? (inFull ?? run) : run));
      return dashboardPage({ runs: listed, rest, today: today(), now: now() });
    });
  },
});
