import type { Invocation } from '../composition/handledBy.js';
import { approveRun } from '../runs/approveOrCancel.js';
import { decisionAnswer } from './decisionForm.js';
import { pageAnswer, type Request } from './pageAnswer.js';

export function handler(request: Request, invocation: Invocation) {
  return pageAnswer(request, invocation, 'operator', async (visitor) => {
    const { container, queue, log } = invocation;
    const dependencies = container();
    return decisionAnswer(request, 'approved', visitor, dependencies.runs, async (runId, decider) => {
      const decided = await approveRun(runId, decider, dependencies);
      if (decided.outcome !== 'done') return decided;
      queue({ chunks: decided.messages });
      log(`Run ${runId}: approved, ${String(decided.messages.length)} chunks queued.`);
      return decided;
    });
  });
}
