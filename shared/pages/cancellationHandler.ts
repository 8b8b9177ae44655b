import type { Invocation } from '../composition/handledBy.js';
import { cancelRun } from '../runs/approveOrCancel.js';
import { decisionAnswer } from './decisionForm.js';
import { pageAnswer, type Request } from './pageAnswer.js';

export function handler(request: Request, invocation: Invocation) {
  return pageAnswer(request, invocation, 'operator', async (visitor) => {
    const { container, log } = invocation;
    const dependencies = container();
    return decisionAnswer(request, 'cancelled', visitor, dependencies.runs, async (runId, decider) => {
      const decided = await cancelRun(runId, decider, dependencies);
      if (decided.outcome === 'done') log(`Run ${runId}: cancelled.`);
      return decided;
    });
  });
}
