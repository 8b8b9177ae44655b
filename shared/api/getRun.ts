import type { Invocation } from '../composition/handledBy.js';
import { runIdSchema } from '../records/runId.js';
import { runStatus } from '../records/runStatus.js';
import { noSuchRun } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';

export function handler(request: Request, { container }: Invocation) {
  return apiAnswer(request, 'reader', async () => {
    const runId = runIdSchema.safeParse(request.params['runId']);
    const status = runId.success ? await runStatus(runId.data, container().runs) : undefined;
    return status === undefined ? noSuchRun : { jsonBody: status };
  });
}
