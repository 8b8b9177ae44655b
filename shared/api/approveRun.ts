import type { Invocation } from '../composition/handledBy.js';
import { approveRun } from '../runs/approveOrCancel.js';
import { reportRun } from '../telemetry/reportRun.js';
import type { Approved } from './answers.js';
import { apiAnswer, type Request } from './apiAnswer.js';
import { answerToUndecided, approvalSchema, readDecision } from './decision.js';

const needs = { role: 'operator', body: { example: { reason: 'why' } } } as const;

export function handler(request: Request, { container, queue, log }: Invocation) {
  return apiAnswer(request, needs, async (caller) => {
    const decision = readDecision(request, caller, approvalSchema);
    if ('answer' in decision) return decision.answer;
    const { runId, decider } = decision;
    const dependencies = container();
    const decided = await approveRun(runId, decider, dependencies);
    if (decided.outcome !== 'done') return answerToUndecided(decided, runId);
    queue({ chunks: decided.messages });
    log(`Run ${runId}: approved, ${String(decided.messages.length)} chunks queued.`);
    await reportRun(runId, dependencies);
    return { status: 202, jsonBody: { runId } satisfies Approved };
  });
}
