import type { Invocation } from '../composition/handledBy.js';
import { answerDeadline } from '../records/inTime.js';
import { runIdSchema } from '../records/runId.js';
import { recentRuns, runStatus } from '../records/runStatus.js';
import { dashboardPage, earlierRunsPage } from './dashboardPage.js';
import { lastRunOf } from './lastRunInWords.js';
import { pageAnswer, type Request } from './pageAnswer.js';
import { runsShown } from './runsChart.js';

export function handler(request: Request, invocation: Invocation) {
  return pageAnswer(request, invocation, 'reader', async () => {
    const { runs, now, today } = invocation.container();
    const deadline = answerDeadline(now);
    const from = runIdSchema.safeParse(request.query.get('from')).data;
    const since = new Date(now().getTime() - runsShown * 24 * 60 * 60_000);
    // There are reruns in addition to the nightly runs: room for one a day.
    const list = await recentRuns(2 * runsShown, runs, { since, from, deadline });
    const rest = list.complete ? undefined : list.next;
    if (from !== undefined) return earlierRunsPage({ runs: list.runs, rest, now: now() });
    const lastRun = lastRunOf(list.runs);
    // With its warnings, which a list of runs does not have.
    const inFull = lastRun === undefined ? undefined : await runStatus(lastRun.runId, runs);
    const listed = list.runs.map((run) => (run === lastRun ? (inFull ?? run) : run));
    return dashboardPage({ runs: listed, rest, today: today(), now: now() });
  });
}
