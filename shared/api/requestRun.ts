import type { Invocation } from '../composition/handledBy.js';
import { readNewRun } from '../requests/newRun.js';
import { requestRun } from '../runs/requestRun.js';
import type { Problem, Started } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

const needs = {
  role: 'operator',
  body: { example: { scope: 'outstanding', dryRun: true, reason: 'why' } },
} as const;

export function handler(request: Request, { container, queue, log }: Invocation) {
  return apiAnswer(request, needs, async ({ body, by, denialAs }) => {
    const newRun = readNewRun(body);
    if ('errors' in newRun) return { status: 400, jsonBody: newRun };
    const denial = newRun.scope === 'children' ? denialAs('data-officer') : undefined;
    if (denial !== undefined) return denial;
    const requested = await requestRun({ ...newRun, trigger: 'http', requestedBy: by }, container());
    if (requested.outcome !== 'started') {
      const error =
        'Another run is in progress, is waiting to start or is paused: wait for it to end, or cancel it.';
      return { status: 409, jsonBody: { error, runId: requested.runId } satisfies Problem };
    }
    const { runId } = requested.message;
    queue({ extracts: [requested.message] });
    log(`Run ${runId}: requested through the API, scope ${newRun.scope}.`);
    // The host accepts a slash at the end, but not two.
    const path = new URL(request.url).pathname.replace(/\/$/, '');
    const statusUrl = new URL(`${path}/${runId}`, request.url).href;
    return {
      status: 202,
      headers: { location: statusUrl },
      jsonBody: { runId, statusUrl } satisfies Started,
    };
  });
}
