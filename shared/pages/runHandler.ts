import type { Invocation } from '../composition/handledBy.js';
import { answerDeadline } from '../records/inTime.js';
import { runInFull } from '../records/runInFull.js';
import { runIdSchema } from '../records/runId.js';
import { notFoundPage } from './messagePages.js';
import { pageAnswer, type Request } from './pageAnswer.js';
import { runPage } from './runPage.js';

export function handler(request: Request, invocation: Invocation) {
  return pageAnswer(request, invocation, 'reader', async (visitor) => {
    const { runs, now, ssdNames } = invocation.container();
    const deadline = answerDeadline(now);
    const runId = runIdSchema.safeParse(request.params['runId']);
    const found = runId.success ? await runInFull(runId.data, runs, deadline) : undefined;
    if (found === undefined) return notFoundPage;
    const done = request.query.get('done') ?? undefined;
    return runPage({ ...found, ssdNames, done, now: now() }, visitor);
  });
}
