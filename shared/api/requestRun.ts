import type { Invocation } from '../composition/handledBy.js';
import type { RunId } from '../records/runId.js';
import { readNewRun } from '../requests/newRun.js';
import { requestRun, type RequestRunDependencies } from '../runs/requestRun.js';
import type { Problem, Started } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

const needs = {
  role: 'operator',
  orRole: 'ssd-refresh',
  body: { example: { scope: 'outstanding', dryRun: true, reason: 'why' } },
} as const;

export function handler(request: Request, { container, queue, log }: Invocation<RequestRunDependencies>) {
  return apiAnswer(request, needs, async ({ body, by, denialAs }) => {
    const newRun = readNewRun(body);
    if ('errors' in newRun) return { status: 400, jsonBody: newRun };
    const isByRefresh = newRun.startedBy === 'refresh';
    const denial =
      (isByRefresh ? undefined : denialAs('operator')) ??
      (newRun.scope === 'children' ? denialAs('data-officer') : undefined);
    if (denial !== undefined) return denial;
    const requested = await requestRun({ ...newRun, trigger: 'http', requestedBy: by }, container());
    switch (requested.outcome) {
      case 'started': {
        const { runId } = requested.message;
        queue({ extracts: [requested.message] });
        const what = isByRefresh ? 'at the end of the refresh of the SSD' : `scope ${newRun.scope}`;
        log(`Run ${runId}: requested through the API, ${what}.`);
        return started(runId, request);
      }
      case 'waits':
        log(`Run ${requested.runId}: is waiting for run ${requested.behind} to end.`);
        return started(requested.runId, request);
      case 'already':
        // The answer to the first call was lost, or the refresh ended twice.
        return requested.startedBy === 'refresh'
          ? started(requested.runId, request)
          : conflict(timerWasFirst, requested.runId);
      case 'busy':
        return conflict(anotherRun, requested.runId);
    }
  });
}

const anotherRun =
  'Another run is in progress, is waiting to start or is paused: wait for it to end, or cancel it.';
const timerWasFirst =
  'The refresh of the SSD ended after the timer had started the run of this date, which may have read the SSD as it was before. Nothing was started. When that run has ended, ask for a run to send what the refresh has changed today, or leave it to the next one; and set RUN_SCHEDULE to a later time.';

function conflict(error: string, runId: RunId) {
  return { status: 409, jsonBody: { error, runId } satisfies Problem };
}

function started(runId: RunId, { url }: Request) {
  // The host accepts a slash at the end, but not two.
  const path = new URL(url).pathname.replace(/\/$/, '');
  const statusUrl = new URL(`${path}/${runId}`, url).href;
  return {
    status: 202,
    headers: { location: statusUrl },
    jsonBody: { runId, statusUrl } satisfies Started,
  };
}
